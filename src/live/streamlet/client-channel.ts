import type { Socket } from "node:net";
import type { RawSocket } from "../wire/raw-pipe.js";
import type { StreamOrder } from "../wire/stream-order.js";
import { type AnsweringChannel, type ChannelListener, hasRoom, listenTo, SocketChannel } from "./channel.js";
import { Inflow } from "./inflow.js";
import { ChunkedInlet, type Inlet, LengthInlet, RawInlet } from "./inlet.js";

const CRLF = Buffer.from("\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");
/**
 * Time for a refused client to read the answer. If the socket were closed while the client sends,
 * it would be reset and the answer lost (RFC 9112, 9.6).
 */
const ANSWER_MS = 1000;

/**
 * The client at the other end of a handed-over socket: raw TCP, or an HTTP/1.1 request whose answer
 * is chunked.
 */
export class ClientChannel extends SocketChannel implements AnsweringChannel {
  protected readonly socket: Socket;
  private readonly inflow: Inflow;
  private readonly inlet: Inlet;
  private readonly chunked: boolean;
  /**
   * Base64 of the answer still to be sent: the whole answer after the client's last byte, or the
   * head of a download once its source is connected. Undefined after it was sent.
   */
  private answer: string | undefined;
  private state: "receiving" | "ended" = "receiving";

  constructor(
    handle: RawSocket,
    order: StreamOrder,
    private readonly listener: ChannelListener,
  ) {
    super();
    this.inlet = inletOf(order);
    const isDownload = order.forward.to === "client-from";
    this.answer = isDownload ? order.reply : order.finalReply;
    this.chunked = order.transport !== "raw" && order.answerCoding !== "none";
    this.inflow = Inflow.around(handle, (piece) => this.take(piece));
    const { socket } = this.inflow;
    this.socket = socket;
    listenTo(socket, { ...forwardTo(listener), onEnd: () => this.onEnd() });
    socket.setTimeout(order.idleTimeoutMs);
    if (!isDownload && order.reply !== "") socket.write(Buffer.from(order.reply, "base64"));
    if (order.head !== "") process.nextTick(() => this.take(Buffer.from(order.head, "base64")));
    if (this.inlet.done) process.nextTick(() => this.finish());
  }

  begin(): void {
    if (this.answer !== undefined) this.socket.write(Buffer.from(this.answer, "base64"));
    this.answer = undefined;
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
    if (this.answer !== undefined) this.begin();
    else if (this.chunked) this.socket.write(LAST_CHUNK);
    this.socket.end();
  }

  refuse(text: string): boolean {
    const { socket } = this;
    if (this.answer === undefined || !socket.writable) return false;
    this.answer = undefined;
    this.state = "ended";
    socket.end(text);
    // Its further bytes are read and dropped.
    socket.resume();
    const overdue = setTimeout(() => socket.destroy(), ANSWER_MS);
    socket.once("close", () => clearTimeout(overdue));
    return true;
  }

  private take(chunk: Uint8Array): void {
    if (this.state === "ended") return;
    if (!this.inlet.push(chunk, (payload) => this.listener.onPayload(payload))) {
      this.state = "ended";
      this.listener.onMalformed();
    } else if (this.inlet.done) this.finish();
  }

  private onEnd(): void {
    if (this.inlet.mayEnd()) this.finish();
    else if (this.state === "receiving") {
      this.state = "ended";
      this.listener.onMalformed();
    }
  }

  private finish(): void {
    if (this.state === "ended") return;
    this.state = "ended";
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
