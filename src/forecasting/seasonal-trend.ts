import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BinHistory } from "../control/forecast/bin-history.js";
import type { PointModel } from "../control/forecast/point-model.js";
import type { Season } from "../control/forecast/season.js";
import { Track } from "../control/forecast/track.js";

type Augurs = typeof import("@bsull/augurs/mstl");

/** Loads the Rust module once per thread. */
let loaded: Promise<Augurs> | undefined;

export function loadAugurs(): Promise<Augurs> {
  loaded ??= import("@bsull/augurs/mstl").then((augurs) => {
    const folder = dirname(createRequire(import.meta.url).resolve("@bsull/augurs/mstl"));
    augurs.initSync({ module: readFileSync(join(folder, "mstl_bg.wasm")) });
    return augurs;
  });
  return loaded;
}

/** Gains of the level between refits. */
const GAINS = [0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1];
const MOST_DAYS = 28;

/**
 * MSTL (Bandara, Hyndman, Bergmeir 2021) with an ETS trend through @bsull/augurs. Its forecast of
 * the next season gives the seasons of day and week. Between refits the seasons stay, and
 * exponential smoothing, with the gain that was best on the past, updates the level.
 */
export class SeasonalTrend implements PointModel {
  readonly name = "mstl-ets";
  readonly isWeekly = true;
  private season: Float64Array = new Float64Array(1);
  /** Bin of the history at which season[0] stands; negative once bins were forgotten. */
  private anchor = 0;
  private gain = 0.3;
  private readonly level = new Track();

  constructor(private readonly augurs: Augurs) {}

  minimumBins(season: Season): number {
    // Seasons must be whole numbers of bins. If a day is not, a week may be; then two weeks are
    // needed.
    const period = [season.dayLag, season.weekLag].find((lag) => lag > 0 && Number.isInteger(lag));
    return period === undefined ? Number.POSITIVE_INFINITY : 2 * period + 2;
  }

  /** [gain, anchor, season…] */
  learn(history: BinHistory, end: number): Float64Array {
    const { dayBins, dayLag, weekLag } = history.season;
    const from = Math.max(0, end - MOST_DAYS * (dayBins || Math.ceil(weekLag / 7)));
    const periods = [dayLag, weekLag].filter((lag) => lag > 0 && Number.isInteger(lag) && 2 * lag <= end - from);
    const model = this.augurs.MSTL.ets(periods, { impute: true });
    const period = periods[periods.length - 1];
    try {
      model.fit(history.values.data.slice(from, end));
      this.season = centred(model.predict(period).point, period);
    } finally {
      model.free();
    }
    this.anchor = end;
    return Float64Array.of(this.bestGain(history, end), end, ...this.season);
  }

  restore(history: BinHistory, parameters: Float64Array): void {
    this.gain = parameters[0];
    this.anchor = parameters[1];
    this.season = parameters.slice(2);
    this.level.clear();
    this.extend(history);
  }

  extend(history: BinHistory): void {
    for (let t = this.level.length; t < history.length; t++) {
      const off = history.values.data[t] - this.usual(t);
      const before = t === 0 ? off : this.level.data[t - 1];
      this.level.append(before + this.gain * (off - before));
    }
  }

  dropFirst(bins: number): void {
    this.level.dropFirst(bins);
    this.anchor -= bins;
  }

  predict(_history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    for (let k = 0; k < leads.length; k++) {
      out[k] = Math.max(0, this.level.data[end - 1] + this.usual(end - 1 + leads[k]));
    }
  }

  private usual(t: number): number {
    const period = this.season.length;
    return this.season[(((t - this.anchor) % period) + period) % period];
  }

  private bestGain(history: BinHistory, end: number): number {
    const from = Math.max(0, end - 3 * (history.season.dayBins || history.season.weekBins));
    let best = GAINS[0];
    let least = Number.POSITIVE_INFINITY;
    for (const gain of GAINS) {
      let level = history.values.data[from] - this.usual(from);
      let loss = 0;
      for (let t = from + 1; t < end; t++) {
        const off = history.values.data[t] - this.usual(t);
        loss += Math.abs(off - level);
        level += gain * (off - level);
      }
      if (loss < least) [best, least] = [gain, loss];
    }
    return best;
  }
}

/** A season's shape about its own mean; what is not finite is no season. */
function centred(point: readonly number[], period: number): Float64Array {
  const season = Float64Array.from({ length: period }, (_, i) => (Number.isFinite(point[i]) ? point[i] : 0));
  const mean = season.reduce((sum, value) => sum + value, 0) / period;
  return season.map((value) => value - mean);
}
