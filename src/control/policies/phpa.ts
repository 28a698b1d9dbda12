import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { behaviourOf, HpaCalculator, type HpaKnobs } from "./hpa.js";
import { HpaBehaviour } from "./hpa-behaviour.js";
import type { ReadinessSpec } from "./hpa-pods.js";
import { type HoltWintersSpec, holtWintersPrediction, linearPrediction, type PastReplicas } from "./replica-models.js";

/** A model of past replica counts; it runs at every `perSyncPeriod`-th sync. */
export type PhpaModel =
  | {
      readonly type: "linear";
      readonly perSyncPeriod: number;
      /** Replica counts that are kept, and how far ahead the line is read (ms). */
      readonly historySize: number;
      readonly lookAheadMs: number;
    }
  | ({
      readonly type: "holt-winters";
      readonly perSyncPeriod: number;
      readonly storedSeasons: number;
    } & HoltWintersSpec);

export interface PhpaKnobs extends HpaKnobs {
  readonly models: readonly PhpaModel[];
  readonly decision: "maximum" | "minimum" | "mean" | "median";
}

/**
 * The values of upstream's examples (examples/simple-linear, examples/dynamic-holt-winters), and
 * its default decision type.
 */
export const defaultLinearModel = { type: "linear", perSyncPeriod: 1, historySize: 6, lookAheadMs: 10_000 } as const;
export const defaultHoltWintersModel = {
  type: "holt-winters",
  perSyncPeriod: 1,
  storedSeasons: 4,
  alpha: 0.9,
  beta: 0.9,
  gamma: 0.9,
  seasonalPeriods: 6,
  seasonal: "additive",
} as const;
export const defaultPhpaKnobs: PhpaKnobs = { models: [defaultLinearModel], decision: "maximum" };

/**
 * PHPA's own defaults (internal/controllers: defaultCPUInitializationPeriod = 30). The others are
 * the HPA's.
 */
const phpaReadiness: ReadinessSpec = {
  cpuInitializationPeriodMs: 30_000,
  initialReadinessDelayMs: 30_000,
  metricsResolutionMs: 15_000,
};

export const phpaReasons = [
  "model-above-hpa",
  "above-target",
  "below-target",
  "as-calculated",
  "stabilised",
  "rate-limited",
  "no-metrics",
] as const;
type PhpaReason = (typeof phpaReasons)[number];
type PhpaDecision = PoolDecision & { readonly reason: PhpaReason };

/**
 * predictive-horizontal-pod-autoscaler (jthomperoo, v0.13). At each sync of 15 s it keeps the HPA's
 * proposal, fits models to the past proposals, takes the largest of proposal and predictions, and
 * applies the HPA's behaviour. It forecasts replicas, not load, so it inherits the reactive lag.
 */
export function createPhpa(knobs: PhpaKnobs, context: PolicyContext): Policy {
  const scalers = context.pools.map(() => new PredictiveHpa(knobs));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => scalers[i].decide(pool, nowMs));
    },
  };
}

/** The choice among the candidates. */
export function chosen(candidates: readonly number[], decision: PhpaKnobs["decision"]): number {
  const sorted = [...candidates].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  switch (decision) {
    case "maximum":
      return sorted[sorted.length - 1];
    case "minimum":
      return sorted[0];
    case "mean":
      return Math.round(sorted.reduce((sum, one) => sum + one, 0) / sorted.length);
    case "median":
      return sorted.length % 2 === 1 ? sorted[middle] : Math.trunc((sorted[middle - 1] + sorted[middle]) / 2);
  }
}

/** The past of one model, as long as the model keeps it. */
class ModelHistory {
  private past: PastReplicas[] = [];
  /** The first sync runs the model, whatever the period. */
  private untilRun = 1;

  constructor(private readonly model: PhpaModel) {}

  /** Takes a proposal in; a prediction if the model runs at this sync and has enough values. */
  next(atMs: number, replicas: number): number | undefined {
    this.past.push({ atMs, replicas });
    this.untilRun--;
    if (this.untilRun > 0) return undefined;
    this.untilRun = this.model.perSyncPeriod;
    const prediction = this.predict(atMs);
    this.prune();
    return prediction;
  }

  private predict(atMs: number): number | undefined {
    const { model, past } = this;
    if (model.type === "linear") return linearPrediction(past, atMs + model.lookAheadMs);
    return holtWintersPrediction(
      past.map((one) => one.replicas),
      model,
    );
  }

  /** A line keeps its newest values; seasons go whole, the oldest first. */
  private prune(): void {
    const { model, past } = this;
    if (model.type === "linear") {
      this.past = past.slice(-model.historySize);
      return;
    }
    const seasons = Math.floor(past.length / model.seasonalPeriods) - model.storedSeasons;
    if (seasons > 0) this.past = past.slice(seasons * model.seasonalPeriods);
  }
}

class PredictiveHpa {
  private readonly calculator: HpaCalculator;
  private readonly behaviour: HpaBehaviour;
  private readonly histories: readonly ModelHistory[];

  constructor(private readonly knobs: PhpaKnobs) {
    this.calculator = new HpaCalculator(knobs, phpaReadiness);
    this.behaviour = new HpaBehaviour(behaviourOf(knobs), true);
    this.histories = knobs.models.map((model) => new ModelHistory(model));
  }

  decide(pool: PoolObservation, nowMs: number): PhpaDecision {
    const current = pool.desired;
    const calculated = this.calculator.recommend(pool, current, nowMs);
    if (calculated === undefined) return { desired: current, reason: "no-metrics" };
    const predictions = this.histories.map((history) => history.next(nowMs, calculated));
    const candidates = [calculated, ...predictions.filter((one) => one !== undefined)];
    const target = Math.min(Math.max(chosen(candidates, this.knobs.decision), pool.min), pool.max);
    const { stable, desired } = this.behaviour.normalise(current, target, nowMs, pool.min, pool.max);
    this.behaviour.remember(desired - current, nowMs);
    return {
      desired,
      reason: reasonOf(current, calculated, target, stable, desired),
      details: { calculated, target, stable },
    };
  }
}

function reasonOf(current: number, calculated: number, target: number, stable: number, desired: number): PhpaReason {
  if (desired !== stable) return "rate-limited";
  if (stable !== target) return "stabilised";
  if (target > calculated && desired >= current) return "model-above-hpa";
  if (desired === current) return "as-calculated";
  return desired > current ? "above-target" : "below-target";
}
