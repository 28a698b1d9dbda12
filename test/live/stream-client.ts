import { connect, type Socket } from "node:net";
import { CRC32C_START, crc32c, crc32cEnd } from "../../src/live/formats/checksums/crc32c.js";
import { MpegTsWriter } from "../../src/live/formats/mpegts/writer.js";
import { until } from "./live-bench.js";

const PIECE_PACKETS = 26;
const PIECE_MS = 40;

export function crcOf(bytes: Uint8Array): number {
  return crc32cEnd(crc32c(CRC32C_START, bytes, 0, bytes.length));
}

/**
 * A client of a gateway over raw TCP: sends a transport stream until `finish` is called, and
 * keeps the received bytes.
 */
export class StreamClient {
  private readonly socket: Socket;
  private readonly writer = new MpegTsWriter(1_000_000);
  private readonly chunks: Buffer[] = [];
  private line: Buffer | undefined = Buffer.alloc(0);
  private timer: NodeJS.Timeout | undefined;
  private sentBytes = 0;
  private ended = false;
  private finishing = false;
  echoedBytes = 0;
  /** The connection ended although the stream was not over. */
  broken = false;

  constructor(port: number, header = "HEADRACE/1 format=mpegts\n") {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.socket.on("error", () => undefined);
    this.socket.on("data", (chunk) => this.take(chunk));
    this.socket.on("end", () => this.end());
    this.socket.on("close", () => this.end());
    this.socket.write(header);
  }

  get echoedCrc(): number {
    return crcOf(Buffer.concat(this.chunks));
  }

  /** Says that nothing more comes; resolves when the other side has said so too. */
  async finish(): Promise<{ readonly sentBytes: number }> {
    clearInterval(this.timer);
    this.finishing = true;
    this.socket.end();
    await until("the end of a stream", () => this.ended);
    this.socket.destroy();
    return { sentBytes: this.sentBytes };
  }

  private take(chunk: Buffer): void {
    if (this.line === undefined) {
      this.keep(chunk);
      return;
    }
    this.line = Buffer.concat([this.line, chunk]);
    const end = this.line.indexOf(10);
    if (end < 0) return;
    const rest = this.line.subarray(end + 1);
    this.line = undefined;
    this.timer = setInterval(() => this.send(), PIECE_MS);
    this.keep(rest);
  }

  private keep(bytes: Buffer): void {
    this.chunks.push(bytes);
    this.echoedBytes += bytes.length;
  }

  private send(): void {
    const bytes = this.writer.take(PIECE_PACKETS);
    this.sentBytes += bytes.length;
    this.socket.write(bytes);
  }

  private end(): void {
    clearInterval(this.timer);
    this.ended = true;
    if (!this.finishing) this.broken = true;
  }
}
