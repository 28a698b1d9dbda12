// The streamlet process: decoding, error detection and transmission. It takes its orders (records
// of messages.ts) from its IPC channel, and ends when the channel closes. Arguments: heartbeat
// period in ms, formats (comma-separated), most bits per second to send (0 = no limit).
import { readlinkSync } from "node:fs";
import type { Socket } from "node:net";
import { type FormatModule, loadFormat } from "../formats/format.js";
import { TokenBucket } from "../limits/token-bucket.js";
import { monotonicMs } from "../machine/host-clock.js";
import type { FromStreamlet, Hog, ToStreamlet } from "../wire/messages.js";
import { acceptPipe, type RawSocket, type Received } from "../wire/raw-pipe.js";
import { unwrap } from "../wire/socket-handover.js";
import type { StreamOrder } from "../wire/stream-order.js";
import { unopened } from "../wire/stream-report.js";
import { socketAround } from "./inflow.js";
import { type OpenWebSocket, Stream, type StreamOwner, type TakenStream } from "./stream.js";

/** One streamlet's streams. */
class StreamletServer implements StreamOwner {
  private readonly streams = new Map<number, Stream>();
  private bytesIn = 0;
  private bytesOut = 0;
  private errorCount = 0;
  private beatDueMs = 0;

  constructor(
    private readonly formats: ReadonlyMap<string, FormatModule>,
    private readonly beatMs: number,
    private readonly bucket: TokenBucket | undefined,
  ) {}

  start(): void {
    process.on("message", (message, socket) => this.receive(message as ToStreamlet, socket as Socket | undefined));
    process.on("disconnect", () => process.exit(0));
    // Ctrl-C in a terminal reaches the whole process group; the manager orders the end.
    process.on("SIGINT", () => undefined);
    this.send({ kind: "ready", pid: outerPid() });
    this.beatDueMs = performance.now() + this.beatMs;
    setInterval(() => this.beat(), this.beatMs);
  }

  nowMs(): number {
    return performance.now();
  }

  pauseAfter(bytes: number): number {
    return this.bucket?.take(bytes, performance.now()) ?? 0;
  }

  count(bytesIn: number, bytesOut: number): void {
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
  }

  onEnded(report: Parameters<StreamOwner["onEnded"]>[0]): void {
    this.streams.delete(report.stream);
    this.errorCount += report.errorCount;
    this.send({ kind: "ended", ...report });
  }

  private receive(message: ToStreamlet, socket: Socket | undefined): void {
    if (message.kind === "exit") process.exit(0);
    else if (message.kind === "close") this.streams.get(message.stream)?.close("interrupted", "closed");
    else if (message.kind === "hog") takeAll(message.what);
    else if (message.kind === "pipe") this.listenAt(message.path);
    else this.take(message, socket === undefined ? undefined : unwrap(socket), handOverOf(message));
  }

  private take(order: StreamOrder, handle: RawSocket | undefined, handOverMs: number): void {
    if (handle === undefined) this.refuse(order, "client-gone");
    else if (order.transport === "websocket") void this.openWebSocket({ order, handle, handOverMs });
    else this.open({ order, handle, handOverMs }, undefined);
  }

  /**
   * The direct connection also brings orders, with raw sockets. If it cannot be made, they come
   * through the manager alone.
   */
  private listenAt(path: string): void {
    try {
      acceptPipe(path, (received) => this.receiveDirectly(received));
    } catch {
      return;
    }
    this.send({ kind: "pipe" });
  }

  private receiveDirectly({ text, socket, writeFirst }: Received): void {
    const order = JSON.parse(text) as StreamOrder;
    const handOverMs = handOverOf(order);
    const waits = order.transport === "websocket" || order.forward.to === "client-from";
    const answers = !waits && order.reply !== "" && this.formats.has(order.format);
    const answered = answers && writeFirst(Buffer.from(order.reply, "base64").toString("latin1"));
    this.take(answered ? { ...order, reply: "" } : order, socket, handOverMs);
  }

  private open(taken: TakenStream, openWebSocket: OpenWebSocket | undefined): void {
    const { order, handle } = taken;
    const format = this.formats.get(order.format);
    if (format === undefined) {
      handle.close();
      this.refuse(order, "refused");
      return;
    }
    this.streams.set(order.stream, new Stream(taken, format.createDecoder(), this, openWebSocket));
  }

  /** The first stream that needs the library loads it; others save 2 MB and 15 ms. */
  private async openWebSocket(taken: TakenStream): Promise<void> {
    const { WebSocketChannel } = await import("./websocket-channel.js");
    this.open(taken, (handle, of, listener) => new WebSocketChannel(socketAround(handle), of, listener));
  }

  private refuse(order: StreamOrder, detail: "refused" | "client-gone"): void {
    this.send({ kind: "ended", ...unopened(order.stream, detail) });
  }

  private beat(): void {
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage();
    const degraded = Array.from(this.streams.keys()).filter((id) => this.streams.get(id)?.isDegraded() === true);
    this.send({
      kind: "beat",
      open: this.streams.size,
      cpuMs: (user + system) / 1000,
      rssBytes: process.memoryUsage.rss(),
      lagMs: Math.max(0, nowMs - this.beatDueMs),
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      errorCount: this.errorCount,
      ...(degraded.length === 0 ? {} : { degraded }),
    });
    this.beatDueMs = nowMs + this.beatMs;
  }

  private send(message: FromStreamlet): void {
    // The channel may be closed already: then 'disconnect' follows, and the end.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }
}

/**
 * /proc shows the process id that the manager knows, also inside a PID namespace (bubblewrap.ts).
 */
function outerPid(): number {
  try {
    return Number(readlinkSync("/proc/self"));
  } catch {
    return process.pid;
  }
}

function handOverOf({ givenAtMs }: StreamOrder): number {
  return monotonicMs() - givenAtMs;
}

/** In small pieces, so that heartbeats continue until a limit ends the process. */
const HOG_BYTES = 4_194_304;
const HOG_MS = 10;

function takeAll(what: Hog): void {
  const taken: Buffer[] = [];
  const bite = (): void => {
    const until = performance.now() + HOG_MS;
    if (what === "memory") taken.push(Buffer.alloc(HOG_BYTES, 1));
    else while (performance.now() < until);
    setImmediate(bite);
  };
  bite();
}

const [beatMs, formatNames, bitsPerSecond] = process.argv.slice(2);
const formats = new Map<string, FormatModule>();
for (const name of formatNames.split(",")) formats.set(name, await loadFormat(name));
const cap = Number(bitsPerSecond);
new StreamletServer(formats, Number(beatMs), cap > 0 ? new TokenBucket(cap) : undefined).start();
