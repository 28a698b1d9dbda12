import { AssertionError } from "../base/assert.js";
import type { FleetObservation, Policy, PoolDecision, ScaleDecision } from "../ports/policy.js";
import type { DecisionRecord, Telemetry } from "../ports/telemetry.js";
import type { Manager } from "./manager.js";
import { PolicyFailure, textOfThrown } from "./policy-failure.js";
import type { StreamletPool } from "./streamlet-pool.js";

/**
 * Most streamlets of a pool, whatever its `max`: ten times the largest fleet that Headrace is
 * made for. A run with a million streamlets would appear to hang.
 */
export const MAX_DESIRED = 100_000;
/** Longest text of a policy that is kept per decision, in characters. */
const MAX_REASON_LENGTH = 120;

export interface DeciderSpec {
  readonly tickMs: number;
  readonly scrapeLagMs: number;
  /** Bounds per pool. */
  readonly min: readonly number[];
  readonly max: readonly number[];
  /**
   * The least count that a policy may ask for if that is below `min` (KEDA's idle count); else
   * `min`.
   */
  readonly idleMin?: readonly number[];
  /** Advisory: decide and record, but do not act. Off: do not decide. */
  readonly mode: "active" | "advisory" | "off";
}

/**
 * Asks the policy, bounds its answer, records it with its reason, and passes it to the manager.
 * A policy that throws or returns nonsense (NaN, a negative or absurd number) does not end the run:
 * the decider records a refusal.
 */
export class Decider {
  constructor(
    private readonly spec: DeciderSpec,
    private readonly policy: Policy,
    private readonly manager: Manager,
    private readonly telemetry: Telemetry,
  ) {}

  decide(observation: FleetObservation, pools: readonly StreamletPool[]): void {
    if (this.spec.mode === "off") return;
    this.telemetry.onPolicyAsked?.();
    const decision = this.ask(observation);
    let unreadable = 0;
    for (const pool of pools) {
      const proposal = decision[pool.index];
      if (proposal === undefined) {
        if (observation.trigger === "tick") this.manager.reconcile(pool);
        continue;
      }
      if (isCount(proposal?.desired)) {
        this.carryOut(pool, observation, proposal);
        continue;
      }
      // One report per decision, however many pools it concerns.
      if (unreadable++ === 0) this.reportFailure(observation.nowMs, "desired is not a count of streamlets", undefined);
      this.refuseUnreadable(pool, observation, proposal);
    }
  }

  private ask(observation: FleetObservation): ScaleDecision {
    try {
      const decision: unknown = this.policy.decide(observation, observation.nowMs);
      if (Array.isArray(decision)) return decision as ScaleDecision;
      return this.refuseAll(observation, "policy-returned-no-list", "decide returned no list", undefined);
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      const { kind, at } = error instanceof PolicyFailure ? error : { kind: "policy-threw", at: undefined };
      return this.refuseAll(observation, kind, textOfThrown(error), at);
    }
  }

  /** Every pool keeps its desired count, and records the refusal. */
  private refuseAll(
    observation: FleetObservation,
    kind: string,
    message: string,
    at: string | undefined,
  ): ScaleDecision {
    this.reportFailure(observation.nowMs, message, at);
    const refusal = kind === "policy-returned-no-list" ? kind : `${kind}: ${message.slice(0, MAX_REASON_LENGTH)}`;
    observation.pools.forEach(({ desired }, pool) => {
      this.record(observation, pool, { desired: Number.NaN, reason: "" }, { desired, refusal });
    });
    return [];
  }

  private reportFailure(atMs: number, message: string, at: string | undefined): void {
    this.telemetry.onPolicyFailure?.({ atMs, message, ...(at === undefined ? {} : { at }) });
  }

  private refuseUnreadable({ index }: StreamletPool, observation: FleetObservation, proposal: PoolDecision): void {
    const unreadable = { desired: Number.NaN, reason: proposal?.reason };
    this.record(observation, index, unreadable, { desired: this.manager.desired(index), refusal: "not-a-count" });
  }

  private carryOut(pool: StreamletPool, observation: FleetObservation, proposal: PoolDecision): void {
    const { index } = pool;
    const whole = Math.ceil(proposal.desired);
    const min = (this.spec.idleMin ?? this.spec.min)[index];
    const max = Math.min(this.spec.max[index], MAX_DESIRED);
    const desired = whole < min ? min : whole > max ? max : whole;
    if (this.spec.mode === "advisory") {
      this.record(observation, index, proposal, { desired, refusal: "advisory" });
      return;
    }
    const parked: unknown = proposal.parked;
    if (typeof parked === "number" && parked >= 0)
      this.manager.warmPool.resize(index, Math.min(Math.ceil(parked), max));
    this.manager.setDesired(index, desired);
    const refusal = whole < min ? "below-min" : whole > max ? "above-max" : this.manager.shortOf[index];
    this.record(observation, index, proposal, { desired, refusal });
  }

  private record(
    observation: FleetObservation,
    pool: number,
    proposal: PoolDecision,
    outcome: { readonly desired: number; readonly refusal: string },
  ): void {
    const seen = observation.pools[pool];
    const decision: { -readonly [Key in keyof DecisionRecord]: DecisionRecord[Key] } = {
      atMs: observation.nowMs,
      pool,
      wanted: proposal.desired,
      desired: outcome.desired,
      reason: typeof proposal.reason === "string" ? shortened(proposal.reason) : "unstated",
      refusal: outcome.refusal,
      open: seen.open + seen.openDraining,
      waiting: seen.waiting,
      ready: seen.ready,
      spawning: seen.spawning,
    };
    // A spread of an object with floats is slow: it took 5 % of a predictive run.
    if (proposal.details !== undefined) decision.details = proposal.details;
    this.telemetry.onDecision(decision);
  }
}

function shortened(reason: string): string {
  return reason.length <= MAX_REASON_LENGTH ? reason : reason.slice(0, MAX_REASON_LENGTH);
}

function isCount(wanted: unknown): boolean {
  return typeof wanted === "number" && wanted >= 0 && wanted !== Number.POSITIVE_INFINITY;
}
