import type {
  ArrivalOutlook,
  FleetObservation,
  PoolDecision,
  PoolObservation,
  SpawnView,
} from "../../../ports/policy.js";
import { ArrivalForecast } from "./arrival-forecast.js";
import { ArrivalNowcast } from "./arrival-nowcast.js";
import { Coverage } from "./coverage.js";
import type { FleetForecast } from "./fleet-forecast.js";
import type { PredictiveKnobs, PredictiveReason } from "./knobs.js";
import { projectOpen } from "./open-projection.js";
import { Staffing } from "./staffing.js";

/**
 * Assumed spawn time before the first streamlet is ready, and assumed time from parked to ready
 * before the first activation.
 */
const UNKNOWN_SPAWN_MS = 30_000;
const UNKNOWN_WARM_START_MS = 1_000;
/** Of the measured times: one in ten takes longer, and the margin covers it. */
const START_QUANTILE = 0.9;
/** Three ticks: less launches and cancels on noise, more keeps what is not needed. */
const DRAIN_DELAY_MS = 15_000;

/** Streamlets for the streams some time ahead, and how that came about. */
interface Need {
  readonly streamlets: number;
  readonly arrivals: number;
  readonly open: number;
  readonly deviation: number;
  readonly margin: number;
  /** Slots that the safety net asks for beyond these. */
  readonly added: number;
}

/** The predictive policy of one pool. */
export class PredictivePool {
  private readonly forecast: ArrivalForecast | undefined;
  private readonly coverage = new Coverage();
  private readonly staffing: Staffing;
  private readonly needs = new RecentMaximum();
  private nowcast: ArrivalNowcast | undefined;

  constructor(
    private readonly knobs: PredictiveKnobs,
    private readonly tickMs: number,
    private readonly index: number,
    fleet: FleetForecast | undefined,
  ) {
    this.staffing = new Staffing(knobs);
    this.forecast = fleet === undefined ? undefined : new ArrivalForecast(index, fleet);
  }

  get outlook(): ArrivalOutlook | undefined {
    return this.forecast?.outlook;
  }

  decide(
    observation: FleetObservation,
    pool: PoolObservation,
    nowMs: number,
  ): PoolDecision & { readonly reason: PredictiveReason } {
    const { observedAtMs } = pool;
    if (observedAtMs === Number.NEGATIVE_INFINITY) return { desired: pool.desired, reason: "no-metrics" };
    const { knobs, coverage } = this;
    this.forecast?.update(observation.history);
    this.nowcast ??= new ArrivalNowcast(lastRate(observation, this.index));
    this.nowcast.observe(observedAtMs, pool.arrivals);
    coverage.judge(observedAtMs, pool.open + pool.openDraining + pool.waiting);
    const lagMs = nowMs - observedAtMs;
    const horizonMs = knobs.horizonMs ?? this.startMs(observation.spawn, UNKNOWN_SPAWN_MS) + this.tickMs;
    const arrivals = this.expectedArrivals(this.nowcast, observedAtMs, horizonMs + lagMs, true);
    const far = this.need(observation, pool, this.nowcast, arrivals, horizonMs + lagMs, true);
    if (!knobs.warmPool) return this.settle(pool, far, nowMs, horizonMs);
    const warmMs = Math.min(horizonMs, this.startMs(observation.warmStart, UNKNOWN_WARM_START_MS) + this.tickMs);
    const soon = this.expectedArrivals(this.nowcast, observedAtMs, warmMs + lagMs, false);
    const near = this.need(observation, pool, this.nowcast, soon, warmMs + lagMs, false);
    const decision = this.settle(pool, near, nowMs, warmMs);
    const parked = Math.max(0, far.streamlets - decision.desired);
    return { ...decision, parked, details: { ...decision.details, neededLater: far.streamlets, parked } };
  }

  private startMs(measured: SpawnView, unknownMs: number): number {
    const startMs = measured.quantileMs(this.index, START_QUANTILE);
    return Number.isNaN(startMs) ? unknownMs : startMs;
  }

  private expectedArrivals(nowcast: ArrivalNowcast, observedAtMs: number, spanMs: number, judged: boolean): number {
    const now = this.forecast?.ratePerMs(observedAtMs) ?? Number.NaN;
    const middle = this.forecast?.ratePerMs(observedAtMs + spanMs / 2) ?? Number.NaN;
    return judged ? nowcast.expect(spanMs, now, middle) : nowcast.peek(spanMs, now, middle);
  }

  private need(
    observation: FleetObservation,
    pool: PoolObservation,
    nowcast: ArrivalNowcast,
    arrivals: number,
    spanMs: number,
    judged: boolean,
  ): Need {
    const { knobs, coverage, staffing } = this;
    const ahead = projectOpen(pool, this.index, observation.holding, nowcast, arrivals, spanMs, knobs.survival);
    if (judged) coverage.note(pool.observedAtMs, pool.observedAtMs + spanMs, ahead.open, ahead.deviation);
    const deviation = ahead.deviation * coverage.scale;
    const margin = staffing.marginSlots(ahead.open, deviation, pool.slots);
    const present = pool.open + pool.openDraining + pool.waiting;
    const reactive = present + staffing.marginSlots(present, Math.sqrt(present), pool.slots);
    const added = knobs.safetyNet ? coverage.distrust * Math.max(0, reactive - ahead.open - margin) : 0;
    // Streams that will still be on draining streamlets need no slot of the others.
    const slots = ahead.open + margin + added - pool.openDraining * ahead.stay;
    const streamlets = Math.max(0, Math.ceil(slots / pool.slots));
    return { streamlets, arrivals, open: ahead.open, deviation, margin, added };
  }

  /** Scales up at once, and down only to what was not needed for a while. */
  private settle(
    pool: PoolObservation,
    need: Need,
    nowMs: number,
    horizonMs: number,
  ): PoolDecision & { readonly reason: PredictiveReason } {
    const { knobs, coverage } = this;
    const lately = this.needs.add(need.streamlets, nowMs, knobs.drainDelayMs ?? DRAIN_DELAY_MS);
    const standing = pool.ready + pool.spawning;
    const details = {
      horizonMs,
      expectedArrivals: need.arrivals,
      expectedOpen: need.open,
      deviation: need.deviation,
      margin: need.margin,
      added: need.added,
      intervalScale: coverage.scale,
      coverage: coverage.recent,
      needed: need.streamlets,
      neededLately: lately,
    };
    if (need.streamlets > standing)
      return { desired: need.streamlets, reason: need.added > need.margin ? "safety-net" : "forecast-rise", details };
    if (lately < standing) return { desired: lately, reason: "forecast-fall", details };
    return { desired: standing, reason: need.streamlets < standing ? "needed-lately" : "as-forecast", details };
  }
}

/** The largest of the latest values. */
class RecentMaximum {
  /**
   * Decreasing values, oldest first: an older value that is smaller than a later one is never the
   * largest again.
   */
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
