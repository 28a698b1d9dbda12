import { normalQuantile } from "../../../base/normal.js";
import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../../ports/policy.js";
import { ArrivalForecast, type ForecasterChoice } from "./arrival-forecast.js";
import { ArrivalNowcast } from "./arrival-nowcast.js";
import { Coverage } from "./coverage.js";

export interface PredictiveKnobs {
  /** Staff so that slots suffice with this probability; undefined = the newsvendor's, by `violationPrice`. */
  readonly quantile: number | undefined;
  /** What a minute in violation costs, in streamlet-hours. */
  readonly violationPrice: number;
  /** How far ahead capacity is provided (ms); undefined = measured spawn time (90 %) + tick. */
  readonly horizon: number | undefined;
  readonly safetyNet: boolean;
  readonly forecaster: ForecasterChoice;
  /** Project the open streams by age; otherwise those open now are taken to stay as many. */
  readonly survival: boolean;
  readonly margin: "learned" | "square-root" | "proportional";
  /** An idle streamlet is let go only when it was not needed for this long (ms); undefined = the horizon. */
  readonly drainDelay: number | undefined;
}

export const defaultPredictiveKnobs: PredictiveKnobs = {
  quantile: undefined,
  violationPrice: 5,
  horizon: undefined,
  safetyNet: true,
  forecaster: "ensemble",
  survival: true,
  margin: "learned",
  drainDelay: undefined,
};

/** Before the first streamlet became ready, a spawn is taken to last this long. */
const UNKNOWN_SPAWN_MS = 30_000;
const SPAWN_QUANTILE = 0.9;
const SQRT_2PI = 2.5066282746310002;

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
  private readonly wants: { atMs: number; count: number }[] = [];

  constructor(
    private readonly knobs: PredictiveKnobs,
    private readonly tickMs: number,
    private readonly index: number,
  ) {
    this.forecast = knobs.forecaster === "none" ? undefined : new ArrivalForecast(index, knobs.forecaster);
  }

  decide(observation: FleetObservation, pool: PoolObservation, nowMs: number): PoolDecision {
    const { knobs, index } = this;
    if (pool.observedAtMs === Number.NEGATIVE_INFINITY) return { desired: pool.desired, reason: "no-metrics" };
    this.forecast?.update(observation.history);
    this.nowcast ??= new ArrivalNowcast(lastRate(observation, index));
    this.nowcast.observe(pool.observedAtMs, pool.arrivals);
    const open = pool.open + pool.openDraining;
    this.coverage.judge(pool.observedAtMs, open + pool.waiting);
    const spawnMs = observation.spawn.quantileMs(index, SPAWN_QUANTILE);
    const aheadMs = knobs.horizon ?? (Number.isNaN(spawnMs) ? UNKNOWN_SPAWN_MS : spawnMs) + this.tickMs;
    const spanMs = aheadMs + nowMs - pool.observedAtMs;
    const middleMs = pool.observedAtMs + spanMs / 2;
    const arrivals = this.nowcast.expect(
      spanMs,
      this.forecast?.ratePerMs(pool.observedAtMs) ?? Number.NaN,
      this.forecast?.ratePerMs(middleMs) ?? Number.NaN,
    );
    const { holding } = observation;
    const survivors = holding.survivors(index, spanMs);
    const stay = open === 0 ? 0 : Math.min(1, survivors / open);
    const openShare = holding.integratedSurvivalMs(spanMs) / spanMs;
    const projected = survivors + (arrivals + pool.waiting) * openShare;
    const expected = knobs.survival ? projected : open + pool.waiting;
    const variance = open * stay * (1 - stay) + this.nowcast.scatter.variance(arrivals) * openShare * openShare;
    const deviation = Math.sqrt(Math.max(1, variance));
    this.coverage.note(pool.observedAtMs + spanMs, expected, deviation);
    const scaled = deviation * this.coverage.scale;
    const margin = this.margin(scaled, open, pool.slots);
    const reactive = pool.open + pool.openDraining + pool.waiting + this.margin(Math.sqrt(open), open, pool.slots);
    const trusted = expected + margin;
    const net = knobs.safetyNet ? Math.max(trusted, trusted + this.coverage.distrust * (reactive - trusted)) : trusted;
    const wanted = Math.max(0, Math.ceil((net - pool.openDraining * stay) / pool.slots));
    return this.settle(pool, wanted, nowMs, aheadMs, {
      horizonMs: spanMs,
      arrivals,
      expectedOpen: expected,
      deviation: scaled,
      margin,
      scale: this.coverage.scale,
      coverage: this.coverage.recent,
    });
  }

  private margin(deviation: number, open: number, slots: number): number {
    const { knobs } = this;
    const price = knobs.violationPrice * 60 * slots;
    if (knobs.margin === "proportional") return open * knobs.violationPrice;
    if (knobs.margin === "square-root") return Math.sqrt(open) * knobs.violationPrice;
    if (knobs.quantile !== undefined) return normalQuantile(knobs.quantile) * deviation;
    const density = (SQRT_2PI * deviation) / price;
    return density >= 1 ? 0 : Math.sqrt(-2 * Math.log(density)) * deviation;
  }

  private settle(
    pool: PoolObservation,
    wanted: number,
    nowMs: number,
    aheadMs: number,
    details: Record<string, number>,
  ): PoolDecision {
    const keptMs = this.knobs.drainDelay ?? aheadMs;
    while (this.wants.length > 0 && this.wants[0].atMs < nowMs - keptMs) this.wants.shift();
    while (this.wants.length > 0 && this.wants[this.wants.length - 1].count <= wanted) this.wants.pop();
    this.wants.push({ atMs: nowMs, count: wanted });
    const standing = pool.ready + pool.spawning;
    if (wanted > standing) return { desired: wanted, reason: "forecast-rise", details };
    const kept = Math.min(standing, this.wants[0].count);
    if (kept < standing) return { desired: kept, reason: "forecast-fall", details };
    return { desired: standing, reason: "as-forecast", details };
  }
}

function lastRate(observation: FleetObservation, pool: number): number {
  const { history } = observation;
  const last = history.length === 0 ? Number.NaN : history.at(pool, history.length - 1);
  return last >= 0 ? last / history.binMs : 0;
}
