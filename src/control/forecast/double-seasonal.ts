import type { BinHistory } from "./bin-history.js";
import { CountScale, type CountSpace } from "./count-space.js";
import type { PointModel } from "./point-model.js";
import { type Season, seasonBefore, valueAt } from "./season.js";
import { Track } from "./track.js";

/**
 * Candidate gains of level, day and week, and of the share of an error that carries over to the
 * next bin. Each is searched in turn.
 */
const LEVEL_GAINS = [0.003, 0.01, 0.03, 0.1];
const SEASON_GAINS = [0.05, 0.15, 0.35];
const ERROR_SHARES = [0, 0.3, 0.6, 0.85];
const START = [0.01, 0.15, 0.15, 0.6];

/**
 * Double-seasonal exponential smoothing with an error correction (Taylor 2003, "Short-term
 * electricity demand forecasting using double seasonal exponential smoothing"). Level, day and week
 * each have their own gain. The error of the last bin carries over and fades as φ^lead. The gains
 * minimise the absolute error one bin and an eighth of a day ahead, coordinate by coordinate. With
 * one bin alone the level would absorb the seasons.
 */
export class DoubleSeasonal implements PointModel {
  readonly name: string;
  readonly isWeekly = true;
  private readonly scale: CountScale;
  private readonly level = new Track();
  private readonly day = new Track();
  private readonly week = new Track();
  private readonly error = new Track();
  private gains: readonly number[] = START;

  constructor(space: CountSpace) {
    this.name = `holt-winters-${space}`;
    this.scale = new CountScale(space);
  }

  minimumBins(season: Season): number {
    return season.dayBins === 0 ? Number.POSITIVE_INFINITY : Math.ceil(season.weekLag) + Math.ceil(season.dayLag);
  }

  learn(history: BinHistory, end: number): Float64Array {
    const scale = this.scale.adapt(history.values.data, end);
    return Float64Array.of(...scale, ...this.bestGains(history, end));
  }

  restore(history: BinHistory, parameters: Float64Array): void {
    this.scale.restore(parameters[0], parameters[1]);
    this.gains = Array.from(parameters.subarray(2));
    this.restart();
    this.extend(history);
  }

  extend(history: BinHistory): void {
    this.run(history, history.length, this.gains);
  }

  dropFirst(bins: number): void {
    for (const track of [this.level, this.day, this.week, this.error]) track.dropFirst(bins);
  }

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const { dayLag, weekLag } = history.season;
    const level = this.level.data[end - 1];
    const error = this.error.data[end - 1];
    const logShare = Math.log(Math.max(1e-9, this.gains[3]));
    for (let k = 0; k < leads.length; k++) {
      const lead = leads[k];
      const d = valueAt(this.day.data, seasonBefore(end - 1 + lead, dayLag, end));
      const w = valueAt(this.week.data, seasonBefore(end - 1 + lead, weekLag, end));
      const value = level + d + w + error * Math.exp(lead * logShare);
      out[k] = this.scale.from(value);
    }
  }

  private restart(): void {
    for (const track of [this.level, this.day, this.week, this.error]) track.clear();
  }

  private bestGains(history: BinHistory, end: number): readonly number[] {
    let best = START;
    let least = this.loss(history, end, best);
    [LEVEL_GAINS, SEASON_GAINS, SEASON_GAINS, ERROR_SHARES].forEach((candidates, which) => {
      for (const candidate of candidates) {
        if (candidate === best[which]) continue;
        const gains = best.with(which, candidate);
        const loss = this.loss(history, end, gains);
        if (loss < least) [best, least] = [gains, loss];
      }
    });
    return best;
  }

  private loss(history: BinHistory, end: number, gains: readonly number[]): number {
    this.restart();
    return this.run(history, end, gains);
  }

  /**
   * Moves the state to `end`. Returns the sum of absolute errors one bin and an eighth of a day
   * ahead, from the second week on.
   */
  private run(history: BinHistory, end: number, gains: readonly number[]): number {
    const { dayBins, dayLag, weekLag } = history.season;
    const [levelGain, dayGain, weekGain, share] = gains;
    const y = history.values.data;
    const ahead = Math.max(2, dayBins >> 3);
    const fade = Math.exp(ahead * Math.log(Math.max(1e-9, share)));
    let loss = 0;
    for (const track of [this.level, this.day, this.week, this.error]) track.growWith(history.values);
    for (let t = this.level.length; t < end; t++) {
      const value = this.scale.into(y[t]);
      const level = t === 0 ? value : this.level.data[t - 1];
      const d = t < dayLag ? 0 : valueAt(this.day.data, t - dayLag);
      const w = t < weekLag ? 0 : valueAt(this.week.data, t - weekLag);
      const off = value - level - d - w;
      if (t >= weekLag) {
        const early = value - this.level.data[t - ahead] - d - w - fade * this.error.data[t - ahead];
        loss += Math.abs(off - share * this.error.data[t - 1]) + Math.abs(early);
      }
      // The first day sets the day's pattern, the rest of the first week the differences from it.
      // After that all are updated with their gains.
      const settled = t >= weekLag;
      this.level.append(level + levelGain * off);
      this.day.append(t < dayLag ? off : d + (settled ? dayGain * off : 0));
      this.week.append(t < dayLag ? 0 : settled ? w + weekGain * off : off);
      this.error.append(t < dayLag ? 0 : off);
    }
    return loss;
  }
}
