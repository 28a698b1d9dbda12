import type { BinHistory } from "./bin-history.js";
import { BuiltFrom } from "./built-from.js";
import { CountScale, type CountSpace } from "./count-space.js";
import { ANY_LEAD, LeadLadder, rungsUpTo, scoredLeads } from "./lead-ladder.js";
import { NormalEquations } from "./normal-equations.js";
import type { PointModel } from "./point-model.js";
import type { Season } from "./season.js";
import { SeasonalFeatures } from "./seasonal-features.js";
import { Track } from "./track.js";

const ANCHORS = [1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 288];
const RIDGE = 0.003;
/** Neighbouring rows are nearly equal, the more so the longer the lead: this many are enough. */
const ROWS_PER_LEAD = 1200;
const ROWS_PER_SHORT_LEAD = 2400;
/** Rows lose half of their weight in this many days. */
const HALF_LIFE_DAYS = 10;

/**
 * One regression per lead: on the usual value at the target's time (by day, by week), on the same
 * time of the last days and weeks, and on the deviation of the latest bins from their usual values.
 * This is sparse periodic auto-regression (Chen et al., NSDI 2008). It is direct, so errors do not
 * accumulate over the leads. Between the anchored leads coefficients are interpolated.
 */
export class DirectRidge implements PointModel {
  readonly name: string;
  readonly isWeekly: boolean;
  private readonly scale: CountScale;
  private readonly values = new Track();
  private features: SeasonalFeatures | undefined;
  private anchors = new LeadLadder(new Int32Array(0));
  private coefficients: Float64Array[] = [];
  /** The coefficients of each lead that was forecast, interpolated between the anchored ones. */
  private mixed: (Float64Array | undefined)[] = [];
  /** What the features of a forecast share at every lead. */
  private present = new Float64Array(0);
  private row = new Float64Array(0);
  private readonly built = new BuiltFrom();

  /** `longestLead`: only leads up to the first scored one that reaches it are forecast. */
  constructor(
    space: CountSpace,
    private readonly period: "day" | "week",
    private readonly longestLead = ANY_LEAD,
  ) {
    this.name = `ridge-${period}-${space}`;
    this.isWeekly = period === "week";
    this.scale = new CountScale(space);
  }

  minimumBins(season: Season): number {
    if (season.dayBins === 0) return Number.POSITIVE_INFINITY;
    return this.period === "day" ? 3 * season.dayBins : season.weekBins + season.dayBins + (season.dayBins >> 1);
  }

  learn(history: BinHistory, end: number): Float64Array {
    const scale = this.scale.adapt(history.values.data, end);
    const features = this.restart(history);
    const { rungs } = this.anchors;
    const rows = rungs.length;
    const parameters = new Float64Array(2 + rows * features.columns);
    parameters.set(scale);
    const regressions: LeadRegression[] = [];
    for (let i = 0; i < rows; i++) regressions.push(new LeadRegression(features, rungs[i], end));
    this.regress(history, features, end, regressions);
    for (let i = 0; i < rows; i++) parameters.set(regressions[i].solve(), 2 + i * features.columns);
    return parameters;
  }

  restore(history: BinHistory, parameters: Float64Array): void {
    this.scale.restore(parameters[0], parameters[1]);
    const columns = this.restart(history).columns;
    this.coefficients = Array.from(this.anchors.rungs, (_, i) =>
      parameters.slice(2 + i * columns, 2 + (i + 1) * columns),
    );
    this.mixed = [];
  }

  extend(history: BinHistory): void {
    this.built.clear();
    this.values.growWith(history.values);
    for (let t = this.values.length; t < history.length; t++) {
      this.values.append(this.scale.into(history.values.data[t]));
    }
    this.features?.extend(this.values);
  }

  dropFirst(bins: number): void {
    this.built.clear();
    this.values.dropFirst(bins);
    this.features?.dropFirst(bins);
  }

  predict(_history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const features = this.features;
    if (features === undefined) return;
    const { row } = this;
    features.fillPresent(this.values.data, end, this.present, 0);
    for (let k = 0; k < leads.length; k++) {
      const base = features.fill(this.present, 0, end, leads[k], row, 0);
      const coefficients = this.coefficientsAt(leads[k]);
      let sum = base;
      for (let i = 0; i < row.length; i++) sum += row[i] * coefficients[i];
      out[k] = this.scale.from(sum);
    }
  }

  private coefficientsAt(lead: number): Float64Array {
    const known = this.mixed[lead];
    if (known !== undefined) return known;
    const { low, share } = this.anchors.place(lead);
    const a = this.coefficients[low];
    const b = this.coefficients[Math.min(low + 1, this.coefficients.length - 1)];
    const found = new Float64Array(a.length);
    for (let i = 0; i < a.length; i++) found[i] = a[i] + share * (b[i] - a[i]);
    this.mixed[lead] = found;
    return found;
  }

  private restart(history: BinHistory): SeasonalFeatures {
    if (this.features !== undefined && this.built.is(history, this.scale.origin)) return this.features;
    this.values.clear();
    const features = this.blankFeatures(history);
    this.extend(history);
    this.built.set(history, this.scale.origin);
    return features;
  }

  /** At another origin of the scale, the same history has other numbers, but as many. */
  private blankFeatures(history: BinHistory): SeasonalFeatures {
    if (this.features !== undefined && this.built.isOf(history)) {
      this.features.clear();
      return this.features;
    }
    this.anchors = new LeadLadder(anchorsFor(history.season, this.longestLead));
    this.features = new SeasonalFeatures(history, this.period === "week");
    this.present = new Float64Array(this.features.presentSize);
    this.row = new Float64Array(this.features.columns);
    return this.features;
  }

  /**
   * Adds the past to the regressions of all leads, from the newest end to the oldest. What the rows
   * of an end share is filled once: a table of all ends took 5 MB for the four pools of a fleet.
   */
  private regress(
    history: BinHistory,
    features: SeasonalFeatures,
    end: number,
    regressions: readonly LeadRegression[],
  ): void {
    const { present, values } = this;
    const decay = -Math.LN2 / (HALF_LIFE_DAYS * history.season.dayBins);
    for (let e = end - 1; e >= features.minimumBins; e--) {
      features.fillPresent(values.data, e, present, 0);
      const weight = Math.exp(decay * (end - e));
      for (let i = 0; i < regressions.length; i++) regressions[i].take(e, history, values, present, weight);
    }
  }
}

/** The regression of one lead while it takes rows. */
class LeadRegression {
  private readonly equations: NormalEquations;
  private readonly stride: number;
  /** The next end that it takes: each `stride`-th, from the newest on. */
  private nextEnd: number;

  /** Learns from the bins before `end`. */
  constructor(
    private readonly features: SeasonalFeatures,
    private readonly lead: number,
    end: number,
  ) {
    const most = lead <= 3 ? ROWS_PER_SHORT_LEAD : ROWS_PER_LEAD;
    this.equations = new NormalEquations(features.columns);
    this.stride = Math.max(1, Math.floor((end - features.minimumBins) / most));
    this.nextEnd = end - lead;
  }

  /** Ends come in falling order. The present of `end` stands in `present`. */
  take(end: number, history: BinHistory, values: Track, present: Float64Array, weight: number): void {
    if (end !== this.nextEnd) return;
    this.nextEnd -= this.stride;
    const { equations, features, lead } = this;
    const u = end - 1 + lead;
    if (history.observed.data[u] !== 1) return;
    const base = features.fill(present, 0, end, lead, equations.block, equations.next);
    equations.addNext(values.data[u] - base, weight);
  }

  solve(): Float64Array {
    return this.equations.solve(RIDGE);
  }
}

/** Anchors up to a day, or up to the first that reaches the last scored lead. */
function anchorsFor(season: Season, longestLead: number): Int32Array {
  const longest = Math.max(12, season.dayBins);
  const anchors = ANCHORS.filter((lead) => lead <= longest);
  if (longestLead === ANY_LEAD) return Int32Array.from(anchors);
  const scored = scoredLeads(season, longestLead);
  return rungsUpTo(anchors, scored[scored.length - 1]);
}
