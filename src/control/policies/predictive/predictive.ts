import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../../ports/policy.js";
import { ArrivalForecast, type ForecasterChoice, type MakeForecaster } from "./arrival-forecast.js";
import { ArrivalNowcast } from "./arrival-nowcast.js";
import { Coverage } from "./coverage.js";
import { type Projection, projectOpen } from "./open-projection.js";
import { marginSlots } from "./staffing.js";

export interface PredictiveKnobs {
  /** Staff so that slots suffice with this probability until the next streamlets could be there. */
  readonly quantile: number;
  /** Instead of the quantile: what a minute in violation costs, in streamlet-hours; the quantile is then the newsvendor's. */
  readonly violationPrice: number | undefined;
  /** Instead of a learnt margin: β·√streams (Halfin, Whitt 1981). */
  readonly beta: number | undefined;
  /** How far ahead capacity is provided (ms); undefined = measured spawn time (90 %) + tick. */
  readonly horizon: number | undefined;
  /** The less the intervals hold, the more of what square-root staffing on the present asks for is added. */
  readonly safetyNet: boolean;
  /** A module that builds on this policy may hand in a forecaster of its own. */
  readonly forecaster: ForecasterChoice | MakeForecaster;
  /** Project the open streams by age; otherwise those open now are taken to stay as many. */
  readonly survival: boolean;
  /** Capacity goes only when it was not needed for this long (ms); undefined = a third of the horizon. */
  readonly drainDelay: number | undefined;
}

export const defaultPredictiveKnobs: PredictiveKnobs = {
  quantile: 0.999,
  violationPrice: undefined,
  beta: undefined,
  horizon: undefined,
  safetyNet: true,
  forecaster: "ensemble",
  survival: true,
  drainDelay: undefined,
};

export const predictiveReasons = [
  "forecast-rise",
  "forecast-fall",
  "needed-lately",
  "as-forecast",
  "safety-net",
  "no-metrics",
] as const;
type PredictiveReason = (typeof predictiveReasons)[number];

/** Before the first streamlet became ready, a spawn is taken to last this long. */
const UNKNOWN_SPAWN_MS = 30_000;
const SPAWN_QUANTILE = 0.9;
/** Of the horizon: what an idle streamlet costs meanwhile is less than a spawn. */
const DRAIN_DELAY_SHARE = 1 / 3;

/**
 * Provides now what will be needed when a streamlet launched now is ready. Per pool: arrivals until then (the seasonal forecast and the last
 * minutes, weighed by what has proved true) → open streams then (survivors and newcomers) → slots at the quantile that the SLO or the
 * prices imply → streamlets. Capacity goes late: only when it was not needed for a while; what is draining is taken back before anything
 * is launched. It watches how often its intervals hold, widens or narrows them, and where they do not hold it leans on what is
 * there now.
 */
export function createPredictive(knobs: PredictiveKnobs, context: PolicyContext): Policy {
  const pools = context.pools.map((_, i) => new PredictivePool(knobs, context.tickMs, i));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => pools[i].decide(observation, pool, nowMs));
    },
  };
}

class PredictivePool {
  private readonly forecast: ArrivalForecast | undefined;
  private nowcast: ArrivalNowcast | undefined;
  private readonly coverage = new Coverage();
  private readonly needs = new RecentMaximum();

  constructor(
    private readonly knobs: PredictiveKnobs,
    private readonly tickMs: number,
    private readonly index: number,
  ) {
    this.forecast = knobs.forecaster === "none" ? undefined : new ArrivalForecast(index, knobs.forecaster);
  }

  decide(
    observation: FleetObservation,
    pool: PoolObservation,
    nowMs: number,
  ): PoolDecision & { readonly reason: PredictiveReason } {
    const { observedAtMs } = pool;
    if (observedAtMs === Number.NEGATIVE_INFINITY) return { desired: pool.desired, reason: "no-metrics" };
    const { forecast, coverage } = this;
    forecast?.update(observation.history);
    this.nowcast ??= new ArrivalNowcast(lastRate(observation, this.index));
    this.nowcast.observe(observedAtMs, pool.arrivals);
    coverage.judge(observedAtMs, pool.open + pool.openDraining + pool.waiting);
    const horizonMs = this.horizonMs(observation);
    const spanMs = horizonMs + nowMs - observedAtMs;
    const arrivals = this.nowcast.expect(
      spanMs,
      forecast?.ratePerMs(observedAtMs) ?? Number.NaN,
      forecast?.ratePerMs(observedAtMs + spanMs / 2) ?? Number.NaN,
    );
    const { survival } = this.knobs;
    const ahead = projectOpen(pool, this.index, observation.holding, this.nowcast, arrivals, spanMs, survival);
    coverage.note(observedAtMs + spanMs, ahead.open, ahead.deviation);
    return this.settle(pool, ahead, nowMs, horizonMs);
  }

  private horizonMs(observation: FleetObservation): number {
    if (this.knobs.horizon !== undefined) return this.knobs.horizon;
    const spawnMs = observation.spawn.quantileMs(this.index, SPAWN_QUANTILE);
    return (Number.isNaN(spawnMs) ? UNKNOWN_SPAWN_MS : spawnMs) + this.tickMs;
  }

  private settle(
    pool: PoolObservation,
    ahead: Projection,
    nowMs: number,
    horizonMs: number,
  ): PoolDecision & { readonly reason: PredictiveReason } {
    const { knobs, coverage } = this;
    const deviation = ahead.deviation * coverage.scale;
    const margin = marginSlots(knobs, ahead.open, deviation, pool.slots);
    const trusted = ahead.open + margin;
    const present = pool.open + pool.openDraining + pool.waiting;
    const reactive = present + marginSlots(knobs, present, Math.sqrt(present), pool.slots);
    const added = knobs.safetyNet ? coverage.distrust * Math.max(0, reactive - trusted) : 0;
    // Streams that will still sit on draining streamlets need no slot of the others.
    const needed = Math.max(0, Math.ceil((trusted + added - pool.openDraining * ahead.stay) / pool.slots));
    const lately = this.needs.add(needed, nowMs, knobs.drainDelay ?? horizonMs * DRAIN_DELAY_SHARE);
    const standing = pool.ready + pool.spawning;
    const details = {
      horizonMs,
      expectedArrivals: ahead.arrivals,
      expectedOpen: ahead.open,
      deviation,
      margin,
      added,
      intervalScale: coverage.scale,
      coverage: coverage.recent,
      needed,
      neededLately: lately,
    };
    if (needed > standing) return { desired: needed, reason: added > margin ? "safety-net" : "forecast-rise", details };
    if (lately < standing) return { desired: lately, reason: "forecast-fall", details };
    return { desired: standing, reason: needed < standing ? "needed-lately" : "as-forecast", details };
  }
}

/** The largest of the values of the last while. */
class RecentMaximum {
  /** Falling values, oldest first: a smaller value that is older can never be the largest again. */
  private readonly kept: { readonly atMs: number; readonly value: number }[] = [];

  /** Adds a value and returns the largest of those that are at most `memoryMs` old. */
  add(value: number, nowMs: number, memoryMs: number): number {
    const { kept } = this;
    while (kept.length > 0 && kept[0].atMs < nowMs - memoryMs) kept.shift();
    while (kept.length > 0 && kept[kept.length - 1].value <= value) kept.pop();
    kept.push({ atMs: nowMs, value });
    return kept[0].value;
  }
}

/** Arrivals per ms in the last closed bin; 0 where nothing is known. */
function lastRate(observation: FleetObservation, pool: number): number {
  const { history } = observation;
  const last = history.length === 0 ? Number.NaN : history.at(pool, history.length - 1);
  return last >= 0 ? last / history.binMs : 0;
}
