import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queryObjects } from "node:v8";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { Limiter } from "../../src/live/limits/limiter.js";
import { noLimits } from "../../src/live/limits/limits.js";
import type { Runtime } from "../../src/live/machine/launch-command.js";
import { ProcessHost } from "../../src/live/manager/process-host.js";
import { StreamletProcess } from "../../src/live/manager/streamlet-process.js";
import { replayRun } from "../../src/live/replay/replay.js";
import { type DataPlane, LiveRun } from "../../src/live/run/live-run.js";
import { PendingClient } from "../../src/live/run/pending-client.js";
import type { LiveMetrics } from "../../src/live/watch/live-metrics.js";
import { DirectPipes } from "../../src/live/wire/direct-pipes.js";
import { defaultTimes, type HostTimes } from "../../src/live/wire/process-class.js";
import { type StreamReport, unopened } from "../../src/live/wire/stream-report.js";
import { poolsOf } from "../../src/world/pools.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { noUserModules } from "../../src/world/user-modules.js";
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

/**
 * A control plane on real processes, with a plain listener for a gateway: each connection is one
 * request, which is echoed.
 */
export class FleetBench {
  readonly lines: string[] = [];
  readonly reports: StreamReport[] = [];
  readonly stopped: { id: number; reason: string; lost: readonly number[] }[] = [];
  readonly ready = new Set<number>();
  readonly run: LiveRun;
  readonly host: ProcessHost;
  /**
   * As at the gateway: a streamlet's first stream goes through the host, later ones go to it
   * directly.
   */
  private readonly direct: DirectPipes;
  directStreams = 0;
  /** Streamlets that reported that they listen for direct streams. */
  readonly listening = new Set<number>();
  /** The streamlet of each stream that has not ended, as the gateway sees it. */
  private readonly carrier = new Map<number, number>();
  private readonly server: Server;
  /** This many of the next processes are killed at their fork: spawns that fail. */
  spawnsToFail = 0;
  /** Their streamlets; one may still have reported that it is ready. */
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
    const { run } = this;
    this.host = new ProcessHost(
      classes,
      new Limiter(),
      { ...defaultTimes, ...times },
      {
        onReady: (id) => run.onReady(id),
        onBeat: (id, beat) => run.onBeat(id, beat),
        onPipe: (id) => {
          this.direct.listens(id);
          this.listening.add(id);
        },
        onEnded: (id, report) => {
          this.carrier.delete(report.stream);
          this.direct.onEnded(id, report.stream);
          run.onEnded(id, report);
        },
        onStopped: (id, reason, detail, byHost) => {
          const lost = [...byHost, ...this.direct.forget(id)];
          for (const stream of lost) this.carrier.delete(stream);
          run.onStopped(id, reason, detail, lost);
        },
      },
    );
    this.direct = new DirectPipes({
      ask: (id, path) => this.host.pipe(id, path),
      onLost: (id, stream) => run.onEnded(id, unopened(stream, "streamlet-gone")),
    });
    this.server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      const { stream: _, head: __, ...outline } = rawOrder;
      this.run.request(
        { series: 0, region: 0, format: 0, attempt: 0, patienceMs: 30_000 },
        (onGone) =>
          new PendingClient(socket, outline, new Uint8Array(0), { refusal: (reason) => `503 ${reason}\n`, onGone }),
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
      open: (id, order, socket) => {
        this.carrier.set(order.stream, id);
        if (host.pidOf(id) !== undefined && this.direct.open(id, order, socket)) this.directStreams++;
        else host.open(id, order, socket);
      },
      stop: (id, reason) => host.stop(id, reason),
      kill: (id, reason) => host.kill(id, reason),
    };
  }

  /** The streams that a streamlet carries. */
  carriedBy(id: number): number[] {
    return Array.from(this.carrier).flatMap(([stream, one]) => (one === id ? [stream] : []));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ready streamlets by their processes, not by any record. */
  readyIds(): number[] {
    return this.host
      .views()
      .filter((view) => view.state === "ready")
      .map((view) => view.id);
  }

  /** Ends the run and all processes; checks the ledger and the replay. */
  async close(): Promise<void> {
    this.run.driver.stop();
    await until("the end of the run", () => this.over);
    await this.host.shutDown();
    this.direct.close();
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

/**
 * The number of streamlet processes whose records are still in memory, and all bytes in use,
 * after a full garbage collection.
 */
export function heldMemory(): { readonly records: number; readonly bytes: number } {
  // Collects the garbage first, so that unreferenced memory is not counted.
  const records = queryObjects(StreamletProcess, { format: "count" }) as unknown as number;
  const { heapUsed, external } = process.memoryUsage();
  return { records, bytes: heapUsed + external };
}

export function descriptorCount(): number {
  return readdirSync("/proc/self/fd").length;
}
