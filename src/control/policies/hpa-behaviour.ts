import { objectList } from "../../base/object-list.js";
/**
 * The behaviour of the HorizontalPodAutoscaler: stabilisation windows and rate policies (kubernetes
 * autoscaling/v2).
 */

export interface RatePolicy {
  readonly type: "Pods" | "Percent";
  readonly value: number;
  readonly periodMs: number;
}

export interface Direction {
  readonly windowMs: number;
  readonly tolerance: number;
  readonly select: "Max" | "Min" | "Disabled";
  readonly policies: readonly RatePolicy[];
}

export interface Behaviour {
  readonly up: Direction;
  readonly down: Direction;
}

/**
 * Upstream's defaults (kubernetes pkg/apis/autoscaling/v2/defaults.go;
 * --horizontal-pod-autoscaler-tolerance, -downscale-stabilization): up at once, 4 pods or 100 % per
 * 15 s; down over 300 s, 100 % per 15 s; tolerance 0.1.
 */
export const defaultBehaviour: Behaviour = {
  up: {
    windowMs: 0,
    tolerance: 0.1,
    select: "Max",
    policies: [
      { type: "Pods", value: 4, periodMs: 15_000 },
      { type: "Percent", value: 100, periodMs: 15_000 },
    ],
  },
  down: {
    windowMs: 300_000,
    tolerance: 0.1,
    select: "Max",
    policies: [{ type: "Percent", value: 100, periodMs: 15_000 }],
  },
};

export interface Timed {
  readonly atMs: number;
  readonly count: number;
}

/** The ones after `afterMs`: windows and periods are open at their old end. */
function since(past: readonly Timed[], afterMs: number): Timed[] {
  return past.filter((one) => one.atMs > afterMs);
}

/**
 * The recommendation after the windows: at most the least of the up window, at least the greatest
 * of the down window.
 */
export function stabilise(
  current: number,
  desired: number,
  past: readonly Timed[],
  nowMs: number,
  behaviour: Behaviour,
): number {
  let upper = desired;
  let lower = desired;
  for (const { count } of since(past, nowMs - behaviour.up.windowMs)) upper = Math.min(upper, count);
  for (const { count } of since(past, nowMs - behaviour.down.windowMs)) lower = Math.max(lower, count);
  let result = current;
  if (result < upper) result = upper;
  if (result > lower) result = lower;
  return result;
}

/** Changes of the last period: `added` and `removed` replicas, each with its instant. */
export interface ScaleEvents {
  readonly added: readonly Timed[];
  readonly removed: readonly Timed[];
}

function within(events: readonly Timed[], nowMs: number, periodMs: number): number {
  let sum = 0;
  for (const { count } of since(events, nowMs - periodMs)) sum += count;
  return sum;
}

/** Limits a step to the rate policies and to min and max. */
export function limitRate(
  current: number,
  desired: number,
  events: ScaleEvents,
  nowMs: number,
  behaviour: Behaviour,
  min: number,
  max: number,
): number {
  if (desired > current) {
    const limit = Math.max(current, upLimit(current, events, nowMs, behaviour.up));
    return Math.min(desired, limit, max);
  }
  if (desired < current) {
    const limit = Math.min(current, downLimit(current, events, nowMs, behaviour.down));
    return Math.max(desired, limit, min);
  }
  return desired;
}

/**
 * Upstream's rules for an autoscaler without `behavior` (stabilizeRecommendation,
 * convertDesiredReplicasWithRules, calculateScaleUpLimit in horizontal.go): the largest
 * recommendation of the down window, up or down, then at most max(2n, 4) per sync.
 */
function stabiliseWithoutBehaviour(desired: number, past: readonly Timed[], nowMs: number, windowMs: number): number {
  let result = desired;
  for (const { count } of since(past, nowMs - windowMs)) result = Math.max(result, count);
  return result;
}

function limitWithoutBehaviour(current: number, desired: number, min: number, max: number): number {
  return Math.min(Math.max(desired, min), max, Math.max(2 * current, 4));
}

function upLimit(current: number, events: ScaleEvents, nowMs: number, direction: Direction): number {
  if (direction.select === "Disabled") return current;
  const limits = direction.policies.map((policy) => {
    const start = periodStart(current, events, nowMs, policy.periodMs);
    return policy.type === "Pods" ? start + policy.value : Math.ceil(start * (1 + policy.value / 100));
  });
  return direction.select === "Min" ? Math.min(...limits) : Math.max(...limits);
}

function downLimit(current: number, events: ScaleEvents, nowMs: number, direction: Direction): number {
  if (direction.select === "Disabled") return current;
  const limits = direction.policies.map((policy) => {
    const start = periodStart(current, events, nowMs, policy.periodMs);
    return policy.type === "Pods" ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
  });
  return direction.select === "Min" ? Math.max(...limits) : Math.min(...limits);
}

function periodStart(current: number, events: ScaleEvents, nowMs: number, periodMs: number): number {
  return current - within(events.added, nowMs, periodMs) + within(events.removed, nowMs, periodMs);
}

/**
 * The memory of one autoscaler: its recommendations and changes, for as long as a window or a
 * period looks back. It stabilises, then limits the rate, then applies the bounds
 * (normalizeDesiredReplicasWithBehaviors, horizontal.go).
 */
export class HpaBehaviour {
  private recommendations = objectList<Timed>();
  private added = objectList<Timed>();
  private removed = objectList<Timed>();
  private readonly longestWindowMs: number;
  private readonly longestPeriodMs: number;

  /**
   * `isWritten`: the autoscaler has a `behavior`. Without one the controller's older rules apply.
   */
  constructor(
    private readonly behaviour: Behaviour,
    private readonly isWritten: boolean,
  ) {
    const { up, down } = behaviour;
    this.longestWindowMs = Math.max(up.windowMs, down.windowMs);
    this.longestPeriodMs = Math.max(0, ...[...up.policies, ...down.policies].map((policy) => policy.periodMs));
  }

  /**
   * Upstream's first sync records the current count as a recommendation
   * (recordInitialRecommendation), so that a restart does not scale down at once.
   */
  begin(current: number, nowMs: number): void {
    if (this.recommendations.length === 0) this.recommendations.push({ atMs: nowMs, count: current });
  }

  normalise(
    current: number,
    raw: number,
    nowMs: number,
    min: number,
    max: number,
  ): { readonly stable: number; readonly desired: number } {
    this.recommendations = since(this.recommendations, nowMs - this.longestWindowMs);
    const stable = this.isWritten
      ? stabilise(current, raw, this.recommendations, nowMs, this.behaviour)
      : stabiliseWithoutBehaviour(raw, this.recommendations, nowMs, this.behaviour.down.windowMs);
    this.recommendations.push({ atMs: nowMs, count: raw });
    if (!this.isWritten) return { stable, desired: limitWithoutBehaviour(current, stable, min, max) };
    const events = { added: this.added, removed: this.removed };
    return { stable, desired: limitRate(current, stable, events, nowMs, this.behaviour, min, max) };
  }

  /** A change that was made. */
  remember(change: number, nowMs: number): void {
    this.added = since(this.added, nowMs - this.longestPeriodMs);
    this.removed = since(this.removed, nowMs - this.longestPeriodMs);
    if (change > 0) this.added.push({ atMs: nowMs, count: change });
    if (change < 0) this.removed.push({ atMs: nowMs, count: -change });
  }
}
