import { joined } from "../../../base/joined.js";
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
import { OpenProjection } from "./open-projection.js";
import { RecentMaximum } from "./recent-maximum.js";
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

/** Streamlets for the streams some time ahead, and how that came about: the decision's details. */
type Need = {
  horizonMs: number;
  expectedArrivals: number;
  expectedOpen: number;
  deviation: number;
  margin: number;
  /** Slots that the safety net asks for beyond these. */
  added: number;
  intervalScale: number;
  coverage: number;
  /** Streamlets needed then, and the most that were needed lately. */
  needed: number;
  neededLately: number;
};

/** The predictive policy of one pool. */
export class PredictivePool {
  private readonly forecast: ArrivalForecast | undefined;
  private readonly coverage = new Coverage();
  private readonly staffing: Staffing;
  private readonly needs = new RecentMaximum();
  private readonly ahead: OpenProjection;
  private nowcast: ArrivalNowcast | undefined;
  /** Of the last decision. A record for each was 22 MB of garbage a day. */
  private readonly latest = noNeed();

  constructor(
    private readonly knobs: PredictiveKnobs,
    private readonly tickMs: number,
    private readonly index: number,
    fleet: FleetForecast | undefined,
  ) {
    this.staffing = new Staffing(knobs);
    this.ahead = new OpenProjection(index, knobs.survival);
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
    const neededLater = this.need(observation, pool, this.nowcast, horizonMs, lagMs, true);
    if (!knobs.warmPool) return this.settle(pool, neededLater, nowMs);
    const warmMs = Math.min(horizonMs, this.startMs(observation.warmStart, UNKNOWN_WARM_START_MS) + this.tickMs);
    const needed = this.need(observation, pool, this.nowcast, warmMs, lagMs, false);
    const decision = this.settle(pool, needed, nowMs);
    const parked = Math.max(0, neededLater - decision.desired);
    const details = joined(this.latest, { neededLater, parked });
    return { desired: decision.desired, reason: decision.reason, parked, details };
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

  /** Sets `latest`. Returns the streamlets needed `horizonMs` after the observation. */
  private need(
    observation: FleetObservation,
    pool: PoolObservation,
    nowcast: ArrivalNowcast,
    horizonMs: number,
    lagMs: number,
    judged: boolean,
  ): number {
    const { knobs, coverage, staffing, ahead, latest } = this;
    const { observedAtMs } = pool;
    const spanMs = horizonMs + lagMs;
    const expectedArrivals = this.expectedArrivals(nowcast, observedAtMs, spanMs, judged);
    ahead.project(pool, observation.holding, nowcast, expectedArrivals, spanMs);
    if (judged) coverage.note(observedAtMs, observedAtMs + spanMs, ahead.open, ahead.deviation);
    const intervalScale = coverage.scale;
    const deviation = ahead.deviation * intervalScale;
    const margin = staffing.marginSlots(ahead.open, deviation, pool.slots);
    const present = pool.open + pool.openDraining + pool.waiting;
    const reactive = present + staffing.marginSlots(present, Math.sqrt(present), pool.slots);
    const added = knobs.safetyNet ? coverage.distrust * Math.max(0, reactive - ahead.open - margin) : 0;
    // Streams that will still be on draining streamlets need no slot of the others.
    const slots = ahead.open + margin + added - pool.openDraining * ahead.stay;
    latest.horizonMs = horizonMs;
    latest.expectedArrivals = expectedArrivals;
    latest.expectedOpen = ahead.open;
    latest.deviation = deviation;
    latest.margin = margin;
    latest.added = added;
    latest.intervalScale = intervalScale;
    latest.coverage = coverage.recent;
    const needed = Math.max(0, Math.ceil(slots / pool.slots));
    latest.needed = needed;
    return needed;
  }

  /** Scales up at once, and down only to what was not needed for a while. */
  private settle(
    pool: PoolObservation,
    needed: number,
    nowMs: number,
  ): PoolDecision & { readonly reason: PredictiveReason } {
    const details = this.latest;
    const { added, margin } = details;
    // Rounding makes an integer of the float: decisions of all policies then have one hidden class.
    const lately = Math.ceil(this.needs.add(needed, nowMs, this.knobs.drainDelayMs ?? DRAIN_DELAY_MS));
    details.neededLately = lately;
    const standing = pool.ready + pool.spawning;
    if (needed > standing) return { desired: needed, reason: added > margin ? "safety-net" : "forecast-rise", details };
    if (lately < standing) return { desired: lately, reason: "forecast-fall", details };
    return { desired: standing, reason: needed < standing ? "needed-lately" : "as-forecast", details };
  }
}

/** Before the first decision. From 0 on, V8 would make a new hidden class at the first fraction. */
function noNeed(): Need {
  const none = Number.NaN;
  return {
    horizonMs: none,
    expectedArrivals: none,
    expectedOpen: none,
    deviation: none,
    margin: none,
    added: none,
    intervalScale: none,
    coverage: none,
    needed: none,
    neededLately: none,
  };
}

/** Arrivals per ms in the last closed bin; 0 where nothing is known. */
function lastRate(observation: FleetObservation, pool: number): number {
  const { history } = observation;
  const last = history.length === 0 ? Number.NaN : history.at(pool, history.length - 1);
  return last >= 0 ? last / history.binMs : 0;
}
