// A live run from start to end: start the manager, listen, serve traffic (generated here or by
// clients), drain, write the result.
import { RandomStreams } from "../../base/random.js";
import { loadUserModules } from "../../experiment/module-file.js";
import { packageVersion } from "../../experiment/version.js";
import { poolsOf } from "../../world/pools.js";
import type { RunResult } from "../../world/run-result.js";
import type { UserModules } from "../../world/user-modules.js";
import { runFacts } from "../../world/watch/run-facts.js";
import { defaultGateway, GatewayServer } from "../gateway/gateway-server.js";
import type { LoadOrders } from "../load/load-orders.js";
import { askLoad, startLoad } from "../load/load-process.js";
import { LineFile } from "../log/line-file.js";
import type { LineSink } from "../log/run-log.js";
import { liveResult } from "../replay/live-result.js";
import { LiveFaults, withFaults } from "../run/live-faults.js";
import { LiveRun } from "../run/live-run.js";
import { ManagerSupervisor } from "../run/manager-supervisor.js";
import { LiveMetrics } from "../watch/live-metrics.js";
import { LiveWatch } from "../watch/live-watch.js";
import { StructuredLog } from "../watch/structured-log.js";
import { WatchFeed } from "../watch/watch-feed.js";
import { type ChangeToken, drawChangeToken } from "./change-token.js";
import { drained, raised } from "./end-of-run.js";
import { gatewayPage } from "./gateway-pages.js";
import { gatewayState, hasRoom } from "./gateway-state.js";
import { greeting } from "./greeting.js";
import { HistoryKeeper } from "./history-keeper.js";
import { listening } from "./listening.js";
import { LiveHistory } from "./live-history.js";
import { managerOrders } from "./manager-orders.js";
import { supervisorListener } from "./manager-reports.js";
import { checkDescriptors, classesOf, descriptorLimit, isolationOf, refuseUncappedHogs } from "./session-checks.js";
import type { FinishedSession, SessionOptions } from "./session-options.js";
import { watchedRun } from "./watched-run.js";

/**
 * Longest wait of a client, whatever the scenario allows, in ms of the run's clock: a bound on
 * memory.
 */
const MAX_PATIENCE_MS = 3_600_000;
/** How often the gateway reports to the manager, for its /ready, whether there is room. */
const ROOM_MS = 1000;

/**
 * Runs until the scenario's duration is over or the signal is raised; `onNotice` gets lines for
 * people.
 */
export async function runSession(
  options: SessionOptions,
  signal: AbortSignal,
  onNotice: (line: string) => void,
): Promise<FinishedSession> {
  const { scenario, historyFolder } = options;
  checkDescriptors(descriptorLimit());
  const classes = classesOf(scenario, options.runtime, isolationOf(options));
  if (historyFolder === undefined) return new Session(options, classes, undefined, onNotice).run(signal);
  const names = poolsOf(scenario).map((pool) => pool.name);
  const history = LiveHistory.open(historyFolder, names, Date.now());
  onNotice(`history: ${history.knownBins} bins before this run, in ${historyFolder}`);
  for (const line of history.damages) onNotice(line);
  try {
    // Hours and weekdays are the wall clock's, as in the history.
    const dated = { ...scenario, traffic: { ...scenario.traffic, epochMs: history.epochMs } };
    return await new Session({ ...options, scenario: dated }, classes, history, onNotice).run(signal);
  } finally {
    history.close();
  }
}

/** The parts of a running live run. */
interface Up {
  readonly run: LiveRun;
  readonly manager: ManagerSupervisor;
  readonly gateway: GatewayServer;
  readonly faults: LiveFaults | undefined;
  readonly port: number;
}

class Session {
  private readonly watch: LiveWatch;
  private faults: LiveFaults | undefined;
  private isDraining = false;
  private startedAt = 0;

  constructor(
    private readonly options: SessionOptions,
    private readonly classes: ReturnType<typeof classesOf>,
    private readonly history: LiveHistory | undefined,
    onNotice: (line: string) => void,
  ) {
    const { scenario, structured, writes } = options;
    const names = poolsOf(scenario).map((pool) => pool.name);
    const log = structured === undefined ? undefined : new StructuredLog(structured.level, structured.sink, names);
    const facts = runFacts(scenario, options.policy, options.serve ? Number.POSITIVE_INFINITY : scenario.durationMs);
    this.watch = new LiveWatch(new LiveMetrics(scenario, names), log, onNotice, new WatchFeed(facts));
    writes.connect(this.watch);
  }

  async run(signal: AbortSignal): Promise<FinishedSession> {
    const { options } = this;
    const log = await LineFile.open(
      options.logFile,
      "replace-once-started",
      options.writes.listenerOf("run-log", options.logFile),
    );
    const started = { hasStarted: false };
    const change = options.token === undefined ? drawChangeToken() : undefined;
    let finished: Omit<FinishedSession, "unwritten">;
    try {
      finished = await this.runOn(log, change, signal, async () => {
        started.hasStarted = true;
        await log.commit();
      });
    } catch (error) {
      if (!started.hasStarted) await log.discard();
      throw error;
    } finally {
      change?.close();
      this.watch.close();
      await log.close();
    }
    return { ...finished, unwritten: log.unwritten };
  }

  private async runOn(
    log: LineFile,
    change: ChangeToken | undefined,
    signal: AbortSignal,
    onStart: () => Promise<void>,
  ): Promise<Omit<FinishedSession, "unwritten">> {
    const { options, watch } = this;
    const modules = await loadUserModules(options.scenario);
    const run = this.liveRun(modules, (line) => log.write(line));
    const orders = managerOrders(options, this.classes, change?.token);
    const manager = await ManagerSupervisor.start(
      orders,
      supervisorListener(run, watch, () => this.faults),
    );
    const { faults, gateway } = this.parts(run, manager);
    const keeping = this.history === undefined ? undefined : new HistoryKeeper(this.history, run, options, watch);
    const saying = setInterval(
      () => manager.setRoom(!this.isDraining && hasRoom(gatewayState(run, options, this.isDraining))),
      ROOM_MS,
    );
    const restart = (): void => void manager.restart();
    if (options.serve) process.on("SIGHUP", restart);
    try {
      refuseUncappedHogs(options.scenario, manager.up.enforced.memory);
      const port = await listening(gateway, options);
      await onStart();
      for (const line of manager.up.lines) watch.notice("manager", line);
      for (const line of greeting(options, port, manager.up.port, change)) watch.notice("gateway", line);
      const { result, ...finished } = await this.carry({ run, manager, gateway, faults, port }, signal);
      return { ...finished, result: withUnreadKnobs(result, modules.unreadKnobs()) };
    } finally {
      process.off("SIGHUP", restart);
      clearInterval(saying);
      keeping?.stop();
      faults?.stop();
      gateway.close();
      await manager.shutDown();
      watch.close();
    }
  }

  private liveRun(modules: UserModules, sink: LineSink): LiveRun {
    const { scenario, policy, room, speed } = this.options;
    return new LiveRun({
      scenario,
      policy,
      modules,
      sink,
      telemetry: this.watch.telemetry,
      listener: this.watch.listener,
      room,
      past: this.history?.past,
      version: packageVersion(),
      retryAfterSeconds: defaultGateway.retryAfterSeconds,
      speed,
    });
  }

  private parts(run: LiveRun, manager: ManagerSupervisor): Pick<Up, "faults" | "gateway"> {
    const { scenario, speed, token, address, upstreams } = this.options;
    const { watch } = this;
    const random = new RandomStreams(scenario.seed, 0).named("faults");
    const faults = this.options.withFaults ? new LiveFaults(scenario.faults, speed, random, manager) : undefined;
    this.faults = faults;
    const rules = { scenario, upstreams: new Set(upstreams), maxBytes: 0, idleTimeoutMs: 60_000 };
    const gateway = new GatewayServer(
      run,
      { ...defaultGateway, token, address, rules: { ...rules, patienceMs: MAX_PATIENCE_MS } },
      {
        onRefused: (reason, status) => watch.onRefused(reason, status),
        page: (path) => gatewayPage(path, watch, () => gatewayState(run, this.options, this.isDraining)),
      },
    );
    return { faults, gateway };
  }

  private async carry(up: Up, signal: AbortSignal): Promise<Omit<FinishedSession, "unwritten">> {
    const { run, manager, gateway, faults, port } = up;
    const { scenario, policy, speed, token, serve } = this.options;
    const load = serve ? undefined : await startLoad();
    this.startedAt = Date.now();
    const ended = new Promise<void>((resolve) => {
      run.start(faults === undefined ? manager : withFaults(manager, faults), scenario.durationMs, resolve);
    });
    this.watch.feed.connect(watchedRun(run, manager.up.port));
    this.options.onUp?.(this.watch.feed);
    load?.send({ scenario, port, speed, token } satisfies LoadOrders);
    await Promise.race([ended, raised(signal)]);
    this.isDraining = true;
    gateway.drain();
    this.watch.notice("gateway", "the gateway takes no further streams");
    const report = load === undefined ? undefined : await askLoad(load);
    if (signal.aborted) await drained(run);
    run.driver.stop();
    await ended;
    return {
      result: liveResult(run.world, policy.name),
      load: report,
      worstLagMs: run.driver.worstLagMs,
      losses: this.watch.losses,
      startedAt: this.startedAt,
      durationMs: run.world.kernel.nowMs(),
    };
  }
}

/** Known at the end only: a module may read a knob at any decision. */
function withUnreadKnobs(result: RunResult | undefined, unread: readonly string[]): RunResult | undefined {
  return result === undefined || unread.length === 0 ? result : { ...result, unreadKnobs: unread };
}
