import { connect, type Socket } from "node:net";
import { MpegTsWriter } from "../../src/live/formats/mpegts/writer.js";
import { until } from "./live-bench.js";

/**
 * A client that sends a transport stream piece by piece, and compares each byte that comes back
 * with the one sent.
 */
export class EchoClient {
  /** Times from a break to the first byte of the next connection, in ms. */
  readonly recoveriesMs: number[] = [];
  breaks = 0;
  echoedBytes = 0;
  private readonly timer: NodeJS.Timeout;
  private socket: Socket;
  private sent: Buffer = Buffer.alloc(0);
  private writer = new MpegTsWriter(1_000_000);
  private brokenMs = Number.NaN;
  private ended = false;
  fault = "";

  constructor(
    private readonly port: number,
    private readonly reconnects: boolean,
  ) {
    this.socket = this.connect();
    this.timer = setInterval(() => this.send(), 100);
  }

  /** Bytes that came back over the present connection. */
  get served(): boolean {
    return this.echoedBytes > 0 && Number.isNaN(this.brokenMs);
  }

  /** Says that nothing more comes; resolves when everything has come back. */
  async finish(): Promise<void> {
    clearInterval(this.timer);
    this.ended = true;
    this.socket.end();
    await until("the rest of an echo", () => this.sent.length === 0 || this.socket.destroyed);
    this.socket.destroy();
    if (this.sent.length > 0) this.fault = `${this.sent.length} bytes did not come back`;
  }

  private send(): void {
    const bytes = Buffer.from(this.writer.take(26));
    this.sent = Buffer.concat([this.sent, bytes]);
    this.socket.write(bytes);
  }

  private connect(): Socket {
    const socket = connect({ port: this.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => this.compare(chunk));
    socket.on("end", () => this.broken(socket));
    socket.on("close", () => this.broken(socket));
    return socket;
  }

  private compare(chunk: Buffer): void {
    if (!Number.isNaN(this.brokenMs)) {
      this.recoveriesMs.push(performance.now() - this.brokenMs);
      this.brokenMs = Number.NaN;
    }
    this.echoedBytes += chunk.length;
    if (!this.sent.subarray(0, chunk.length).equals(chunk)) this.fault = `a wrong byte near ${this.echoedBytes}`;
    this.sent = this.sent.subarray(chunk.length);
  }

  private broken(socket: Socket): void {
    if (this.ended || socket !== this.socket) return;
    this.breaks++;
    socket.destroy();
    if (!this.reconnects) return;
    if (Number.isNaN(this.brokenMs)) this.brokenMs = performance.now();
    this.writer = new MpegTsWriter(1_000_000);
    this.sent = Buffer.alloc(0);
    this.socket = this.connect();
    this.send();
  }
}
