import { FLOAT_ZERO } from "../../base/float-zero.js";
import type { BinHistory } from "./bin-history.js";
import { CountScale, type CountSpace } from "./count-space.js";
import { PartMeans } from "./part-means.js";
import type { PointModel } from "./point-model.js";
import type { Season } from "./season.js";
import { profileHalfWidth } from "./seasonal-profile.js";
import { Track } from "./track.js";

/**
 * The look-back of one day is compared in this many parts. The older a part, the less it weighs.
 */
const PARTS = 16;
const FADE_PER_PART = 0.15;
const PART_WEIGHTS = Float64Array.from({ length: PARTS }, (_, p) => 1 / (1 + FADE_PER_PART * p));
/** The sum of the first p weights. */
const WEIGHT_SUMS = new Float64Array(PARTS + 1);
for (let p = 0; p < PARTS; p++) WEIGHT_SUMS[p + 1] = WEIGHT_SUMS[p] + PART_WEIGHTS[p];
/** The distance of a day with the same weekday is multiplied by this. */
const SAME_WEEKDAY = 0.7;
/**
 * Parts that measure how the present level differs from that day's. Half a day ahead, e⁻¹ of the
 * difference is left.
 */
const LEVEL_PARTS = 3;
const MINIMUM_DAYS = 6;

/**
 * Forecasts from similar days. Earlier days, cut at the present time of day, are weighted by their
 * similarity to the last one in shape and level. Their continuations, moved towards the present
 * level, are averaged. This is the "similar day" method of load forecasting (Mandal et al. 2006)
 * with a Gaussian kernel (Nadaraya 1964, Watson 1964). It learns no parameters, so weekdays,
 * holidays and regimes need no names.
 */
export class SimilarDays implements PointModel {
  readonly name: string;
  private readonly scale: CountScale;
  private readonly sums = new Track();
  private means = new PartMeans(1);
  private distances = new Float64Array(32);
  /** The end that the weights in `distances` and the shift belong to; −1 = none. */
  private weighedEnd = -1;
  private shift = FLOAT_ZERO;
  /** The means of the parts of the day before the present. */
  private readonly recent = new Float64Array(PARTS);

  constructor(space: CountSpace) {
    this.name = `similar-days-${space}`;
    this.scale = new CountScale(space);
  }

  minimumBins(season: Season): number {
    return season.dayBins === 0 ? Number.POSITIVE_INFINITY : MINIMUM_DAYS * season.dayBins;
  }

  learn(history: BinHistory, end: number): Float64Array {
    return Float64Array.from(this.scale.adapt(history.values.data, end));
  }

  restore(history: BinHistory, parameters: Float64Array): void {
    this.scale.restore(parameters[0], parameters[1]);
    this.sums.clear();
    const part = partOf(history);
    if (this.means.part === part) this.means.clear();
    else this.means = new PartMeans(part, history.values.data.length);
    this.weighedEnd = -1;
    this.extend(history);
  }

  extend(history: BinHistory): void {
    this.sums.growWith(history.values);
    for (let t = this.sums.length; t < history.length; t++) {
      this.sums.append((t === 0 ? 0 : this.sums.data[t - 1]) + this.scale.into(history.values.data[t]));
    }
    this.means.extend(this.sums);
  }

  dropFirst(bins: number): void {
    this.weighedEnd = -1;
    this.sums.dropFirst(bins);
    this.means.rebuild(this.sums);
  }

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const { dayBins, dayLag } = history.season;
    const half = profileHalfWidth(history);
    const lookBack = Math.max(dayBins, LEVEL_PARTS * this.means.part);
    const days = Math.floor((end - lookBack - 1) / dayLag);
    if (this.weighedEnd !== end) {
      this.shift = this.weigh(history, end, days);
      this.weighedEnd = end;
    }
    const { shift } = this;
    for (let k = 0; k < leads.length; k++) {
      // Leads beyond a day repeat the first day.
      const ahead = ((leads[k] - 1) % dayBins) + 1;
      let sum = 0;
      for (let j = 0; j < days; j++) {
        const u = end - 1 + ahead - Math.round((j + 1) * dayLag);
        const to = Math.min(u + half, end - 1);
        sum += (this.distances[j] * (this.sums.data[to] - this.sums.data[u - half - 1])) / (to - u + half + 1);
      }
      out[k] = this.scale.from(sum + shift * Math.exp((-2 * ahead) / dayBins));
    }
  }

  /**
   * Turns the distances of the earlier days into weights (sum 1). Returns how far the present level
   * is above theirs.
   */
  private weigh(history: BinHistory, end: number, days: number): number {
    const { dayLag } = history.season;
    if (this.distances.length < days) this.distances = new Float64Array(2 * days);
    const { recent, distances, means } = this;
    const { part } = means;
    const at = means.indexOf(end);
    for (let p = 0; p < PARTS && end - p * part - part >= 1; p++) recent[p] = means.data[at - p];
    for (let j = 0; j < days; j++) {
      const lag = Math.round((j + 1) * dayLag);
      distances[j] = this.distance(end - lag) * ((j + 1) % 7 === 0 ? SAME_WEEKDAY : 1);
    }
    // The kernel is as wide as the distance of the third-nearest day.
    const width = this.thirdNearest(days) + 1e-9;
    let total = 0;
    for (let j = 0; j < days; j++) {
      const z = distances[j] / width;
      distances[j] = Math.exp(-z * z);
      total += distances[j];
    }
    const now = this.mean(end, LEVEL_PARTS * part);
    let shift = 0;
    for (let j = 0; j < days; j++) {
      distances[j] /= total;
      shift += distances[j] * (now - this.mean(end - Math.round((j + 1) * dayLag), LEVEL_PARTS * part));
    }
    return shift;
  }

  /** The third-smallest distance. Six days of history have four earlier days to compare. */
  private thirdNearest(days: number): number {
    let [first, second, third] = [Infinity, Infinity, Infinity];
    for (let j = 0; j < days; j++) {
      const distance = this.distances[j];
      if (distance < first) [first, second, third] = [distance, first, second];
      else if (distance < second) [second, third] = [distance, second];
      else if (distance < third) third = distance;
    }
    return third;
  }

  /**
   * Root mean square difference between the day before the present and the one before `end`, part
   * by part.
   */
  private distance(end: number): number {
    const { recent } = this;
    const { data, part } = this.means;
    const at = this.means.indexOf(end);
    const parts = Math.min(PARTS, Math.floor((end - 1) / part));
    let sum = 0;
    for (let p = 0; p < parts; p++) {
      const gap = recent[p] - data[at - p];
      sum += PART_WEIGHTS[p] * gap * gap;
    }
    return Math.sqrt(sum / WEIGHT_SUMS[parts]);
  }

  private mean(end: number, bins: number): number {
    return (this.sums.data[end - 1] - this.sums.data[end - 1 - bins]) / bins;
  }
}

/** Bins of a part of the look-back. */
function partOf(history: BinHistory): number {
  return Math.max(1, Math.floor(history.season.dayBins / PARTS));
}
