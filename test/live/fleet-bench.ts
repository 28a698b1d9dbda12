import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queryObjects } from "node:v8";
import { readScenario } from "../../src/experiment/scenario-file.js";
import type { Runtime } from "../../src/live/launch-command.js";
import { Limiter } from "../../src/live/limits/limiter.js";
import { noLimits } from "../../src/live/limits/limits.js";
import type { LiveMetrics } from "../../src/live/live-metrics.js";
import { type DataPlane, LiveRun } from "../../src/live/live-run.js";
import type { StreamReport } from "../../src/live/messages.js";
import { MpegTsWriter } from "../../src/live/mpegts/writer.js";
import { PendingClient } from "../../src/live/pending-client.js";
import { defaultTimes, type HostTimes, ProcessHost } from "../../src/live/process-host.js";
import { replayRun } from "../../src/live/replay.js";
import { StreamletProcess } from "../../src/live/streamlet-process.js";
import { noUserModules } from "../../src/world/build-control.js";
import { poolsOf } from "../../src/world/pools.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { rawOrder, until } from "./live-bench.js";

/** Reads a scenario from its text. */
export async function scenarioOf(yaml: string): Promise<Scenario> {
  const folder = mkdtempSync(join(tmpdir(), "headrace-"));
  try {
    const file = join(folder, "live.yaml");
    writeFileSync(file, yaml);
    return await readScenario(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A control plane on real processes, with a plain listener for a gateway: each connection is one request, echoed. */
export class FleetBench {
  readonly lines: string[] = [];
  readonly reports: StreamReport[] = [];
  readonly stopped: { id: number; reason: string; lost: readonly number[] }[] = [];
  readonly ready = new Set<number>();
  readonly run: LiveRun;
  readonly host: ProcessHost;
  private readonly server: Server;
  /** So many of the next processes are killed the moment they are forked: spawns that fail. */
  spawnsToFail = 0;
  /** Their streamlets; one may still have said that it is ready. */
  readonly killedAtFork = new Set<number>();
  private over = false;

  private constructor(
    scenario: Scenario,
    runtime: Runtime,
    memoryBytes: number,
    times: Partial<HostTimes>,
    metrics: LiveMetrics | undefined,
  ) {
    this.run = new LiveRun({
      scenario,
      policy: scenario.policies[0],
      modules: noUserModules,
      sink: (line) => this.lines.push(line),
      listener: {
        onReport: (id, report) => {
          this.reports.push(report);
          metrics?.onReport(id, report);
        },
        onBeat: (id, beat) => metrics?.onBeat(id, beat),
        onStopped: (id, reason, _detail, lost) => this.stopped.push({ id, reason, lost }),
      },
      ...(metrics === undefined ? {} : { telemetry: metrics }),
      room: 1000,
      version: "test",
      retryAfterSeconds: 1,
    });
    const classes = poolsOf(scenario).map((pool) => ({
      name: pool.name,
      runtime,
      formats: ["mpegts"],
      limits: { ...noLimits, memoryBytes },
    }));
    this.host = new ProcessHost(classes, new Limiter(), { ...defaultTimes, ...times }, this.run);
    this.server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      const { stream: _, head: __, ...outline } = rawOrder;
      this.run.request(
        { series: 0, region: 0, format: 0, attempt: 0, patienceMs: 30_000 },
        (onGone) => new PendingClient(socket, outline, new Uint8Array(0), (reason) => `503 ${reason}\n`, onGone),
      );
    });
  }

  static async start(
    scenario: Scenario,
    runtime: Runtime = "node",
    memoryBytes = Number.POSITIVE_INFINITY,
    times: Partial<HostTimes> = {},
    metrics?: LiveMetrics,
  ): Promise<FleetBench> {
    const bench = new FleetBench(scenario, runtime, memoryBytes, times, metrics);
    await new Promise<void>((resolve) => bench.server.listen(0, "127.0.0.1", 1024, resolve));
    bench.run.start(bench.plane(), scenario.durationMs, () => {
      bench.over = true;
    });
    return bench;
  }

  private plane(): DataPlane {
    const { host } = this;
    return {
      launch: (id, pool) => {
        host.launch(id, pool);
        const pid = host.pidOf(id);
        if (this.spawnsToFail > 0 && host.zygoteOf(pool)?.state === "up") {
          // What a zygote forks has no number yet.
          this.spawnsToFail--;
          this.killedAtFork.add(id);
          setImmediate(() => host.kill(id, "spawn-failed"));
          return;
        }
        if (this.spawnsToFail === 0 || pid === undefined) return;
        this.spawnsToFail--;
        this.killedAtFork.add(id);
        process.kill(pid, "SIGKILL");
      },
      open: (id, order, socket) => host.open(id, order, socket),
      stop: (id, reason) => host.stop(id, reason),
      kill: (id, reason) => host.kill(id, reason),
    };
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ready streamlets as the processes are, not as anyone believes. */
  readyIds(): number[] {
    return this.host
      .views()
      .filter((view) => view.state === "ready")
      .map((view) => view.id);
  }

  /** Ends the run and all processes; checks the books and the replay. */
  async close(): Promise<void> {
    this.run.driver.stop();
    await until("the end of the run", () => this.over);
    await this.host.shutDown();
    await new Promise((resolve) => this.server.close(resolve));
    this.run.world.checkBooks();
    const replayed: string[] = [];
    replayRun(
      this.lines,
      "run.jsonl",
      () => noUserModules,
      (line) => replayed.push(line),
    );
    if (replayed.join("\n") !== this.lines.join("\n")) {
      const at = replayed.findIndex((line, i) => line !== this.lines[i]);
      throw new Error(`the replay differs in line ${at + 1}:\n${this.lines[at]}\n${replayed[at]}`);
    }
  }
}

/** A client that sends a transport stream piece by piece, and holds each byte that comes back against what it sent. */
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

/** Processes that this one started, or a zygote of its own, and that are not dead. */
export function childCount(): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z") parents.set(Number(name), Number(parent));
    } catch {
      // It has just ended.
    }
  }
  const ours = Array.from(parents.values()).filter(
    (parent) => parent === process.pid || parents.get(parent) === process.pid,
  );
  return ours.length;
}

/** Streamlet processes whose records are still held, and bytes held in all, after a full garbage collection. */
export function heldMemory(): { readonly records: number; readonly bytes: number } {
  // It collects the garbage first, so that what nobody holds is not counted.
  const records = queryObjects(StreamletProcess, { format: "count" }) as unknown as number;
  const { heapUsed, external } = process.memoryUsage();
  return { records, bytes: heapUsed + external };
}

export function descriptorCount(): number {
  return readdirSync("/proc/self/fd").length;
}
