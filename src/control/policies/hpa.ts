import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { type PodSample, podsReplicas, resourceReplicas } from "./hpa-arithmetic.js";
import {
  type Behaviour,
  type Direction,
  defaultBehaviour,
  limitRate,
  type RatePolicy,
  stabilise,
  type Timed,
} from "./hpa-behaviour.js";

/** One direction as a scenario writes it. */
export interface WrittenDirection {
  readonly stabilisationWindow?: number;
  readonly tolerance?: number;
  readonly select?: Direction["select"];
  readonly policies?: readonly { readonly type: RatePolicy["type"]; readonly value: number; readonly period: number }[];
}

export interface HpaKnobs {
  /** Open streams / slots of ready streamlets, as a resource metric in whole per cent. Default 0.7. */
  readonly targetUtilisation?: number;
  /** Instead: mean open streams per streamlet, as a pods metric. */
  readonly targetOpenStreams?: number;
  /** Both directions at once; each may have its own. */
  readonly tolerance?: number;
  readonly scaleUp?: WrittenDirection;
  readonly scaleDown?: WrittenDirection;
}

/**
 * The Kubernetes HorizontalPodAutoscaler v2 with its default constants. It sees metrics as of the last scrape; streamlets that became ready since then
 * have none yet and count as missing, spawning ones as not ready.
 */
export function createHpa(knobs: HpaKnobs, context: PolicyContext): Policy {
  const behaviour: Behaviour = {
    up: directionOf(knobs.scaleUp, knobs.tolerance, defaultBehaviour.up),
    down: directionOf(knobs.scaleDown, knobs.tolerance, defaultBehaviour.down),
  };
  const deployments = context.pools.map(() => new HpaDeployment(knobs, behaviour));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => deployments[i].decide(pool, nowMs));
    },
  };
}

function directionOf(
  written: WrittenDirection | undefined,
  tolerance: number | undefined,
  standard: Direction,
): Direction {
  return {
    windowMs: written?.stabilisationWindow ?? standard.windowMs,
    tolerance: written?.tolerance ?? tolerance ?? standard.tolerance,
    select: written?.select ?? standard.select,
    policies:
      written?.policies?.map(({ type, value, period }) => ({ type, value, periodMs: period })) ?? standard.policies,
  };
}

/** One pool is one Deployment with an autoscaler of its own. */
class HpaDeployment {
  private recommendations: Timed[] = [];
  private added: Timed[] = [];
  private removed: Timed[] = [];

  constructor(
    private readonly knobs: HpaKnobs,
    private readonly behaviour: Behaviour,
  ) {}

  decide(pool: PoolObservation, nowMs: number): PoolDecision {
    const current = pool.ready + pool.spawning;
    const raw = this.recommend(pool, current);
    this.recommendations = this.recommendations.filter((one) => one.atMs > nowMs - this.longestWindowMs());
    const stable = stabilise(current, raw, this.recommendations, nowMs, this.behaviour);
    this.recommendations.push({ atMs: nowMs, count: raw });
    const desired = limitRate(
      current,
      stable,
      { added: this.added, removed: this.removed },
      nowMs,
      this.behaviour,
      pool.min,
      pool.max,
    );
    this.remember(desired - current, nowMs);
    return { desired, reason: reasonOf(current, raw, stable, desired), details: { raw, stable } };
  }

  private recommend(pool: PoolObservation, current: number): number {
    const pods = samplesOf(pool);
    const tolerance = { up: this.behaviour.up.tolerance, down: this.behaviour.down.tolerance };
    if (this.knobs.targetOpenStreams !== undefined)
      return podsReplicas(current, pods, this.knobs.targetOpenStreams, tolerance);
    const percent = Math.round((this.knobs.targetUtilisation ?? 0.7) * 100);
    return resourceReplicas(current, pods, percent, tolerance);
  }

  private remember(change: number, nowMs: number): void {
    const longest = [...this.behaviour.up.policies, ...this.behaviour.down.policies].reduce(
      (most, policy) => Math.max(most, policy.periodMs),
      0,
    );
    this.added = this.added.filter((event) => event.atMs > nowMs - longest);
    this.removed = this.removed.filter((event) => event.atMs > nowMs - longest);
    if (change > 0) this.added.push({ atMs: nowMs, count: change });
    if (change < 0) this.removed.push({ atMs: nowMs, count: -change });
  }

  private longestWindowMs(): number {
    return Math.max(this.behaviour.up.windowMs, this.behaviour.down.windowMs);
  }
}

/**
 * The pool as pods: the calculator only adds up, so one sample stands for all streamlets of a state. Weights go in through `request` (slots) and
 * the count is restored by expanding: pools hold at most some thousand streamlets and a tick is 15 s.
 */
function samplesOf(pool: PoolObservation): PodSample[] {
  const pods: PodSample[] = [];
  const known = Math.min(pool.observedReady, pool.ready);
  const mean = known === 0 ? 0 : pool.open / Math.max(1, pool.observedReady);
  for (let i = 0; i < known; i++) pods.push({ state: "ready", usage: mean, request: pool.slots });
  for (let i = known; i < pool.ready; i++) pods.push({ state: "missing", usage: 0, request: pool.slots });
  for (let i = 0; i < pool.spawning; i++) pods.push({ state: "unready", usage: 0, request: pool.slots });
  return pods;
}

function reasonOf(current: number, raw: number, stable: number, desired: number): string {
  if (desired !== stable)
    return desired > current ? "up-rate-limited" : desired < current ? "down-rate-limited" : "bounded";
  if (stable !== raw) return "stabilised";
  if (desired > current) return "above-target";
  return desired < current ? "below-target" : "within-tolerance";
}
