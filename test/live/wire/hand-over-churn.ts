// Streams that begin and end on one streamlet while others stay open: real hand-overs,
// half-closes and resets. The manager closes its copy of a socket some time after the streamlet
// has it, so a streamlet that closes its own copy first meets descriptors that outlive the close.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { RandomStream } from "../../../src/base/random.js";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { monotonicMs } from "../../../src/live/machine/host-clock.js";
import type { StreamReport } from "../../../src/live/wire/stream-report.js";
import { type HostBench, rawOrder, until } from "../live-bench.js";

const LONG_STREAMS = 10;
const SHORT_CLIENTS = 8;
const RESET_SHARE = 0.3;
/**
 * Shares of the short, regular streams: those that are not echoed, and those sent as HTTP chunks.
 */
const NOWHERE_SHARE = 0.2;
const CHUNKED_SHARE = 0.2;
const MAX_PACKETS = 40;
const LONG_PIECE_PACKETS = 7;
const LONG_PIECE_MS = 10;
const STREAMLET = 1;

export interface ChurnResult {
  /** Short streams that ended. */
  readonly streams: number;
  /** What was wrong with short ones, at most the first 20. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
  /** Long streams whose connection ended, or whose bytes came back changed. */
  readonly longCut: number;
  readonly longBytes: number;
  /** Ends of the streamlet's process while streams were open. */
  readonly crashes: readonly string[];
}

/** Opens, judges and counts the streams of one churn. */
class Churn {
  streams = 0;
  wrongCount = 0;
  longCut = 0;
  longBytes = 0;
  readonly wrong: string[] = [];
  private readonly random: RandomStream;
  private readonly waiting = new Map<number, (socket: Socket) => void>();
  private readonly accepted = new Map<number, Socket>();
  private readonly reporting = new Map<number, (report: StreamReport) => void>();
  private readonly bytes = new MpegTsWriter(4_000_000).take(MAX_PACKETS);
  private nextStream = 1;
  private server: Server | undefined;
  over = false;

  constructor(
    private readonly bench: HostBench,
    seed: string,
  ) {
    this.random = new RandomStream(`hand-over-churn/${seed}`);
    bench.whenEnded = (report) => this.reporting.get(report.stream)?.(report);
  }

  async listen(): Promise<number> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      const port = socket.remotePort as number;
      const waits = this.waiting.get(port);
      this.waiting.delete(port);
      if (waits === undefined) this.accepted.set(port, socket);
      else waits(socket);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  close(): void {
    this.server?.close();
  }

  /** A client, and the report of its stream to come. */
  async open(
    port: number,
    order: Partial<typeof rawOrder>,
  ): Promise<{ client: Socket; report: Promise<StreamReport> }> {
    const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    client.on("error", () => undefined);
    await new Promise<void>((resolve) => client.once("connect", resolve));
    const from = client.localPort as number;
    const there = this.accepted.get(from);
    this.accepted.delete(from);
    const socket = there ?? (await new Promise<Socket>((resolve) => this.waiting.set(from, resolve)));
    const stream = this.nextStream++;
    const report = new Promise<StreamReport>((resolve) => this.reporting.set(stream, resolve));
    this.bench.host.open(STREAMLET, { ...rawOrder, ...order, stream, givenAtMs: monotonicMs() }, socket);
    return { client, report: report.finally(() => this.reporting.delete(stream)) };
  }

  async long(port: number): Promise<void> {
    const { client } = await this.open(port, {});
    const expected: Buffer[] = [];
    let cut = false;
    client.on("data", (chunk) => {
      this.longBytes += chunk.length;
      for (let at = 0; at < chunk.length; ) {
        const next = expected[0] ?? Buffer.alloc(0);
        const length = Math.min(next.length, chunk.length - at);
        if (length === 0 || !next.subarray(0, length).equals(chunk.subarray(at, at + length))) {
          cut = true;
          return;
        }
        if (length === next.length) expected.shift();
        else expected[0] = next.subarray(length);
        at += length;
      }
    });
    client.once("close", () => {
      cut ||= !this.over;
    });
    client.once("end", () => {
      cut ||= !this.over;
    });
    const writer = new MpegTsWriter(1_000_000);
    const timer = setInterval(() => {
      const piece = Buffer.from(writer.take(LONG_PIECE_PACKETS));
      expected.push(piece);
      if (!cut) client.write(piece);
    }, LONG_PIECE_MS);
    await until("the end of the churn", () => this.over || cut);
    clearInterval(timer);
    if (cut) this.longCut++;
    client.destroy();
  }

  async short(port: number): Promise<void> {
    const packets = 1 + Math.floor(this.random.uniform() * MAX_PACKETS);
    const sent = Buffer.from(this.bytes.subarray(0, packets * 188));
    if (this.random.uniform() < RESET_SHARE) await this.reset(port, sent);
    else if (this.random.uniform() < NOWHERE_SHARE) await this.upload(port, sent, packets);
    else await this.echo(port, sent, packets, this.random.uniform() < CHUNKED_SHARE);
    this.streams++;
  }

  private async reset(port: number, sent: Buffer): Promise<void> {
    const { client, report } = await this.open(port, {});
    client.write(sent);
    await new Promise<void>((resolve) => {
      client.once("data", () => resolve());
      client.once("close", () => resolve());
    });
    client.resetAndDestroy();
    const { detail } = await report;
    if (detail !== "client-gone") this.fault(`a reset was reported as ${detail}`);
  }

  private async upload(port: number, sent: Buffer, packets: number): Promise<void> {
    const { client, report } = await this.open(port, { forward: { to: "nowhere" } });
    client.resume();
    client.end(sent);
    this.judge(await report, packets);
    client.destroy();
  }

  private async echo(port: number, sent: Buffer, packets: number, chunked: boolean): Promise<void> {
    const { client, report } = await this.open(port, { transport: chunked ? "chunked" : "raw" });
    const back: Buffer[] = [];
    client.on("data", (chunk) => back.push(chunk));
    const ended = new Promise<void>((resolve) => {
      client.once("end", resolve);
      client.once("close", resolve);
    });
    if (chunked) client.write(`${sent.length.toString(16)}\r\n`);
    client.write(sent);
    if (chunked) client.write("\r\n0\r\n\r\n");
    else client.end();
    await ended;
    client.destroy();
    this.judge(await report, packets);
    const whole = Buffer.concat(back);
    if (!chunked && !whole.equals(sent)) this.fault(`${whole.length} of ${sent.length} bytes came back`);
    if (chunked && !whole.subarray(-5).equals(Buffer.from("0\r\n\r\n"))) this.fault("an answer without its last chunk");
  }

  private judge({ detail, units, errorCount }: StreamReport, packets: number): void {
    if (detail !== "client-done" || units !== packets || errorCount !== 0)
      this.fault(`${units} of ${packets} packets, ${errorCount} errors, ${detail}`);
  }

  private fault(what: string): void {
    this.wrongCount++;
    if (this.wrong.length < 20) this.wrong.push(what);
  }
}

/**
 * Ten long echo streams beside eight clients of short ones on streamlet 1, for this long. Ends
 * earlier if the streamlet does.
 */
export async function handOverChurn(bench: HostBench, forMs: number, seed: string): Promise<ChurnResult> {
  await bench.launch(STREAMLET);
  const churn = new Churn(bench, seed);
  const port = await churn.listen();
  const longs = Array.from({ length: LONG_STREAMS }, () => churn.long(port));
  const untilMs = performance.now() + forMs;
  const dead = (): boolean => bench.stopped.length > 0;
  const clients = Array.from({ length: SHORT_CLIENTS }, async () => {
    while (performance.now() < untilMs && !dead()) await churn.short(port);
  });
  let done = false;
  void Promise.all(clients).then(() => {
    done = true;
  });
  await until("the end of the short streams", () => done || dead());
  const crashes = bench.stopped.map(({ reason, detail }) => `${reason}: ${detail}`);
  churn.over = crashes.length === 0;
  await Promise.all(longs);
  churn.close();
  const { streams, wrong, wrongCount, longCut, longBytes } = churn;
  return { streams, wrong, wrongCount, longCut, longBytes, crashes };
}
