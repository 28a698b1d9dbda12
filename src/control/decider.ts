import { AssertionError } from "../base/assert.js";
import type { FleetObservation, Policy, PoolDecision, PoolObservation, ScaleDecision } from "../ports/policy.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import type { Manager } from "./manager.js";
import { PolicyFailure, textOfThrown } from "./policy-failure.js";
import type { StreamletPool } from "./streamlet-pool.js";

/** No pool gets more, whatever its max: ten times the largest fleet that is spoken of. A run with a million streamlets would seem to hang. */
export const MAX_DESIRED = 100_000;
/** Longest text of a policy that is kept per decision. */
const MAX_REASON_LENGTH = 120;

export interface DeciderSpec {
  readonly tickMs: number;
  readonly scrapeLagMs: number;
  /** Bounds per pool. */
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** Where a policy may go below `min`, the least it may ask for (KEDA's idle count); `min` if left out. */
  readonly floor?: readonly number[];
  /** Advisory: decide and record, do not act. Off: do not even decide. */
  readonly mode: "active" | "advisory" | "off";
}

/**
 * Asks the policy, holds its answer to the bounds, records it with its reason, and has it carried out. A policy's nonsense (a throw, NaN, a
 * negative or absurd number) is a recorded refusal, never the end of a run.
 */
export class Decider {
  private hasFailed = false;

  constructor(
    private readonly spec: DeciderSpec,
    private readonly policy: Policy,
    private readonly manager: Manager,
    private readonly scheduler: Scheduler,
    private readonly telemetry: Telemetry,
  ) {}

  decide(observation: FleetObservation, pools: readonly StreamletPool[]): void {
    if (this.spec.mode === "off") return;
    this.hasFailed = false;
    this.telemetry.onPolicyAsked?.();
    const decision = this.ask(observation);
    for (const pool of pools) {
      const wish = decision[pool.index];
      if (wish === undefined) {
        if (observation.trigger === "tick") this.manager.reconcile(pool);
        continue;
      }
      this.carryOut(pool, observation.pools[pool.index], wish);
    }
  }

  private ask(observation: FleetObservation): ScaleDecision {
    try {
      const decision: unknown = this.policy.decide(observation, observation.nowMs);
      if (Array.isArray(decision)) return decision as ScaleDecision;
      return this.nonsense(observation, "policy-returned-no-list", "decide returned no list", undefined);
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      const { kind, at } = error instanceof PolicyFailure ? error : { kind: "policy-threw", at: undefined };
      return this.nonsense(observation, kind, textOfThrown(error), at);
    }
  }

  /** What is in force stays, and the refusal is recorded for each pool. */
  private nonsense(
    observation: FleetObservation,
    kind: string,
    message: string,
    at: string | undefined,
  ): ScaleDecision {
    this.failed(message, at);
    const refusal = kind === "policy-returned-no-list" ? kind : `${kind}: ${message.slice(0, MAX_REASON_LENGTH)}`;
    for (let i = 0; i < observation.pools.length; i++) {
      this.record(i, observation.pools[i], { desired: Number.NaN, reason: "" }, observation.pools[i].desired, refusal);
    }
    return [];
  }

  /** One failure per decision, however many pools it concerns. */
  private failed(message: string, at: string | undefined): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.telemetry.onPolicyFailure?.({ atMs: this.scheduler.nowMs(), message, ...(at === undefined ? {} : { at }) });
  }

  private carryOut(pool: StreamletPool, seen: PoolObservation, wish: PoolDecision): void {
    const inForce = this.manager.desired(pool.index);
    const wanted: unknown = wish?.desired;
    if (typeof wanted !== "number" || !(wanted >= 0) || wanted === Number.POSITIVE_INFINITY) {
      this.failed("desired is not a count of streamlets", undefined);
      this.record(pool.index, seen, { desired: Number.NaN, reason: wish?.reason }, inForce, "not-a-count");
      return;
    }
    const whole = Math.ceil(wanted);
    const min = (this.spec.floor ?? this.spec.min)[pool.index];
    const max = Math.min(this.spec.max[pool.index], MAX_DESIRED);
    const desired = whole < min ? min : whole > max ? max : whole;
    let refusal = whole < min ? "below-min" : whole > max ? "above-max" : "";
    if (this.spec.mode === "advisory") {
      this.record(pool.index, seen, wish, desired, "advisory");
      return;
    }
    const parked: unknown = wish.parked;
    if (typeof parked === "number" && parked >= 0)
      this.manager.warmPool.resize(pool.index, Math.min(Math.ceil(parked), max));
    this.manager.setDesired(pool.index, desired);
    if (refusal === "") refusal = this.manager.shortOf[pool.index];
    this.record(pool.index, seen, wish, desired, refusal);
  }

  private record(pool: number, seen: PoolObservation, wish: PoolDecision, desired: number, refusal: string): void {
    this.telemetry.onDecision({
      atMs: this.scheduler.nowMs(),
      pool,
      wanted: wish.desired,
      desired,
      reason: typeof wish.reason === "string" ? wish.reason.slice(0, MAX_REASON_LENGTH) : "unstated",
      refusal,
      open: seen.open + seen.openDraining,
      waiting: seen.waiting,
      ready: seen.ready,
      spawning: seen.spawning,
      ...(wish.details === undefined ? {} : { details: wish.details }),
    });
  }
}
