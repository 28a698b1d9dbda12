import { fail } from "../../base/assert.js";
import { RandomStreams } from "../../base/random.js";
import type { ControlPlane } from "../../control/control-plane.js";
import type { PastArrivals } from "../../control/monitor/arrival-counts.js";
import { Kernel } from "../../kernel/kernel.js";
import type { StreamRequest } from "../../ports/fleet.js";
import type { Telemetry } from "../../ports/telemetry.js";
import { buildControl, initialCounts } from "../../world/build-control.js";
import { buildRecorder } from "../../world/build-recorder.js";
import { forecasterOf } from "../../world/build-trainer.js";
import { poolsOf } from "../../world/pools.js";
import { Recorder } from "../../world/recorder/recorder.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { drainingStreamMs } from "../../world/simulate.js";
import { TelemetryTee } from "../../world/telemetry-tee.js";
import type { UserModules } from "../../world/user-modules.js";
import type { OutsideEvent } from "../log/outside-event.js";
import { type LineSink, RunLog } from "../log/run-log.js";
import type { OperatorRequest } from "../wire/messages.js";
import { LiveTraining } from "./live-training.js";
import { type FleetActuator, ProcessFleet } from "./process-fleet.js";

/** A request that came from outside. */
class LiveRequest implements StreamRequest {
  startedAtMs = Number.NaN;
  pool = -1;
  readonly id: number;
  readonly series: number;
  readonly region: number;
  readonly format: number;
  readonly attempt: number;
  readonly patienceMs: number;
  readonly source: number | undefined;

  constructor(
    event: OutsideEvent & { readonly kind: "request" },
    readonly arrivedAtMs: number,
  ) {
    this.id = event.request;
    this.series = event.series;
    this.region = event.region;
    this.format = event.format;
    this.attempt = event.attempt;
    this.patienceMs = event.patienceMs;
    this.source = event.source;
  }
}

export interface LiveWorldParts {
  readonly modules: UserModules;
  readonly actuator: FleetActuator;
  /** Where the run log goes. */
  readonly sink: LineSink;
  /**
   * Gets the same events as the recorder: for metrics, and for the gateway server, which answers
   * the clients.
   */
  readonly telemetry: Telemetry;
  /** What was counted before t=0, where a history was kept. */
  readonly past?: PastArrivals | undefined;
  /** Most streamlets at once on this machine. */
  readonly room: number;
}

/**
 * The control plane on a fleet of processes. Live, the clock paces it and the world feeds it; in
 * a replay a log feeds it at full speed.
 */
export class LiveWorld {
  readonly kernel = new Kernel();
  readonly fleet: ProcessFleet;
  readonly control: ControlPlane;
  readonly recorder: Recorder;
  readonly log: RunLog;
  readonly training: LiveTraining;
  private readonly policySpec: PolicySpec;

  constructor(
    readonly scenario: Scenario,
    policySpec: PolicySpec,
    parts: LiveWorldParts,
  ) {
    this.policySpec = policySpec;
    this.training = new LiveTraining(forecasterOf(parts.modules));
    const streams = new RandomStreams(scenario.seed, 0);
    const pools = poolsOf(scenario);
    const { kernel } = this;
    this.log = new RunLog(parts.sink, () => kernel.nowMs());
    this.recorder = buildRecorder(scenario, pools, kernel, true);
    this.fleet = new ProcessFleet(kernel, parts.actuator, parts.room);
    const telemetry = new TelemetryTee(new TelemetryTee(this.log, this.recorder), parts.telemetry);
    const controlParts = { scheduler: kernel, fleet: this.fleet, telemetry, training: this.training, past: parts.past };
    this.control = buildControl(scenario, policySpec, pools, streams, parts.modules, controlParts);
  }

  /** Starts the control plane at t=0. */
  start(): void {
    this.recorder.start(undefined, drainingStreamMs(this.control));
    this.control.start(initialCounts(this.policySpec, poolsOf(this.scenario)));
  }

  /** Applies an outside event at its time. */
  apply(event: OutsideEvent): void {
    switch (event.kind) {
      case "request":
        this.control.request(new LiveRequest(event, this.kernel.nowMs()));
        return;
      case "withdrawn":
        this.control.gateway.withdraw(event.request);
        return;
      case "ready":
        this.fleet.reportReady(event.id);
        return;
      case "ended":
        this.fleet.reportEnded(event.id, event.request, event.end, event.degraded);
        return;
      case "stopped":
        this.fleet.reportStopped(event.id, event.reason, event.degraded);
        return;
      case "asked":
        this.carryOut(event.ask, event.id);
        return;
      case "trained":
        this.training.apply(event);
        return;
      case "end":
        return;
    }
  }

  /** Does what an operator asks within min and max; the policy's next decision may undo it. */
  private carryOut(ask: OperatorRequest["ask"], id: number): void {
    const { manager, pools } = this.control;
    if (ask === "terminate") this.fleet.kill(id);
    else if (ask === "drain") manager.evict(id);
    else if (pools[id] !== undefined) manager.setDesired(id, manager.desired(id) + 1);
  }

  /** Asserts that every request is accounted for, and that fleet and control plane agree. */
  checkBooks(): void {
    const tally = Recorder.tally;
    const ended = [tally.completed, tally.interrupted, tally.rejected, tally.abandoned];
    const accounted = ended.reduce((sum, of) => sum + this.recorder.count(of), this.control.gateway.waitingRoom.size);
    const arrived = this.recorder.count(tally.arrived);
    if (accounted + this.fleet.open !== arrived)
      fail(`${arrived} requests arrived, ${accounted + this.fleet.open} are accounted for`);
    const open = this.control.pools.reduce((sum, pool) => sum + pool.open, 0);
    if (open !== this.fleet.open)
      fail(`the fleet carries ${this.fleet.open} streams, the control plane counts ${open}`);
  }
}
