import { FLOAT_ZERO } from "../../base/float-zero.js";
import type { BinHistory } from "./bin-history.js";
import { BuiltFrom } from "./built-from.js";
import { CountScale, type CountSpace } from "./count-space.js";
import type { PointModel } from "./point-model.js";
import type { Season } from "./season.js";
import { profileHalfWidth, SeasonalProfile } from "./seasonal-profile.js";
import { Track } from "./track.js";

const GAINS = [0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1];
const DRIFT_SHARE = 0.5;

/**
 * The Theta method (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003):
 * exponential smoothing of the deseasonalised series plus half of its trend. The trend is that of
 * the last two seasons, which is nearly nothing per bin. The gain is the one of GAINS with the
 * smallest absolute error one bin ahead.
 */
export class Theta implements PointModel {
  readonly name: string;
  readonly isWeekly: boolean;
  private readonly scale: CountScale;
  private readonly values = new Track();
  private profile: SeasonalProfile | undefined;
  private readonly level = new Track();
  /** Values and profile; the level depends on the gain. */
  private readonly built = new BuiltFrom();
  private gain = 0.3;
  private drift = FLOAT_ZERO;

  constructor(
    private readonly period: "none" | "day" | "week",
    space: CountSpace = "identity",
  ) {
    const suffix = space === "identity" ? "" : `-${space}`;
    this.name = period === "none" ? `ses${suffix}` : `theta-${period}${suffix}`;
    this.isWeekly = period === "week";
    this.scale = new CountScale(space);
  }

  minimumBins(season: Season): number {
    if (this.period === "none") return 2;
    const lag = this.lag(season);
    return lag === 0 ? Number.POSITIVE_INFINITY : Math.ceil(lag + 0.25 * (season.dayBins || lag)) + 2;
  }

  learn(history: BinHistory, end: number): Float64Array {
    const scale = this.scale.adapt(history.values.data, end);
    this.restart(history);
    return Float64Array.of(...scale, this.bestGain(history, end), this.slope(end));
  }

  restore(history: BinHistory, parameters: Float64Array): void {
    this.scale.restore(parameters[0], parameters[1]);
    this.gain = parameters[2];
    this.drift = parameters[3];
    this.restart(history);
    this.extend(history);
  }

  extend(history: BinHistory): void {
    this.take(history);
    this.level.growWith(this.values);
    for (let t = this.level.length; t < this.values.length; t++) {
      const before = t === 0 ? this.deviation(0) : this.level.data[t - 1];
      this.level.append(before + this.gain * (this.deviation(t) - before));
    }
  }

  dropFirst(bins: number): void {
    this.built.clear();
    this.values.dropFirst(bins);
    this.level.dropFirst(bins);
    this.profile?.dropFirst(bins);
  }

  predict(_history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const level = this.level.data[end - 1];
    for (let k = 0; k < leads.length; k++) {
      const usual = this.profile === undefined ? 0 : this.profile.at(end - 1 + leads[k], end);
      out[k] = this.scale.from(usual + level + this.drift * leads[k]);
    }
  }

  /** Starts over: values and profile up to the end of the history, and no level. */
  private restart(history: BinHistory): void {
    this.level.clear();
    if (this.built.is(history, this.scale.origin)) return;
    this.values.clear();
    this.profile = undefined;
    if (this.period !== "none") {
      const gain = this.period === "week" ? 0.4 : 0.25;
      this.profile = new SeasonalProfile(
        this.lag(history.season),
        gain,
        profileHalfWidth(history),
        history.season.dayBins,
      );
    }
    this.take(history);
    this.built.set(history, this.scale.origin);
  }

  private take(history: BinHistory): void {
    this.values.growWith(history.values);
    for (let t = this.values.length; t < history.length; t++) {
      this.values.append(this.scale.into(history.values.data[t]));
    }
    this.profile?.extend(this.values);
  }

  private deviation(t: number): number {
    const y = this.values.data[t];
    if (this.profile === undefined) return y;
    return t < this.profile.minimumBins ? 0 : y - this.profile.at(t, t);
  }

  private bestGain(history: BinHistory, end: number): number {
    const from = Math.max(1, end - 3 * Math.max(this.lag(history.season), 200), this.profile?.minimumBins ?? 0);
    const deviations = new Float64Array(Math.max(0, end - from));
    for (let i = 0; i < deviations.length; i++) deviations[i] = this.deviation(from + i);
    let best = GAINS[0];
    let least = Number.POSITIVE_INFINITY;
    for (const gain of GAINS) {
      let level = deviations[0];
      let loss = 0;
      for (let i = 1; i < deviations.length; i++) {
        loss += Math.abs(deviations[i] - level);
        level += gain * (deviations[i] - level);
      }
      if (loss < least) [best, least] = [gain, loss];
    }
    return best;
  }

  /** Half the change per bin between the last two seasons. */
  private slope(end: number): number {
    const lag = this.profile === undefined ? 0 : Math.round(this.profile.period);
    if (lag === 0 || end < 2 * lag) return 0;
    const y = this.values.data;
    let change = 0;
    for (let t = end - lag; t < end; t++) change += y[t] - y[t - lag];
    return (DRIFT_SHARE * change) / lag / lag;
  }

  private lag(season: Season): number {
    return this.period === "week" ? season.weekLag : season.dayLag;
  }
}
