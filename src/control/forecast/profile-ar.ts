import type { BinHistory } from "./bin-history.js";
import { BuiltFrom } from "./built-from.js";
import { CountScale, type CountSpace } from "./count-space.js";
import { NormalEquations } from "./normal-equations.js";
import type { PointModel } from "./point-model.js";
import type { Season } from "./season.js";
import { profileHalfWidth, SeasonalProfile } from "./seasonal-profile.js";
import { Track } from "./track.js";

const RIDGE = 0.01;
const ROWS = 4000;

/**
 * The usual value at this time of the week (or day), and an auto-regression of the deviation from
 * it: on the last bins, their mean over an hour, and the same time yesterday. It is rolled forward
 * bin by bin, so the deviation fades by the regression.
 */
export class ProfileAr implements PointModel {
  readonly name: string;
  readonly isWeekly: boolean;
  private readonly scale: CountScale;
  private readonly values = new Track();
  private readonly off = new Track();
  private profile: SeasonalProfile | undefined;
  private readonly built = new BuiltFrom();
  private coefficients: Float64Array = new Float64Array(0);
  private readonly row: Float64Array;
  private lags: Int32Array = Int32Array.of(1, 2, 3);
  private path = new Float64Array(0);

  constructor(
    space: CountSpace,
    private readonly period: "day" | "week",
  ) {
    this.name = `profile-ar-${period}-${space}`;
    this.isWeekly = period === "week";
    this.scale = new CountScale(space);
    this.row = new Float64Array(5);
  }

  minimumBins(season: Season): number {
    if (season.dayBins === 0) return Number.POSITIVE_INFINITY;
    return (this.period === "day" ? season.dayBins : season.weekBins) + 2 * season.dayBins;
  }

  learn(history: BinHistory, end: number): Float64Array {
    const scale = this.scale.adapt(history.values.data, end);
    const profile = this.restart(history);
    const coefficients = this.regress(history, end, profile.minimumBins + history.season.dayBins);
    return Float64Array.of(...scale, ...coefficients);
  }

  restore(history: BinHistory, parameters: Float64Array): void {
    this.scale.restore(parameters[0], parameters[1]);
    this.coefficients = parameters.slice(2);
    this.restart(history);
  }

  extend(history: BinHistory): void {
    const { profile } = this;
    if (profile === undefined) return;
    this.built.clear();
    this.values.growWith(history.values);
    for (let t = this.values.length; t < history.length; t++) {
      this.values.append(this.scale.into(history.values.data[t]));
    }
    profile.extend(this.values);
    this.off.growWith(this.values);
    for (let t = this.off.length; t < this.values.length; t++) {
      this.off.append(t < profile.minimumBins ? 0 : this.values.data[t] - profile.at(t, t));
    }
  }

  dropFirst(bins: number): void {
    this.built.clear();
    this.values.dropFirst(bins);
    this.off.dropFirst(bins);
    this.profile?.dropFirst(bins);
  }

  predict(_history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const { profile } = this;
    if (profile === undefined) return;
    const longest = leads[leads.length - 1];
    if (this.path.length < longest) this.path = new Float64Array(longest);
    const { path } = this;
    this.roll(path, longest, end);
    for (let k = 0; k < leads.length; k++) {
      const value = profile.at(end - 1 + leads[k], end) + path[leads[k] - 1];
      out[k] = this.scale.from(value);
    }
  }

  /**
   * Fills path[0, length) with the deviations from `end` on. The last three values are in local
   * variables: each bin waits for the one before, and a detour through the array doubled that wait.
   */
  private roll(path: Float64Array, length: number, end: number): void {
    const [first, second, third, part, day] = this.coefficients;
    const off = this.off.data;
    const partLag = this.lags[3];
    const dayLag = this.lags[4];
    let [a, b, c] = [off[end - 1], off[end - 2], off[end - 3]];
    for (let at = 0; at < length; at++) {
      const ofPart = at < partLag ? off[end + at - partLag] : path[at - partLag];
      const ofDay = at < dayLag ? off[end + at - dayLag] : path[at - dayLag];
      const next = first * a + second * b + third * c + part * ofPart + day * ofDay;
      path[at] = next;
      c = b;
      b = a;
      a = next;
    }
  }

  private restart(history: BinHistory): SeasonalProfile {
    if (this.profile !== undefined && this.built.is(history, this.scale.origin)) return this.profile;
    const profile = this.blankProfile(history);
    this.values.clear();
    this.off.clear();
    this.extend(history);
    this.built.set(history, this.scale.origin);
    return profile;
  }

  /** At another origin of the scale, the same history has other numbers, but as many. */
  private blankProfile(history: BinHistory): SeasonalProfile {
    if (this.profile !== undefined && this.built.isOf(history)) {
      this.profile.clear();
      return this.profile;
    }
    const { dayBins, dayLag, weekLag } = history.season;
    const lag = this.period === "week" ? weekLag : dayLag;
    this.profile = new SeasonalProfile(lag, this.period === "week" ? 0.35 : 0.2, profileHalfWidth(history), dayBins);
    this.lags = Int32Array.of(1, 2, 3, Math.max(4, dayBins >> 3), dayBins);
    return this.profile;
  }

  private fill(off: Float64Array, t: number): void {
    for (let i = 0; i < this.lags.length; i++) this.row[i] = off[t - this.lags[i]];
  }

  private regress(history: BinHistory, end: number, from: number): Float64Array {
    const equations = new NormalEquations(this.row.length);
    const stride = Math.max(1, Math.floor((end - from) / ROWS));
    for (let t = end - 1; t >= from; t -= stride) {
      if (history.observed.data[t] !== 1) continue;
      this.fill(this.off.data, t);
      equations.add(this.row, this.off.data[t], 1);
    }
    return equations.solve(RIDGE);
  }
}
