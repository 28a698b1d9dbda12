import { FLOAT_ZERO } from "../../../base/float-zero.js";
import { CountScatter } from "./count-scatter.js";
import { LeastSquares } from "./least-squares.js";
import { RowQueue } from "./row-queue.js";

/**
 * Time constants of the running rates: about the last 20 s, the last minute and a half, and the
 * last ten minutes.
 */
const TIME_CONSTANTS_MS = [20_000, 90_000, 600_000];
/** Half-life of what was learnt. */
const HALF_LIFE_MS = 6 * 3_600_000;
/**
 * Weights before anything is known: halfway between the last ten minutes and the last minute and a
 * half; none on the forecast yet.
 */
const PRIOR = [0, 0.5, 0, 0];
const PRIOR_CONFIDENCE = 30;
/** A forecast or its slope counts up to this multiple of the arrivals of the last ten minutes. */
const MOST_FORECAST = 4;

/**
 * A single error counts as at most this many standard deviations. Without the bound, the onset of
 * one crowd (17,600 requests too many, where 45 were one deviation) set the weights for hours: two
 * hours later one request in five seconds was read as 215 in the next 20 minutes.
 */
const MOST_DEVIATIONS = 5;

/**
 * Predictions whose spans overlap miss together. So only so many per span are judged, however short
 * the ticks are.
 */
const JUDGED_PER_SPAN = 4;
/** Predictions under way at most, where a long span holds up the short ones after it. */
const MOST_PENDING = 4096;

/**
 * A prediction under way: when and for how long, and the arrivals until then; the estimate by the
 * slow rate alone; what was expected; the variance of the count as assumed then; and the
 * features, the difference of each other estimate from the base. Counts are in requests per span.
 */
const [FROM, SPAN, ARRIVALS, BASE, EXPECTED, VARIANCE, FEATURES] = [0, 1, 2, 3, 4, 5, 6];

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
  private readonly pending = new RowQueue(FEATURES + PRIOR.length, MOST_PENDING);
  /** Those of the prediction that is made, and of the one that is judged. */
  private readonly present = [...PRIOR];
  private readonly features = [...PRIOR];
  private lastMs = Number.NaN;
  private lastArrivals = FLOAT_ZERO;
  /** Running rates per ms: short, middle, long. */
  private readonly rates = new Float64Array(3);
  /** The last span between two observations, and how far each rate moves in it. */
  private spanMs = Number.NaN;
  private readonly moves = new Float64Array(3);
  /** When the last predictions that are or were judged had been made. */
  private notedFromMs = Number.NEGATIVE_INFINITY;
  private judgedFromMs = Number.NEGATIVE_INFINITY;
  /** The time between two predictions that were judged, and what is kept of older ones in it. */
  private apartMs = Number.NaN;
  private keep = Number.NaN;

  /** `ratePerMs`: the rate assumed before the first observation. */
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
    if (spanMs !== this.spanMs) this.pace(spanMs);
    for (let i = 0; i < TIME_CONSTANTS_MS.length; i++) this.rates[i] += this.moves[i] * (rate - this.rates[i]);
    this.remember(atMs, arrivals);
    const { pending } = this;
    const { numbers } = pending;
    while (pending.length > 0 && numbers[pending.first + FROM] + numbers[pending.first + SPAN] <= atMs) {
      this.mature(pending.first, atMs, arrivals);
      pending.dropFirst();
    }
  }

  /** Ticks are equally long: the exponentials are those of the tick before. */
  private pace(spanMs: number): void {
    this.spanMs = spanMs;
    TIME_CONSTANTS_MS.forEach((constantMs, i) => {
      this.moves[i] = 1 - Math.exp(-spanMs / constantMs);
    });
  }

  /** What is kept of older predictions when one is judged that was made so much later. */
  private keptAfter(apartMs: number): number {
    if (apartMs !== this.apartMs) {
      this.apartMs = apartMs;
      this.keep = Math.exp((-Math.LN2 * apartMs) / HALF_LIFE_MS);
    }
    return this.keep;
  }

  /**
   * Arrivals expected within `spanMs` after the last observation, given the forecast's rate now and
   * in the middle of the span. Some of these expectations are judged later.
   */
  expect(spanMs: number, forecastNow: number, forecastAhead: number): number {
    const features = this.featuresOf(spanMs, forecastNow, forecastAhead);
    const base = this.rates[2] * spanMs;
    const expected = this.bounded(base + this.learner.predict(features), spanMs);
    if (JUDGED_PER_SPAN * (this.lastMs - this.notedFromMs) >= spanMs) this.note(spanMs, base, expected);
    return expected;
  }

  /** Notes an expectation, of the present features, that is to be judged. */
  private note(spanMs: number, base: number, expected: number): void {
    const { present } = this;
    const row = this.pending.add();
    if (row < 0) return;
    this.notedFromMs = this.lastMs;
    const { numbers } = this.pending;
    numbers[row + FROM] = this.lastMs;
    numbers[row + SPAN] = spanMs;
    numbers[row + ARRIVALS] = this.lastArrivals;
    numbers[row + BASE] = base;
    numbers[row + EXPECTED] = expected;
    numbers[row + VARIANCE] = Math.max(1, this.scatter.variance(Math.max(base, expected)));
    for (let i = 0; i < present.length; i++) numbers[row + FEATURES + i] = present[i];
  }

  /** The same for another span, which is not judged later. */
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
    const { present } = this;
    present[0] = (short - long) * spanMs;
    present[1] = (middle - long) * spanMs;
    present[2] = (ahead - long) * spanMs;
    present[3] = middle * slope * spanMs;
    return present;
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

  /** Judges the prediction in that row. */
  private mature(row: number, atMs: number, arrivals: number): void {
    const { numbers } = this.pending;
    const fromMs = numbers[row + FROM];
    const spanMs = numbers[row + SPAN];
    const base = numbers[row + BASE];
    const expected = numbers[row + EXPECTED];
    const variance = numbers[row + VARIANCE];
    const { features } = this;
    for (let i = 0; i < features.length; i++) features[i] = numbers[row + FEATURES + i];
    // Ticks need not fall on the end of the span: the count up to the tick is scaled to it.
    const count = ((arrivals - numbers[row + ARRIVALS]) * spanMs) / (atMs - fromMs);
    const deviation = Math.sqrt(Math.max(1, this.scatter.variance(expected)));
    const predicted = this.learner.predict(features);
    const surprise = count - base - predicted;
    const most = MOST_DEVIATIONS * Math.sqrt(variance);
    const learnt = predicted + Math.min(Math.max(surprise, -most), most);
    const apartMs = Math.min(spanMs, fromMs - this.judgedFromMs);
    this.judgedFromMs = fromMs;
    const keep = this.keptAfter(apartMs);
    this.learner.learn(features, learnt, deviation, keep);
    this.scatter.learn(Math.max(base, expected), count - expected, keep, apartMs / spanMs, variance);
  }
}
