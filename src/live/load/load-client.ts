import { connect, type Socket } from "node:net";
import type { StreamWriter } from "../formats/format.js";

/**
 * Bytes are sent in pieces of this duration: 25 a second cost less CPU than each packet at its
 * instant.
 */
const PIECE_MS = 40;
/** Returned bytes are compared in blocks of this many units. */
const COMPARED_UNITS = 64;
/** After its last byte a client waits this long for the rest of the answer. */
const LAST_ANSWER_MS = 15_000;
const HEADER_LINE = /^HEADRACE\/1 (\d{3})[^\n]*\n/;

export type LoadEnd = "served" | "refused" | "interrupted";

/** The request and the stream of a client. */
export interface LoadOrder {
  readonly port: number;
  /** The line of text that asks for the stream. */
  readonly header: string;
  readonly bitsPerSecond: number;
  readonly holdingMs: number;
  /** Two writers make the same bytes. */
  readonly makeWriter: () => StreamWriter;
}

/**
 * One client of the load generator: raw TCP, a stream of its format at a constant rate. It
 * compares each byte that comes back with the one that it sent.
 */
export class LoadClient {
  private readonly socket: Socket;
  private readonly writer: StreamWriter;
  private readonly expected: StreamWriter;
  private expectedRest: Uint8Array = new Uint8Array(0);
  private timer: NodeJS.Timeout | undefined;
  private head: Buffer | undefined = Buffer.alloc(0);
  private sentBytes = 0;
  private answeredBytes = 0;
  private status = 0;
  /** `sent`: all was sent, the last answer is awaited. */
  private phase: "sending" | "sent" | "over" = "sending";
  wrongBytes = 0;
  firstByteMs = Number.NaN;

  constructor(
    private readonly order: LoadOrder,
    private readonly onEnd: (client: LoadClient, end: LoadEnd, heldMs: number) => void,
  ) {
    const { port, header, makeWriter } = order;
    this.writer = makeWriter();
    this.expected = makeWriter();
    const beganMs = performance.now();
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.socket.on("error", () => undefined);
    this.socket.on("connect", () => this.socket.write(header));
    this.socket.on("data", (chunk) => this.take(chunk, beganMs));
    this.socket.on("end", () => this.settle());
    this.socket.on("close", () => this.settle());
  }

  get bytes(): number {
    return this.answeredBytes;
  }

  destroy(): void {
    this.phase = "over";
    clearInterval(this.timer);
    this.socket.destroy();
  }

  private take(chunk: Buffer, beganMs: number): void {
    if (this.head === undefined) {
      this.compare(chunk);
      return;
    }
    this.head = Buffer.concat([this.head, chunk]);
    const text = this.head.subarray(0, 200).toString("latin1");
    const line = HEADER_LINE.exec(text);
    if (line === null) {
      if (this.head.length > 200) this.destroy();
      return;
    }
    this.status = Number(line[1]);
    const rest = this.head.subarray(line[0].length);
    this.head = undefined;
    if (this.status !== 200) return;
    this.firstByteMs = performance.now() - beganMs;
    this.begin();
    this.compare(rest);
  }

  private begin(): void {
    const startMs = performance.now();
    const { holdingMs, bitsPerSecond } = this.order;
    this.timer = setInterval(() => {
      const elapsedMs = Math.min(performance.now() - startMs, holdingMs);
      const dueBytes = (elapsedMs * bitsPerSecond) / 8000;
      const units = Math.floor((dueBytes - this.sentBytes) / this.writer.unitBytes);
      if (units > 0) {
        this.sentBytes += units * this.writer.unitBytes;
        this.socket.write(this.writer.take(units));
      }
      if (elapsedMs >= holdingMs) this.finish();
    }, PIECE_MS);
  }

  private finish(): void {
    clearInterval(this.timer);
    this.phase = "sent";
    this.socket.end();
    this.timer = setTimeout(() => this.socket.destroy(), LAST_ANSWER_MS);
  }

  private compare(chunk: Uint8Array): void {
    this.answeredBytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      if (this.expectedRest.length === 0) this.expectedRest = this.expected.take(COMPARED_UNITS);
      const length = Math.min(chunk.length - at, this.expectedRest.length);
      if (Buffer.compare(chunk.subarray(at, at + length), this.expectedRest.subarray(0, length)) !== 0)
        this.wrongBytes++;
      this.expectedRest = this.expectedRest.subarray(length);
      at += length;
    }
  }

  private settle(): void {
    if (this.phase === "over") return;
    const whole = this.phase === "sent" && this.answeredBytes === this.sentBytes;
    this.destroy();
    const end =
      this.status === 200 ? (whole ? "served" : "interrupted") : this.status === 0 ? "interrupted" : "refused";
    this.onEnd(this, end, (this.sentBytes * 8000) / this.order.bitsPerSecond);
  }
}
