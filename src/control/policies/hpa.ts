import { objectList } from "../../base/object-list.js";
import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { type Direction, defaultBehaviour, HpaBehaviour, type RatePolicy } from "./hpa-behaviour.js";
import { type HpaMetric, largestProposal, MetricReader, replicasForMetric } from "./hpa-metrics.js";
import { defaultReadiness, PoolPods, type ReadinessSpec } from "./hpa-pods.js";

/** One direction as a scenario writes it. */
export interface WrittenDirection {
  readonly stabilisationWindowMs?: number;
  readonly tolerance?: number;
  readonly select?: Direction["select"];
  readonly policies?: readonly {
    readonly type: RatePolicy["type"];
    readonly value: number;
    readonly periodMs: number;
  }[];
}

export interface HpaKnobs {
  /** Open streams / slots of ready streamlets, as a resource metric in whole per cent. */
  readonly targetUtilisation?: number;
  /** Instead: mean open streams per streamlet, as a pods metric. */
  readonly targetOpenStreams?: number;
  /** Instead: any metrics; the largest proposal counts. */
  readonly metrics?: readonly HpaMetric[];
  /** Both directions at once; each may have its own. */
  readonly tolerance?: number;
  readonly scaleUp?: WrittenDirection;
  readonly scaleDown?: WrittenDirection;
  /** In ms, as below. */
  readonly cpuInitializationPeriodMs?: number;
  readonly metricsResolutionMs?: number;
}

/**
 * Upstream has no default target. The server's for `kubectl autoscale` without --cpu is 80 %; 70 %
 * is common practice.
 */
const DEFAULT_TARGET_UTILISATION = 0.7;

/** Why an HPA decided what it decided. */
export const hpaReasons = [
  "above-target",
  "below-target",
  "within-tolerance",
  "stabilised",
  "up-rate-limited",
  "down-rate-limited",
  "at-max",
  "at-min",
  "above-max",
  "below-min",
  "no-metrics",
  "scaled-to-zero",
] as const;
export type HpaReason = (typeof hpaReasons)[number];

/**
 * The Kubernetes HorizontalPodAutoscaler v2 (kubernetes/kubernetes pkg/controller/podautoscaler, as
 * of 1.33: tolerance per direction) with its default constants: sync 15 s, metrics 15 s old,
 * tolerance 0.1, down over 300 s. One pool is one Deployment with its own autoscaler; the last
 * desired count is its spec.replicas. With `scaleUp` or `scaleDown` the documented defaults apply
 * to the other values. Without either, the controller's own rule applies: at most max(2·n, 4) per
 * sync, and the largest recommendation of the last 300 s.
 *
 * A class, and a loop: V8 compiled functions that are made per policy again in each run.
 */
class HpaPolicy implements Policy {
  private readonly deployments: readonly HpaDeployment[];

  constructor(knobs: HpaKnobs, context: PolicyContext) {
    this.deployments = context.pools.map(() => new HpaDeployment(knobs));
  }

  decide({ pools }: FleetObservation, nowMs: number): ScaleDecision {
    const decision = objectList<PoolDecision>();
    for (let i = 0; i < pools.length; i++) decision.push(this.deployments[i].decide(pools[i], nowMs));
    return decision;
  }
}

export function createHpa(knobs: HpaKnobs, context: PolicyContext): Policy {
  return new HpaPolicy(knobs, context);
}

/** The metrics that the knobs mean. */
function metricsOf(knobs: HpaKnobs): readonly HpaMetric[] {
  if (knobs.metrics !== undefined) return knobs.metrics;
  if (knobs.targetOpenStreams !== undefined)
    return [{ type: "pods", metric: "open-streams", averageValue: knobs.targetOpenStreams }];
  return [{ type: "resource", targetUtilisation: knobs.targetUtilisation ?? DEFAULT_TARGET_UTILISATION }];
}

export function behaviourOf(knobs: HpaKnobs): { readonly up: Direction; readonly down: Direction } {
  return {
    up: directionOf(knobs.scaleUp, knobs.tolerance, defaultBehaviour.up),
    down: directionOf(knobs.scaleDown, knobs.tolerance, defaultBehaviour.down),
  };
}

function directionOf(
  written: WrittenDirection | undefined,
  tolerance: number | undefined,
  standard: Direction,
): Direction {
  return {
    windowMs: written?.stabilisationWindowMs ?? standard.windowMs,
    tolerance: written?.tolerance ?? tolerance ?? standard.tolerance,
    select: written?.select ?? standard.select,
    policies: written?.policies?.map(({ type, value, periodMs }) => ({ type, value, periodMs })) ?? standard.policies,
  };
}

/** The calculator of one Deployment: what its metrics propose. PHPA and KEDA ask it, too. */
export class HpaCalculator {
  private readonly metrics: readonly HpaMetric[];
  private readonly tolerance: { readonly up: number; readonly down: number };
  private readonly pods: PoolPods;
  private readonly reader: MetricReader;

  constructor(knobs: HpaKnobs, readiness: ReadinessSpec = defaultReadiness) {
    const behaviour = behaviourOf(knobs);
    this.metrics = metricsOf(knobs);
    this.tolerance = { up: behaviour.up.tolerance, down: behaviour.down.tolerance };
    this.reader = new MetricReader(knobs.metricsResolutionMs ?? readiness.metricsResolutionMs);
    this.pods = new PoolPods({
      cpuInitializationPeriodMs: knobs.cpuInitializationPeriodMs ?? readiness.cpuInitializationPeriodMs,
      // No knob: a ready streamlet never becomes unready, so that no value would make a difference.
      initialReadinessDelayMs: readiness.initialReadinessDelayMs,
      metricsResolutionMs: knobs.metricsResolutionMs ?? readiness.metricsResolutionMs,
    });
  }

  /** Desired replicas before stabilisation, rates and bounds; undefined = hold. */
  recommend(pool: PoolObservation, current: number, nowMs: number): number | undefined {
    this.pods.update(pool, nowMs);
    this.reader.update(pool);
    const proposals = this.metrics.map((metric) =>
      replicasForMetric(metric, current, pool, this.pods, this.reader, this.tolerance, nowMs),
    );
    return largestProposal(proposals, current);
  }
}

/** One pool: the controller's reconcileAutoscaler (horizontal.go). */
export class HpaDeployment {
  private readonly calculator: HpaCalculator;
  private readonly behaviour: HpaBehaviour;

  constructor(knobs: HpaKnobs) {
    this.calculator = new HpaCalculator(knobs);
    // Upstream fills in the defaults of both directions as soon as there is a `behavior`.
    const isWritten = knobs.scaleUp !== undefined || knobs.scaleDown !== undefined;
    this.behaviour = new HpaBehaviour(behaviourOf(knobs), isWritten);
  }

  decide(pool: PoolObservation, nowMs: number): PoolDecision & { readonly reason: HpaReason } {
    const current = pool.desired;
    const raw = this.calculator.recommend(pool, current, nowMs);
    this.behaviour.begin(current, nowMs);
    if (current === 0 && pool.min > 0) return { desired: 0, reason: "scaled-to-zero" };
    if (current > pool.max) return this.rescale(current, pool.max, nowMs, "above-max");
    if (current < pool.min) return this.rescale(current, pool.min, nowMs, "below-min");
    if (raw === undefined) return { desired: current, reason: "no-metrics" };
    const { stable, desired } = this.behaviour.normalise(current, raw, nowMs, pool.min, pool.max);
    const { reason } = this.rescale(current, desired, nowMs, reasonOf(current, raw, stable, desired, pool));
    return { desired, reason, details: { raw, stable } };
  }

  private rescale(
    current: number,
    desired: number,
    nowMs: number,
    reason: HpaReason,
  ): { readonly desired: number; readonly reason: HpaReason } {
    this.behaviour.remember(desired - current, nowMs);
    return { desired, reason };
  }
}

function reasonOf(current: number, raw: number, stable: number, desired: number, pool: PoolObservation): HpaReason {
  if (desired !== stable) {
    if (desired === pool.max) return "at-max";
    if (desired === pool.min) return "at-min";
    return stable > current ? "up-rate-limited" : "down-rate-limited";
  }
  if (stable !== raw) return "stabilised";
  if (desired > current) return "above-target";
  return desired < current ? "below-target" : "within-tolerance";
}
