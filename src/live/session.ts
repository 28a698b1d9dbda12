// A live run from beginning to end: manager up, gateway listening, traffic (ours or the world's), drain, result.
import { type ChildProcess, fork } from "node:child_process";
import { InputError } from "../base/errors.js";
import { RandomStreams } from "../base/random.js";
import { loadUserModules } from "../experiment/module-file.js";
import { packageVersion } from "../experiment/version.js";
import type { StopReason, StreamletId } from "../ports/fleet.js";
import { HISTORY_BIN_MS } from "../world/history.js";
import { poolsOf } from "../world/pools.js";
import type { RunResult } from "../world/run-result.js";
import { HANG_TIMEOUT_MS, type PolicySpec, type Scenario } from "../world/scenario/scenario.js";
import { knownFormats } from "./format.js";
import { defaultGateway, GatewayServer } from "./gateway/gateway-server.js";
import { compiledEntry, type Runtime, scrubbedEnvironment } from "./launch-command.js";
import { noLimits } from "./limits/limits.js";
import { LineFile } from "./line-file.js";
import { LiveFaults } from "./live-faults.js";
import { LiveHistory } from "./live-history.js";
import { LiveMetrics } from "./live-metrics.js";
import { liveResult } from "./live-result.js";
import { type DataPlane, LiveRun } from "./live-run.js";
import { LiveWatch } from "./live-watch.js";
import type { LoadOrders, LoadReport } from "./load/load-orders.js";
import { ManagerSupervisor } from "./manager-supervisor.js";
import { defaultTimes, type ProcessClass } from "./process-host.js";
import type { LineSink } from "./run-log.js";
import { type LogLevel, StructuredLog } from "./structured-log.js";

/** A client waits no longer than this, whatever the scenario says: one that waits for ever is a leak. In ms of the run's clock. */
const MAX_PATIENCE_MS = 3_600_000;
/** Of a Node process: its own, V8's workers, libuv's pool, and some to spare. */
const NODE_THREADS = 24;
/** At the end streams get this long to come to theirs. */
const DRAIN_MS = 10_000;

/** A bin that has closed is on disk within this. */
const LOOK_FOR_BINS_MS = 10_000;

export interface SessionOptions {
  readonly scenario: Scenario;
  readonly policy: PolicySpec;
  readonly runtime: Runtime;
  /** True: no traffic of ours; runs until stopped or the duration is over. */
  readonly serve: boolean;
  readonly address: string;
  readonly port: number;
  readonly managerPort: number;
  readonly token: string | undefined;
  readonly requireLimits: boolean;
  readonly upstreams: readonly string[];
  /** Times as fast as the wall's clock. */
  readonly speed: number;
  readonly logFile: string;
  /** Where one was asked for: what happens, as one JSON object per line. */
  readonly structured?: { readonly level: LogLevel; readonly sink: LineSink };
  /** Most streamlets at once. */
  readonly room: number;
  /** Where arrivals are kept beyond this run, and where those of the runs before are; none if left out. */
  readonly historyFolder?: string | undefined;
}

export interface FinishedSession {
  readonly result: RunResult | undefined;
  readonly load: LoadReport | undefined;
  readonly worstLagMs: number;
}

/** Runs until the scenario's duration is over or the signal is raised; `tell` gets lines for people. */
export async function runSession(
  options: SessionOptions,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<FinishedSession> {
  const { scenario, historyFolder } = options;
  if (historyFolder === undefined) return runWith(options, undefined, signal, tell);
  const names = poolsOf(scenario).map((pool) => pool.name);
  const history = LiveHistory.open(historyFolder, names, Date.now());
  tell(`history: ${history.knownBins} bins before this run, in ${historyFolder}`);
  try {
    // Hours and weekdays are the wall's, so that what was learnt fits.
    const dated = { ...scenario, traffic: { ...scenario.traffic, epochMs: history.epochMs } };
    return await runWith({ ...options, scenario: dated }, history, signal, tell);
  } finally {
    history.close();
  }
}

async function runWith(
  options: SessionOptions,
  history: LiveHistory | undefined,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<FinishedSession> {
  const { scenario, policy, token, speed } = options;
  const classes = classesOf(scenario, options.runtime);
  const log = await LineFile.open(options.logFile, "w");
  const watch = watchOf(options, tell);
  let faults: LiveFaults | undefined;
  const run = new LiveRun({
    scenario,
    policy,
    modules: await loadUserModules(scenario),
    sink: (line) => log.write(line),
    telemetry: watch.telemetry,
    listener: watch.listener,
    room: options.room,
    past: history?.past,
    version: packageVersion(),
    retryAfterSeconds: defaultGateway.retryAfterSeconds,
    speed,
  });
  const manager = await ManagerSupervisor.start(
    {
      classes,
      times: { ...defaultTimes, hungAfterMs: scenario.faults.hangTimeoutMs ?? HANG_TIMEOUT_MS },
      requireLimits: options.requireLimits,
      address: options.address,
      port: options.managerPort,
      ...(token === undefined ? {} : { token }),
    },
    {
      onReady: (id) => {
        faults?.onReady(id);
        run.onReady(id);
      },
      onEnded: (id, report) => run.onEnded(id, report),
      onBeat: (id, beat) => run.onBeat(id, beat),
      onStopped: (id, reason, detail, lost) => {
        faults?.onStopped(id);
        run.onStopped(id, reason, detail, lost);
      },
      onAsked: (wish) => run.onAsked(wish),
      onManager: (event) => watch.onManager(event),
      tell: (line) => watch.tell("manager", line),
    },
  );
  for (const line of manager.up.told) watch.tell("manager", line);
  faults = new LiveFaults(scenario.faults, speed, new RandomStreams(scenario.seed, 0).named("faults"), manager);
  const gateway = new GatewayServer(
    run,
    { ...defaultGateway, token, rules: rulesOf(options) },
    { onRefused: (reason, status) => watch.onRefused(reason, status), page: (path) => pageOf(path, watch.metrics) },
  );
  const keeping = history === undefined ? undefined : keepHistory(history, run, speed);
  const restart = (): void => void manager.restart();
  if (options.serve) process.on("SIGHUP", restart);
  try {
    refuseUncappedHogs(scenario, manager.up.enforced.memory);
    const port = await gateway.listen(options.address, options.port).catch((error: NodeJS.ErrnoException) => {
      throw new InputError({ where: "--port", got: `a port that cannot be listened on (${error.code})` });
    });
    const say = (line: string): void => watch.tell("gateway", line);
    say(`gateway on http://${options.address}:${port}/stream (also raw TCP and WebSocket), metrics at /metrics`);
    say(`streamlet manager on http://${options.address}:${manager.up.port}/openapi.json`);
    const load = options.serve ? undefined : await startLoad();
    const ended = new Promise<void>((resolve) => {
      run.start(withFaults(manager, faults), scenario.durationMs, resolve);
    });
    load?.send({ scenario, port, speed, token } satisfies LoadOrders);
    await Promise.race([ended, raised(signal)]);
    gateway.drain();
    say("the gateway takes no one in any more");
    const report = load === undefined ? undefined : await askLoad(load);
    if (signal.aborted) await drained(run);
    run.driver.stop();
    await ended;
    return { result: liveResult(run.world, policy.name), load: report, worstLagMs: run.driver.worstLagMs };
  } finally {
    process.off("SIGHUP", restart);
    keeping?.stop();
    faults.stop();
    gateway.close();
    await manager.shutDown();
    await log.close();
  }
}

/** Writes each bin soon after it has closed. */
function keepHistory(history: LiveHistory, run: LiveRun, speed: number): { stop(): void } {
  const { kernel, control } = run.world;
  const take = (): void => history.take(control.arrivals.view(kernel.nowMs()));
  const timer = setInterval(take, Math.min(LOOK_FOR_BINS_MS, Math.max(10, HISTORY_BIN_MS / speed)));
  return {
    stop: () => {
      clearInterval(timer);
      take();
    },
  };
}

function watchOf({ scenario, structured }: SessionOptions, tell: (line: string) => void): LiveWatch {
  const names = poolsOf(scenario).map((pool) => pool.name);
  const log = structured === undefined ? undefined : new StructuredLog(structured.level, structured.sink, names);
  return new LiveWatch(new LiveMetrics(scenario, names), log, tell);
}

function classesOf(scenario: Scenario, runtime: Runtime): ProcessClass[] {
  const known = knownFormats();
  const strange = scenario.traffic.formats.find((format) => !known.includes(format));
  if (strange !== undefined) {
    throw new InputError({
      where: `scenario ${scenario.name}`,
      got: `the format "${strange}"`,
      expected: `formats that live streamlets decode: ${known.join(", ")}`,
      remedy: "Name the formats of the traffic in its mix",
    });
  }
  const { classes } = scenario.fleet;
  return poolsOf(scenario).map((pool) => {
    const { cpu, memoryBytes, bitsPerSecond, pids = noLimits.pids } = classes[pool.index % classes.length];
    const limits = { cpu, memoryBytes, bitsPerSecond, pids: checkPids(runtime, pids) };
    const formats = pool.formats.map((format) => scenario.traffic.formats[format]);
    return { name: pool.name, runtime, formats, limits };
  });
}

/** What nothing ends would take the machine's memory. */
function refuseUncappedHogs({ faults }: Scenario, enforced: string | undefined): void {
  const never = (faults.memoryHogMtbfMs ?? Number.POSITIVE_INFINITY) === Number.POSITIVE_INFINITY;
  if (never || (enforced !== undefined && enforced !== "none")) return;
  throw new InputError({
    where: "faults.memoryHogMtbf",
    got: "streamlets that take all memory, on a machine that enforces no memory limit",
    expected: "cgroups, or a /proc that tells what a process has",
    remedy: "Leave memoryHogMtbf out here",
  });
}

function checkPids(runtime: Runtime, pids: number): number {
  if (runtime !== "node" || pids >= NODE_THREADS) return pids;
  throw new InputError({
    where: "fleet.streamlet.pids",
    got: String(pids),
    expected: `at least ${NODE_THREADS}: processes and threads are counted together, and a Node streamlet has that many threads`,
    remedy: "Raise it, or take --runtime native, which needs 1",
  });
}

function rulesOf({ scenario, upstreams }: SessionOptions): GatewayServer["spec"]["rules"] {
  return { scenario, upstreams: new Set(upstreams), maxBytes: 0, idleTimeoutMs: 60_000, patienceMs: MAX_PATIENCE_MS };
}

function pageOf(path: string, metrics: LiveMetrics): Promise<{ type: string; body: string }> | undefined {
  if (path === "/metrics") return metrics.page();
  return path === "/health" ? Promise.resolve({ type: "application/json", body: '{"status":"up"}\n' }) : undefined;
}

function withFaults(plane: DataPlane, faults: LiveFaults): DataPlane {
  return {
    launch: (id: StreamletId, pool: number) => {
      plane.launch(id, pool);
      faults.onLaunch(id);
    },
    open: (id, order, socket) => plane.open(id, order, socket),
    stop: (id: StreamletId, reason: StopReason) => plane.stop(id, reason),
    kill: (id: StreamletId, reason: StopReason) => plane.kill(id, reason),
  };
}

/** The load generator, loaded: it would compete with the first streamlets for the cores (a burst of four: 411 ms, and 350 without). */
async function startLoad(): Promise<ChildProcess> {
  const env = scrubbedEnvironment(process.env);
  const stdio: ("ignore" | "inherit" | "ipc")[] = ["ignore", "ignore", "inherit", "ipc"];
  const load = fork(compiledEntry("./load/main.js"), [], { env, execArgv: [], serialization: "advanced", stdio });
  await new Promise((resolve) => load.once("message", resolve).once("exit", resolve));
  return load;
}

/** Ends the load generator; undefined if it had ended by itself, which it should not. */
function askLoad(load: ChildProcess): Promise<LoadReport | undefined> {
  return new Promise((resolve) => {
    load.once("message", (report) => resolve(report as LoadReport));
    load.once("exit", () => resolve(undefined));
    if (load.connected) load.send("report");
    else resolve(undefined);
  });
}

function raised(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Waits for open streams to come to their end, up to a bound. */
async function drained(run: LiveRun): Promise<void> {
  const deadlineMs = performance.now() + DRAIN_MS;
  while (run.world.fleet.open > 0 && performance.now() < deadlineMs)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
