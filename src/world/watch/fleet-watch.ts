import type { ControlPlane } from "../../control/control-plane.js";
import { isFailure, type StreamEnd, type StreamRequest, waitMsOf } from "../../ports/fleet.js";
import type { Scheduler } from "../../ports/scheduler.js";
import {
  type DecisionRecord,
  keptDecision,
  type RejectReason,
  type StreamletChange,
  type Telemetry,
} from "../../ports/telemetry.js";
import { type SloMinutes, slowAboveOf } from "../recorder/slo-minutes.js";
import { PlaceTable } from "./place-table.js";
import type { RunFacts } from "./run-facts.js";
import { type FaultEvent, FIGURES, Figure, type Sample } from "./sample.js";
import { WAIT_BUCKETS, waitBucket } from "./wait-buckets.js";

/** Most decisions and faults kept between two samples; beyond it the oldest are dropped. */
const KEPT_BETWEEN_SAMPLES = 5000;

/** The parts of a run that a sample reads. */
export interface WatchedParts {
  readonly control: ControlPlane;
  readonly slo: SloMinutes | undefined;
}

/**
 * Watches a run for display: counts the events of each pool, and takes samples. A sample changes
 * nothing, so a watched run gives the same bytes as any other.
 */
export class FleetWatch implements Telemetry {
  private readonly figures: Float64Array[];
  private readonly waits: Uint32Array[];
  private readonly places: PlaceTable[];
  private readonly lastDecisions: (DecisionRecord | undefined)[];
  private readonly lastDesired: number[] = [];
  private readonly losses = new Map<string, number>();
  private newDecisions: DecisionRecord[] = [];
  private newFaults: FaultEvent[] = [];
  private readonly slowAboveMs: number;
  private lastFault: FaultEvent | undefined;

  constructor(
    private readonly facts: RunFacts,
    private readonly scheduler: Pick<Scheduler, "nowMs">,
  ) {
    this.figures = facts.pools.map(() => new Float64Array(FIGURES));
    this.waits = facts.pools.map(() => new Uint32Array(WAIT_BUCKETS));
    this.places = facts.pools.map(({ slots }) => new PlaceTable(slots));
    this.lastDecisions = facts.subjects.map(() => undefined);
    this.slowAboveMs = slowAboveOf(facts.slo);
  }

  /** The state of the run now. Decisions and faults are those since the sample before. */
  sample({ control, slo }: WatchedParts): Sample {
    for (const pool of control.pools) {
      const figures = this.figures[pool.index];
      figures[Figure.ready] = pool.ready.length;
      figures[Figure.spawning] = pool.spawning.length;
      figures[Figure.draining] = pool.draining.length;
      figures[Figure.parked] = pool.parked.length;
      figures[Figure.desired] = control.manager.desired(pool.index);
      figures[Figure.open] = pool.open;
      figures[Figure.openDraining] = pool.openDraining;
      figures[Figure.waiting] = control.monitor.waitingAt(pool.index);
    }
    const { newDecisions, newFaults } = this;
    this.newDecisions = [];
    this.newFaults = [];
    return {
      atMs: this.scheduler.nowMs(),
      figures: this.figures.map((figures) => figures.slice()),
      waits: this.waits.map((counts) => counts.slice()),
      streamlets: control.pools.map((pool) => this.places[pool.index].read(pool)),
      lastDecisions: this.lastDecisions.map((decision) => decision && keptDecision(decision)),
      outlooks: control.pools.map((pool) => control.outlook(pool.index)),
      violatingMinutes: minutesOf(slo),
      losses: Array.from(this.losses),
      newDecisions,
      newFaults,
    };
  }

  onArrival({ series }: StreamRequest): void {
    this.count(this.facts.homes[series], Figure.arrivals);
  }

  onRejected({ series }: StreamRequest, reason: RejectReason): void {
    this.count(this.facts.homes[series], Figure.rejected);
    this.lose(`rejected: ${reason}`);
  }

  onAbandoned({ series }: StreamRequest): void {
    this.count(this.facts.homes[series], Figure.abandoned);
    this.lose("abandoned: waited too long");
  }

  onWaiting(): void {}

  onAssigned(request: StreamRequest): void {
    const { pool } = request;
    const waitMs = waitMsOf(request);
    const figures = this.figures[pool];
    figures[Figure.served]++;
    if (waitMs > this.slowAboveMs) figures[Figure.slow]++;
    this.waits[pool][waitBucket(waitMs)]++;
  }

  onStreamEnded({ pool }: StreamRequest, end: StreamEnd): void {
    if (end === "completed") return;
    this.count(pool, Figure.interrupted);
    const fault = this.lastFault;
    if (fault === undefined || fault.atMs !== this.scheduler.nowMs()) {
      this.lose("interrupted: by an operator or a client");
      return;
    }
    this.lose(`interrupted: ${fault.reason}`);
    this.lastFault = { ...fault, streams: fault.streams + 1 };
    if (this.newFaults.length > 0) this.newFaults[this.newFaults.length - 1] = this.lastFault;
  }

  onStreamletState({ id, pool, from, to, reason }: StreamletChange): void {
    if (from === "none") this.places[pool].enter(id);
    if (to !== "stopped") return;
    this.places[pool].leave(id);
    if (reason === "" || !isFailure(reason)) return;
    this.count(pool, Figure.failures);
    this.lastFault = { atMs: this.scheduler.nowMs(), pool, reason, streams: 0 };
    keep(this.newFaults, this.lastFault);
  }

  onDecision(decision: DecisionRecord): void {
    const { pool, desired, refusal } = decision;
    this.lastDecisions[pool] = decision;
    if (desired === this.lastDesired[pool] && refusal === "") return;
    this.lastDesired[pool] = desired;
    keep(this.newDecisions, keptDecision(decision));
  }

  private count(pool: number, figure: Figure): void {
    if (pool >= 0) this.figures[pool][figure]++;
  }

  private lose(cause: string): void {
    this.losses.set(cause, (this.losses.get(cause) ?? 0) + 1);
  }
}

function keep<T>(list: T[], one: T): void {
  list.push(one);
  if (list.length > KEPT_BETWEEN_SAMPLES) list.shift();
}

function minutesOf(slo: SloMinutes | undefined): number[] {
  const minutes: number[] = [];
  slo?.violations().forEach((violated, minute) => {
    if (violated > 0) minutes.push(minute);
  });
  return minutes;
}
