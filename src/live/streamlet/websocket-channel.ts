import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { StreamOrder } from "../wire/stream-order.js";
import type { AnsweringChannel, ChannelListener } from "./channel.js";

/** A message larger than this ends the connection (status 1009). */
const MAX_MESSAGE_BYTES = 1_048_576;
/** After the close frames the client has this long to take the remaining bytes, and to close. */
const CLOSE_WITHIN_MS = 1000;
/** More than this waiting to be sent: stop reading. */
const HIGH_WATER_BYTES = 65_536;

/**
 * A client that speaks WebSocket (RFC 6455): each binary message is payload. `reply` is the
 * client's Sec-WebSocket-Key.
 */
export class WebSocketChannel implements AnsweringChannel {
  private socket: WebSocket | undefined;

  constructor(
    private readonly raw: Socket,
    order: StreamOrder,
    private readonly listener: ChannelListener,
  ) {
    // The types lack closeTimeout. Without it a client that sends its close frame but stays
    // connected keeps its slot for 30 s.
    const options = { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, closeTimeout: CLOSE_WITHIN_MS };
    const server = new WebSocketServer({ noServer: true, ...options });
    const key = Buffer.from(order.reply, "base64").toString("latin1");
    const { subprotocol } = order;
    const offered = subprotocol === undefined ? {} : { "sec-websocket-protocol": subprotocol };
    const headers = { ...offered, upgrade: "websocket", "sec-websocket-key": key, "sec-websocket-version": "13" };
    raw.allowHalfOpen = true;
    raw.on("error", () => undefined);
    // Once closing has begun, the library's 'close' event gives the reason, after this event.
    raw.on("close", () => {
      if (this.socket === undefined) listener.onClosed();
    });
    raw.on("drain", () => listener.onDrain());
    const request = { method: "GET", url: "/", headers, socket: raw } as unknown as IncomingMessage;
    server.handleUpgrade(request, raw, Buffer.from(order.head, "base64"), (socket) => this.take(socket));
    // Pings and pongs count as activity, since the connection is watched, not the payload.
    raw.setTimeout(order.idleTimeoutMs, () => listener.onIdle());
  }

  /** The handshake answers. */
  begin(): void {}

  refuse(): boolean {
    return false;
  }

  write(payload: Uint8Array): boolean {
    this.socket?.send(payload, { binary: true });
    return (this.socket?.bufferedAmount ?? 0) < HIGH_WATER_BYTES;
  }

  get holds(): boolean {
    return (this.socket?.bufferedAmount ?? 0) > 0;
  }

  /** The library takes fresh memory for each message. */
  keep(): void {}

  end(): void {
    this.socket?.close(1000);
    this.listener.onFlushed();
  }

  pause(): void {
    this.socket?.pause();
  }

  resume(): void {
    this.socket?.resume();
  }

  destroy(): void {
    if (this.socket === undefined) this.raw.destroy();
    else this.socket.terminate();
  }

  private take(socket: WebSocket): void {
    this.socket = socket;
    socket.on("message", (data) => this.listener.onPayload(data as Buffer));
    socket.on("close", (code) => {
      if (code === 1000 || code === 1005 || code === 1001) this.listener.onEnd();
      else if (code !== 1006) this.listener.onMalformed();
      this.listener.onClosed();
    });
    // The status of the library's close frame has the reason.
    socket.on("error", () => this.listener.onMalformed());
  }
}
