import { AssertionError } from "../base/assert.js";
import { RandomStreams } from "../base/random.js";
import type { ControlPlane } from "../control/control-plane.js";
import type { PastArrivals } from "../control/monitor/arrival-counts.js";
import { Kernel } from "../kernel/kernel.js";
import { ReconnectingClients } from "../model/clients.js";
import type { HostSupply } from "../model/host-supply.js";
import { RequestStock, type SimRequest } from "../model/request.js";
import type { SimFleet } from "../model/sim-fleet.js";
import type { FitMemory } from "../ports/forecaster.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import { buildControl, initialCounts } from "./build-control.js";
import { buildFleet, hostCount } from "./build-fleet.js";
import { buildRecorder } from "./build-recorder.js";
import { buildTraffic } from "./build-traffic.js";
import { HostBill } from "./host-bill.js";
import { checkInvariants } from "./invariants.js";
import { measuredWindow } from "./metrics.js";
import { poolsOf } from "./pools.js";
import { recordedFields } from "./recorded-fields.js";
import type { Recorder, UnservedListener } from "./recorder/recorder.js";
import type { RunResult } from "./run-result.js";
import type { PolicySpec } from "./scenario/policy-spec.js";
import type { Scenario } from "./scenario/scenario.js";
import { TelemetryTee } from "./telemetry-tee.js";
import { withUnit } from "./unit.js";
import type { UserModules } from "./user-modules.js";

/** A run stops about this many times to report its progress. */
const PROGRESS_STEPS = 50;

/** Options that do not change the result. */
export interface SimulateOptions {
  /** Share of the run that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  /** Fits of earlier runs, which this run may reuse and adds to. */
  readonly fits?: FitMemory;
}

/**
 * Simulates one policy in one replication. The same scenario, seed and replication give the same
 * bytes. Another policy gets the same first-attempt arrivals, series, holding times and patience:
 * they come from random streams that no policy uses.
 */
export function simulate(
  scenario: Scenario,
  policySpec: PolicySpec,
  replication: number,
  modules: UserModules,
  { onProgress, fits }: SimulateOptions = {},
): RunResult {
  const run = new SimulatedRun(scenario, policySpec, modules, { replication, fits });
  for (let step = 1; step <= PROGRESS_STEPS; step++) {
    run.advance((scenario.durationMs * step) / PROGRESS_STEPS);
    onProgress?.(step / PROGRESS_STEPS);
  }
  return run.result();
}

/**
 * Replication, listener, and the differences between a counterfactual run of a live log and a
 * simulation.
 */
export interface RunVariant {
  /** 0 if left out. */
  readonly replication?: number;
  /** Creates a second telemetry listener from the run's clock. */
  readonly watch?: (scheduler: Scheduler) => Telemetry;
  /**
   * The first streamlets take their spawn time, as processes do. Otherwise they are ready at t=0.
   */
  readonly coldStart?: boolean;
  /** Makes the traffic. */
  readonly traffic?: (...parts: Parameters<typeof buildTraffic>) => { start(): void };
  /** The live run's history before its start; in a simulation it is drawn. */
  readonly past?: PastArrivals | undefined;
  /** Fits of runs before this one; none if left out. */
  readonly fits?: FitMemory | undefined;
}

/**
 * One run, wired and started at t=0. The caller drives the kernel: `simulate` at full speed, a
 * paced run by the host's clock. The result is the same.
 */
export class SimulatedRun {
  readonly kernel = new Kernel();
  readonly recorder: Recorder;
  readonly fleet: SimFleet;
  readonly control: ControlPlane;

  private readonly scenario: Scenario;
  private readonly replication: number;
  private readonly hostBill: HostBill;
  /** Elastic hosts, where there are any. */
  readonly hostSupply: HostSupply | undefined;

  constructor(
    given: Scenario,
    private readonly policySpec: PolicySpec,
    modules: UserModules,
    { replication = 0, watch, coldStart = false, traffic = buildTraffic, past, fits }: RunVariant = {},
  ) {
    this.replication = replication;
    const { kernel } = this;
    const scenario = withUnit(given, policySpec);
    this.scenario = scenario;
    const streams = new RandomStreams(scenario.seed, replication);
    const pools = poolsOf(scenario);
    this.recorder = buildRecorder(scenario, pools, kernel, replication === 0);
    const stock = new RequestStock();
    const { fleet, hostSupply } = buildFleet(scenario, pools, streams, kernel, stock);
    this.fleet = fleet;
    this.hostSupply = hostSupply;
    this.hostBill = hostBillOf(scenario);
    hostSupply?.onEachEnded((launchedAtMs, endedAtMs) => this.hostBill.onEnded(launchedAtMs, endedAtMs));
    const telemetry = watch === undefined ? this.recorder : new TelemetryTee(this.recorder, watch(kernel));
    const parts = { scheduler: kernel, fleet, telemetry, past, fits };
    this.control = buildControl(scenario, policySpec, pools, streams, modules, parts, hostSupply);
    const send = (request: SimRequest): void => this.control.request(request);
    this.explained(() => {
      this.recorder.start(reconnecting(scenario, streams, kernel, stock, send), drainingStreamMs(this.control));
      if (coldStart) this.fleet.start();
      this.control.start(initialCounts(policySpec, pools));
      if (!coldStart) this.fleet.start();
      traffic(scenario, streams, kernel, stock, send, fleet.loadMatters).start();
    });
  }

  /** Runs to an instant, at full speed. */
  advance(untilMs: number): void {
    this.explained(() => this.kernel.run(untilMs));
  }

  /**
   * Checks the invariants and returns the result, once. The kernel must have reached the scenario's
   * duration.
   */
  result(): RunResult {
    const { recorder, scenario } = this;
    const { durationMs, warmupMs, cost, slo } = scenario;
    const counts = this.explained(() => checkInvariants(recorder, this.fleet, durationMs));
    this.control.gateway.waitingRoom.visit((request) => recorder.onStillWaiting(request));
    const hosts = { hosts: hostCount(scenario), unusedHostMs: this.hostBill.unusedMs };
    return {
      policy: this.policySpec.name,
      replication: this.replication,
      ...measuredWindow(recorder, { durationMs, warmupMs, cost, slo, ...hosts }),
      counts,
      ...recordedFields(recorder, durationMs),
      events: this.kernel.events,
    };
  }

  /** A failed assertion names the run, the instant, and the replay command. */
  private explained<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      const { scenario, policySpec, replication, kernel } = this;
      throw new AssertionError(
        `${error.message}\n  seed ${scenario.seed}, replication ` +
          `${replication}, policy ${policySpec.name}, at ${kernel.nowMs()} ms\n` +
          `  replay: headrace simulate ${scenario.name}.yaml --seed ${scenario.seed} ` +
          `--policy ${policySpec.name} --replications ${replication + 1}`,
      );
    }
  }
}

/** ∫ open streams on draining streamlets dt, over all pools, as the control plane counts it. */
export function drainingStreamMs({ pools }: ControlPlane): (nowMs: number) => number {
  return (nowMs) => {
    let sum = 0;
    for (const pool of pools) sum += pool.drainingStreamMs(nowMs);
    return sum;
  };
}

function hostBillOf({ cost, warmupMs, durationMs }: Scenario): HostBill {
  const spec = { minimumMs: cost?.minimumChargeMs ?? 0, stepMs: cost?.billingStepMs ?? 0 };
  return new HostBill({ fromMs: warmupMs, toMs: durationMs, ...spec });
}

function reconnecting(
  scenario: Scenario,
  streams: RandomStreams,
  kernel: Kernel,
  stock: RequestStock,
  send: (request: SimRequest) => void,
): UnservedListener | undefined {
  if (scenario.reconnect === undefined) return undefined;
  const clients = new ReconnectingClients(scenario.reconnect, streams.named("reconnect"), {
    scheduler: kernel,
    stock,
    send,
  });
  return {
    onInterrupted: (request) => clients.onInterrupted(request as SimRequest),
    onUnserved: (request) => clients.onUnserved(request as SimRequest),
  };
}
