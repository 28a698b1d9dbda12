import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Limiter } from "../../src/live/limits/limiter.js";
import type { Limits, Method } from "../../src/live/limits/limits.js";
import { noLimits } from "../../src/live/limits/limits.js";
import { nativeStreamlet, type Runtime } from "../../src/live/machine/launch-command.js";
import { ProcessHost } from "../../src/live/manager/process-host.js";
import type { Beat } from "../../src/live/wire/messages.js";
import { defaultTimes, type HostTimes, type ProcessClass } from "../../src/live/wire/process-class.js";
import type { StreamOrder } from "../../src/live/wire/stream-order.js";
import type { StreamReport } from "../../src/live/wire/stream-report.js";

/** A condition that does not come true within this is a failure, on however busy a machine. */
const DEADLINE_MS = 120_000;

/**
 * The classes that can be tested here: Node always, the native one if it can be built, spawned
 * and forked by a zygote.
 */
export function runtimes(): Runtime[] {
  spawnSync(process.execPath, ["scripts/build-native.mjs", "--if-possible"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (existsSync(nativeStreamlet())) return ["node", "native", "zygote"];
  console.log("not checked: the ultra-light class, since there is no C compiler here");
  return ["node"];
}

/**
 * Another build of the C program: with sanitizers, or one that acts as if compromised; undefined
 * if it cannot be built.
 */
export function otherStreamlet(build: "sanitized" | "hostile"): string | undefined {
  spawnSync(process.execPath, ["scripts/build-native.mjs", "--if-possible", `--${build}`], { stdio: "ignore" });
  const path = `${nativeStreamlet()}-${build}`;
  if (existsSync(path)) return path;
  console.log(`not checked: the ${build} build, since this compiler has none (Debian: apt-get install gcc)`);
  return undefined;
}

/** As many as native/zygote.c keeps forked ahead. */
export const spareCount = 8;

/** Looks until the condition holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/**
 * Share of the time in which a process on this machine waited for a core (the kernel's
 * pressure-stall figures); NaN if unknown.
 */
export class CpuPressure {
  private readonly beganMs = performance.now();
  private readonly beganUs = CpuPressure.totalUs();

  share(): number {
    return (CpuPressure.totalUs() - this.beganUs) / 1000 / (performance.now() - this.beganMs);
  }

  private static totalUs(): number {
    try {
      return Number(/some .*total=(\d+)/.exec(readFileSync("/proc/pressure/cpu", "utf8"))?.[1]);
    } catch {
      return Number.NaN;
    }
  }
}

export interface Stopped {
  readonly id: number;
  readonly reason: string;
  readonly detail: string;
  readonly lost: readonly number[];
}

/**
 * A process host whose reports are collected, and a listening socket whose connections are handed
 * over.
 */
export class HostBench {
  readonly ready: number[] = [];
  readonly reports: StreamReport[] = [];
  readonly stopped: Stopped[] = [];
  readonly beats = new Map<number, Beat>();
  readonly notices: string[] = [];
  /** Done with each streamlet in the moment in which it says that it is ready. */
  whenReady: (id: number) => void = () => undefined;
  /** Called with each report as it comes. */
  whenEnded: (report: StreamReport) => void = () => undefined;
  readonly host: ProcessHost;
  readonly limiter: Limiter;
  readonly streamletClass: ProcessClass;
  private server: Server | undefined;
  private listening: Promise<number> | undefined;
  private readonly accepted: ((socket: Socket) => void)[] = [];

  constructor(
    runtime: Runtime = "node",
    limits: Partial<Limits> = {},
    times: Partial<HostTimes> = {},
    methods?: readonly Method[],
    streamletClass?: ProcessClass,
  ) {
    this.limiter = new Limiter(methods, runtime);
    const formats = ["mpegts", "frames"];
    this.streamletClass = streamletClass ?? { name: "test", runtime, formats, limits: { ...noLimits, ...limits } };
    this.host = new ProcessHost(
      [this.streamletClass],
      this.limiter,
      { ...defaultTimes, ...times },
      {
        onReady: (id) => {
          this.ready.push(id);
          this.whenReady(id);
        },
        onEnded: (_id, report) => {
          this.reports.push(report);
          this.whenEnded(report);
        },
        onBeat: (id, beat) => this.beats.set(id, beat),
        onStopped: (id, reason, detail, lost) => this.stopped.push({ id, reason, detail, lost }),
        onNotice: (line) => this.notices.push(line),
      },
    );
  }

  /** Waits for the zygote, where the class has one. */
  async prepare(): Promise<void> {
    await until("the zygote", () => (this.host.zygoteOf(0)?.state ?? "up") === "up");
  }

  async launch(...ids: number[]): Promise<void> {
    await this.prepare();
    for (const id of ids) this.host.launch(id, 0);
    await until(`readiness of ${ids}`, () => ids.every((id) => this.ready.includes(id)));
  }

  /**
   * Connects a client, and hands the other end to a streamlet; `first` bytes are sent before the
   * hand-over.
   */
  async open(id: number, order: Partial<StreamOrder> & { stream: number }, first?: Uint8Array): Promise<Socket> {
    const port = await this.listen();
    const accepted = new Promise<Socket>((resolve) => this.accepted.push(resolve));
    const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    client.on("error", () => undefined);
    if (first !== undefined) client.write(first);
    const socket = await accepted;
    this.host.open(id, { ...rawOrder, ...order }, socket);
    return client;
  }

  async report(stream: number): Promise<StreamReport> {
    await until(`the report of stream ${stream}`, () => this.reports.some((report) => report.stream === stream));
    return this.reports.find((report) => report.stream === stream) as StreamReport;
  }

  async end(id: number): Promise<Stopped> {
    await until(`the end of streamlet ${id}`, () => this.stopped.some((stopped) => stopped.id === id));
    return this.stopped.find((stopped) => stopped.id === id) as Stopped;
  }

  async close(): Promise<void> {
    await this.host.shutDown();
    await new Promise((resolve) => (this.server === undefined ? resolve(undefined) : this.server.close(resolve)));
  }

  private listen(): Promise<number> {
    this.listening ??= new Promise((resolve) => {
      const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
        socket.on("error", () => undefined);
        this.accepted.shift()?.(socket);
      });
      this.server = server;
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
    return this.listening;
  }
}

export const rawOrder: StreamOrder = {
  stream: 0,
  format: "mpegts",
  transport: "raw",
  forward: { to: "client" },
  head: "",
  reply: "",
  bodyBytes: 0,
  maxBytes: 0,
  idleTimeoutMs: 0,
  givenAtMs: 0,
};

/** Everything that comes back, until the other side ends. */
export function received(client: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  client.on("data", (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    client.on("end", () => resolve(Buffer.concat(chunks)));
    client.on("close", () => reject(new Error(`closed after ${Buffer.concat(chunks).length} bytes`)));
  });
}
