import { CountScatter } from "./count-scatter.js";
import { LeastSquares } from "./least-squares.js";

/**
 * Time constants of the running rates: about the last 20 s, the last minute and a half, and the
 * last ten minutes.
 */
const TIME_CONSTANTS_MS = [20_000, 90_000, 600_000];
/** What was learnt loses half of its weight in this time. */
const HALF_LIFE_MS = 6 * 3_600_000;
/**
 * Weights before anything is known: halfway between the last ten minutes and the last minute and a
 * half; none on the forecast yet.
 */
const PRIOR = [0, 0.5, 0, 0];
const PRIOR_CONFIDENCE = 30;
/** A forecast, or its slope, is believed up to this multiple of what the last ten minutes saw. */
const MOST_FORECAST = 4;

/**
 * A single error counts as at most this many standard deviations. Without the bound, the onset of
 * one crowd (17,600 requests too many, where 45 were one deviation) set the weights for hours: two
 * hours later one request in five seconds was read as 215 in the next 20 minutes.
 */
const MOST_DEVIATIONS = 5;

/** Predictions under way at most: a horizon of an hour at a tick of one second. */
const MOST_PENDING = 4096;

interface Pending {
  readonly fromMs: number;
  readonly spanMs: number;
  readonly arrivals: number;
  /**
   * The estimate by the slow rate alone, and the difference of each feature from it, in requests
   * per span.
   */
  readonly base: number;
  readonly features: readonly number[];
  readonly expected: number;
  /** The variance of the count as it was believed then. */
  readonly variance: number;
}

/**
 * Forecasts the requests of the next minutes: the rate of the last ten minutes, plus weights times
 * the faster rates and the seasonal forecast's level and slope. Recursive least squares learns the
 * weights. A feature that does not help gets no weight: on white noise the slow rate remains, a
 * flash crowd is followed, and a nonsensical forecaster is ignored. The scatter about the expected
 * count is learnt as a·n + b·n²: Poisson noise, and changes of the rate itself.
 */
export class ArrivalNowcast {
  private readonly learner = new LeastSquares(PRIOR, PRIOR_CONFIDENCE);
  private readonly scatter = new CountScatter();
  private readonly pending: Pending[] = [];
  private lastMs = Number.NaN;
  private lastArrivals = 0;
  /** Running rates per ms: short, middle, long. */
  private readonly rates = new Float64Array(3);
  private keep = 1;
  /** When the last prediction that was judged had been made. */
  private judgedFromMs = Number.NEGATIVE_INFINITY;

  /** `ratePerMs`: what is known of the rate before the first observation. */
  constructor(ratePerMs: number) {
    this.rates.fill(ratePerMs);
  }

  /**
   * Takes the running total of arrivals as of `atMs`, and judges the expectations that end there.
   */
  observe(atMs: number, arrivals: number): void {
    if (!(atMs > this.lastMs)) {
      if (Number.isNaN(this.lastMs)) this.remember(atMs, arrivals);
      return;
    }
    const spanMs = atMs - this.lastMs;
    const rate = (arrivals - this.lastArrivals) / spanMs;
    for (let i = 0; i < TIME_CONSTANTS_MS.length; i++) {
      this.rates[i] += (1 - Math.exp(-spanMs / TIME_CONSTANTS_MS[i])) * (rate - this.rates[i]);
    }
    this.keep = Math.exp((-Math.LN2 * spanMs) / HALF_LIFE_MS);
    this.remember(atMs, arrivals);
    while (this.pending.length > 0 && this.pending[0].fromMs + this.pending[0].spanMs <= atMs) {
      this.mature(this.pending.shift() as Pending, atMs, arrivals);
    }
  }

  /**
   * Arrivals expected within `spanMs` after the last observation, given the forecast's rate now and
   * in the middle of the span. The expectation is judged later.
   */
  expect(spanMs: number, forecastNow: number, forecastAhead: number): number {
    const features = this.featuresOf(spanMs, forecastNow, forecastAhead);
    const base = this.rates[2] * spanMs;
    const expected = this.bounded(base + this.learner.predict(features), spanMs);
    if (this.pending.length < MOST_PENDING) {
      const { lastMs: fromMs, lastArrivals: arrivals } = this;
      const variance = Math.max(1, this.scatter.variance(Math.max(base, expected)));
      this.pending.push({ fromMs, spanMs, arrivals, base, features, expected, variance });
    }
    return expected;
  }

  /** The same for another span. It is not judged later. */
  peek(spanMs: number, forecastNow: number, forecastAhead: number): number {
    const features = this.featuresOf(spanMs, forecastNow, forecastAhead);
    return this.bounded(this.rates[2] * spanMs + this.learner.predict(features), spanMs);
  }

  /**
   * The variance of a count. It is taken at the usual level if that is above the expectation, so
   * that the margin does not fluctuate with the expectation.
   */
  variance(expected: number, spanMs: number): number {
    return this.scatter.variance(Math.max(expected, this.rates[2] * spanMs));
  }

  private featuresOf(spanMs: number, forecastNow: number, forecastAhead: number): readonly number[] {
    const short = this.rates[0];
    const middle = this.rates[1];
    const long = this.rates[2];
    const most = MOST_FORECAST * Math.max(short, middle, long);
    const ahead = forecastAhead >= 0 ? Math.min(forecastAhead, most) : long;
    const slope = forecastNow > 0 && forecastAhead >= 0 ? Math.min(forecastAhead / forecastNow - 1, 1) : 0;
    return [(short - long) * spanMs, (middle - long) * spanMs, (ahead - long) * spanMs, middle * slope * spanMs];
  }

  private bounded(expected: number, spanMs: number): number {
    const short = this.rates[0];
    const most = MOST_FORECAST * Math.max(short, this.rates[1], this.rates[2]) * spanMs;
    return Math.min(Math.max(expected, 0.2 * short * spanMs), most);
  }

  private remember(atMs: number, arrivals: number): void {
    this.lastMs = atMs;
    this.lastArrivals = arrivals;
  }

  private mature(past: Pending, atMs: number, arrivals: number): void {
    // Ticks need not fall on the end of the span: the count up to the tick is scaled to it.
    const count = ((arrivals - past.arrivals) * past.spanMs) / (atMs - past.fromMs);
    const deviation = Math.sqrt(Math.max(1, this.scatter.variance(past.expected)));
    const predicted = this.learner.predict(past.features);
    const surprise = count - past.base - predicted;
    const most = MOST_DEVIATIONS * Math.sqrt(past.variance);
    const learnt = predicted + Math.min(Math.max(surprise, -most), most);
    this.learner.learn(past.features, learnt, deviation, this.keep);
    const weight = Math.min(1, (past.fromMs - this.judgedFromMs) / past.spanMs);
    this.judgedFromMs = past.fromMs;
    const level = Math.max(past.base, past.expected);
    this.scatter.learn(level, count - past.expected, this.keep, weight, past.variance);
  }
}
