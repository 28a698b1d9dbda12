import type { Socket } from "node:net";
import type { StreamOrder } from "../wire/messages.js";
import type { RawSocket } from "../wire/raw-pipe.js";
import { type Channel, type ChannelListener, destroySocket, hasRoom, listenTo } from "./channel.js";
import { Inflow } from "./inflow.js";
import { ChunkedInlet, type Inlet, LengthInlet, RawInlet } from "./inlet.js";

const CRLF = Buffer.from("\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/**
 * The client at the other end of a handed-over socket: raw TCP, or an HTTP/1.1 request whose answer
 * is chunked.
 */
export class ClientChannel implements Channel {
  private readonly inflow: Inflow;
  private readonly socket: Socket;
  private readonly inlet: Inlet;
  private readonly chunked: boolean;
  private readonly finalReply: string | undefined;
  private ended = false;

  constructor(
    handle: RawSocket,
    order: StreamOrder,
    private readonly listener: ChannelListener,
  ) {
    this.inlet = inletOf(order);
    this.finalReply = order.finalReply;
    this.chunked = order.transport !== "raw" && order.answerCoding !== "none";
    this.inflow = Inflow.around(handle, (piece) => this.take(piece));
    const { socket } = this.inflow;
    this.socket = socket;
    listenTo(socket, { ...forwardTo(listener), onEnd: () => this.onEnd() });
    socket.setTimeout(order.idleTimeoutMs);
    if (order.reply !== "") socket.write(Buffer.from(order.reply, "base64"));
    if (order.head !== "") process.nextTick(() => this.take(Buffer.from(order.head, "base64")));
    if (this.inlet.done) process.nextTick(() => this.finish());
  }

  write(payload: Uint8Array): boolean {
    if (!this.chunked) return hasRoom(this.socket, this.socket.write(payload));
    this.socket.cork();
    this.socket.write(`${payload.length.toString(16)}\r\n`);
    this.socket.write(payload);
    const wrote = this.socket.write(CRLF);
    this.socket.uncork();
    return hasRoom(this.socket, wrote);
  }

  get holds(): boolean {
    return this.socket.writableLength > 0;
  }

  keep(): void {
    this.inflow.keep();
  }

  end(): void {
    if (this.finalReply !== undefined) this.socket.write(Buffer.from(this.finalReply, "base64"));
    else if (this.chunked) this.socket.write(LAST_CHUNK);
    this.socket.end();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  destroy(broken: boolean): void {
    destroySocket(this.socket, broken);
  }

  private take(chunk: Uint8Array): void {
    if (this.ended) return;
    if (!this.inlet.push(chunk, (payload) => this.listener.onPayload(payload))) {
      this.ended = true;
      this.listener.onMalformed();
    } else if (this.inlet.done) this.finish();
  }

  private onEnd(): void {
    if (this.ended) return;
    if (this.inlet.mayEnd()) this.finish();
    else {
      this.ended = true;
      this.listener.onMalformed();
    }
  }

  private finish(): void {
    if (this.ended) return;
    this.ended = true;
    this.listener.onEnd();
  }
}

function inletOf(order: StreamOrder): Inlet {
  if (order.transport === "chunked") return new ChunkedInlet();
  if (order.transport === "length") return new LengthInlet(order.bodyBytes);
  if (order.transport === "download") return new LengthInlet(0);
  return new RawInlet();
}

function forwardTo(listener: ChannelListener): ChannelListener {
  return {
    onPayload: (payload) => listener.onPayload(payload),
    onEnd: () => listener.onEnd(),
    onDrain: () => listener.onDrain(),
    onFlushed: () => listener.onFlushed(),
    onMalformed: () => listener.onMalformed(),
    onIdle: () => listener.onIdle(),
    onClosed: () => listener.onClosed(),
  };
}
