import type { Socket } from "node:net";
import { type RawSocket, writesNothing } from "../wire/raw-pipe.js";
import { Inflow } from "./inflow.js";

/** One end of a stream inside a streamlet: payload comes from it, payload goes to it. */
export interface Channel {
  /** Payload goes out; false = wait for `onDrain` before the next one. */
  write(payload: Uint8Array): boolean;
  /** True while some of the written bytes are not sent: their memory must not change. */
  readonly holds: boolean;
  /** Keeps the memory of the last payload; without this call the next payload overwrites it. */
  keep(): void;
  /** Sends nothing more; `onFlushed` follows when the last byte has left. */
  end(): void;
  pause(): void;
  resume(): void;
  /**
   * Closes at once; `broken`: the other side gets a reset (TCP), so that it sees no regular end.
   */
  destroy(broken: boolean): void;
}

/** The end of a stream at its client, which is answered once. */
export interface AnsweringChannel extends Channel {
  /** Sends the head of the answer, if it was held back. */
  begin(): void;
  /**
   * Sends this text as the answer, and closes once the client has read it. False if an answer has
   * begun already; then nothing happens.
   */
  refuse(text: string): boolean;
}

/** Events of a channel. After `onClosed` nothing follows. */
export interface ChannelListener {
  /** A connection that the channel made itself is established. */
  onConnected?(): void;
  onPayload(payload: Uint8Array): void;
  /** The other side sends no more. */
  onEnd(): void;
  onDrain(): void;
  onFlushed(): void;
  /** The other side broke the rules of its transport. */
  onMalformed(): void;
  onIdle(): void;
  onClosed(): void;
}

/** Passes the events of a socket, except its bytes, to a listener. */
export function listenTo(socket: Socket, listener: ChannelListener): void {
  // A client that has closed its side still wants the answer.
  socket.allowHalfOpen = true;
  socket.setNoDelay(true);
  socket.on("end", () => {
    if (wasReset(socket)) socket.destroy();
    // If bytes wait to be sent, that failure is reported later in this turn of the event loop.
    else if (socket.writableLength > 0) setImmediate(() => socket.destroyed || listener.onEnd());
    else listener.onEnd();
  });
  socket.on("drain", () => listener.onDrain());
  socket.on("finish", () => listener.onFlushed());
  socket.on("timeout", () => listener.onIdle());
  // 'close' follows.
  socket.on("error", () => undefined);
  socket.on("close", () => listener.onClosed());
}

/**
 * True if the other side has reset the connection. libuv before 1.49.1 reports a partial read
 * together with POLLHUP as a regular end (libuv/libuv#2319, fixed in #4997; Node 20 has the older
 * one). An empty write detects it: on Linux it fails with EPIPE after a reset.
 */
function wasReset(socket: Socket): boolean {
  const { _handle: handle } = socket as unknown as { _handle: RawSocket | null };
  return handle !== null && socket.writable && writesNothing(handle) < 0;
}

/**
 * Not computed from the bytes that wait: 'drain' follows only if `write` returned false. Node's
 * limit for that differs (16 KB; 64 KB from 22 on), and all bytes may have been sent at once.
 */
export function hasRoom(socket: Socket, wrote: boolean): boolean {
  return wrote || socket.writableLength === 0;
}

/** A reset where the transport knows it (a Unix socket does not). */
function destroySocket(socket: Socket, broken: boolean): void {
  if (broken && !socket.destroyed && socket.remotePort !== undefined) socket.resetAndDestroy();
  else socket.destroy();
}

/** The plain socket of a channel. */
export abstract class SocketChannel {
  protected abstract readonly socket: Socket;

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  destroy(broken: boolean): void {
    destroySocket(this.socket, broken);
  }
}

/** Another address, with raw bytes. */
export class UpstreamChannel extends SocketChannel implements Channel {
  protected readonly socket: Socket;
  private readonly inflow: Inflow;

  constructor(host: string, port: number, listener: ChannelListener) {
    super();
    this.inflow = Inflow.connect(host, port, (piece) => listener.onPayload(piece));
    this.socket = this.inflow.socket;
    this.socket.once("connect", () => listener.onConnected?.());
    listenTo(this.socket, listener);
  }

  write(payload: Uint8Array): boolean {
    return hasRoom(this.socket, this.socket.write(payload));
  }

  get holds(): boolean {
    return this.socket.writableLength > 0;
  }

  keep(): void {
    this.inflow.keep();
  }

  end(): void {
    this.socket.end();
  }
}
