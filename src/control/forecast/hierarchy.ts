import { DEFAULT_LEVELS, type Forecast, type Forecaster, type Series } from "../../ports/forecaster.js";
import { HourShares } from "./hour-shares.js";
import { ANY_LEAD } from "./lead-ladder.js";
import { seasonOf } from "./season.js";
import { ShareSplit } from "./share-split.js";

/**
 * A series with at least this mean per bin has enough traffic to learn its own rhythm. Below, a
 * share of its parent's forecast is better.
 */
const LEAST_MEAN = 5;
/**
 * A series keeps its model until its mean falls below this share of the limit, so that one near the
 * limit does not change every day.
 */
const KEPT_SHARE = 0.8;
/** "Mean" is that of the last week. */
const MEAN_DAYS = 7;
/**
 * If the shares of the hours scatter by more than √0.05 = 22 % about the overall share, the series
 * has its own rhythm (by experiment: a day shifted by eight hours has 0.3 and more, and a share of
 * its parent forecasts 1.3 to 1.6 times as badly as a model of two to four requests per bin).
 */
const MOST_OWN_RHYTHM = 0.05;

/** The past of all leaves: rows[leaf][bin], equal lengths; NaN = unknown. */
export interface PastRows {
  /** When bin 0 starts, ms since 1970 (UTC). */
  readonly startMs: number;
  readonly binMs: number;
  readonly rows: readonly Float64Array[];
}

/** A set of leaves with its own model. */
interface Modelled {
  readonly leaves: readonly number[];
  readonly model: Forecaster;
}

/** A set of leaves that takes a share of the smallest set around it that has a model. */
interface Shared {
  readonly leaves: readonly number[];
  readonly model: undefined;
  readonly split: ShareSplit;
  readonly parent: Modelled;
}

type Node = Modelled | Shared;

/** What a share may be taken of. */
interface Around {
  readonly name: string;
  readonly leaves: readonly number[];
}

/** The leaves, and the pools that provide for them. */
export interface SeriesTree {
  /** Path of each leaf: [region, format, segment], or shorter. */
  readonly paths: readonly (readonly string[])[];
  /** The leaves that each pool provides for. */
  readonly pooled: readonly (readonly number[])[];
  /** Names of the pools. */
  readonly names: readonly string[];
}

/**
 * Makes a forecaster for the series of that name: a pool's, a path such as "eu/mpegts", or "(all)".
 * It is not yet fitted to `past`.
 */
export type MakeNode = (series: string, past: Series) => Forecaster;

/**
 * Forecasts every pool. A pool is a set of leaves (region × format × segment, or other paths). A
 * pool with enough traffic has its own model. Any other pool takes a share of the smallest set
 * around it that has enough: the leaves under the longest common prefix of its paths, then under
 * shorter prefixes, at last all leaves. A pool's quantiles come from its own record, never from
 * adding those of its parts. There are no sums of models of the parts: on mixtures of real series
 * they were within ± 4 % of one model of the sum, at many times the work.
 */
export class Hierarchy {
  private readonly parents = new Map<string, Modelled>();
  private pools: Node[] = [];

  /**
   * @param leastMean a series with this mean per bin has its own model; 0 = each has
   * @param longestLead no lead above it is asked for
   */
  constructor(
    private readonly tree: SeriesTree,
    private readonly make: MakeNode,
    private readonly leastMean = LEAST_MEAN,
    private readonly longestLead = ANY_LEAD,
  ) {}

  /** Learns from scratch. */
  fit(past: PastRows): void {
    this.parents.clear();
    this.pools = this.tree.pooled.map((_, pool) => this.grown(pool, past, this.leastMean));
  }

  /** The next bin of every leaf; NaN = unknown. */
  update(bins: Float64Array): void {
    // Parents first, so that a share is taken of a parent that has seen this bin.
    for (const parent of this.parents.values()) parent.model.update(sumOf(bins, parent.leaves));
    for (const pool of this.pools) {
      const own = sumOf(bins, pool.leaves);
      if (pool.model !== undefined) pool.model.update(own);
      else pool.split.update(own, sumOf(bins, pool.parent.leaves));
    }
  }

  /**
   * Checks again which pools have enough traffic, given the whole past. A pool that grew gets a
   * model, one that shrank a share.
   */
  review(past: PastRows): void {
    this.pools = this.pools.map((node, pool) => {
      const least = node.model === undefined ? this.leastMean : this.leastMean * KEPT_SHARE;
      const around = this.around(pool, past, least);
      return (around === undefined) === (node.model !== undefined) ? node : this.grown(pool, past, least);
    });
    for (const [name, parent] of this.parents)
      if (!this.pools.some((pool) => pool.model === undefined && pool.parent === parent)) this.parents.delete(name);
  }

  forecast(pool: number, bins: number, levels: readonly number[] = DEFAULT_LEVELS): Forecast {
    const node = this.pools[pool];
    return (node.model ?? node.split).forecast(bins, levels);
  }

  /** Whether the pool has its own model. */
  isModelled(pool: number): boolean {
    return this.pools[pool].model !== undefined;
  }

  private grown(pool: number, past: PastRows, least: number): Node {
    const leaves = this.tree.pooled[pool];
    const own = series(past, leaves);
    const around = this.around(pool, past, least);
    if (around === undefined) return { leaves, model: this.fitted(this.tree.names[pool], own) };
    const all = series(past, around.leaves);
    const parent = this.parents.get(around.name) ?? { leaves: around.leaves, model: this.fitted(around.name, all) };
    this.parents.set(around.name, parent);
    const split = new ShareSplit(parent.model, all, seasonOf(past.binMs), this.longestLead);
    split.fit(own);
    return { leaves, model: undefined, split, parent };
  }

  private fitted(name: string, past: Series): Forecaster {
    const model = this.make(name, past);
    model.fit(past);
    return model;
  }

  /**
   * The set of which the pool takes a share: the smallest larger one with enough traffic, or else
   * all. Undefined = the pool gets its own model.
   */
  private around(pool: number, past: PastRows, least: number): Around | undefined {
    const leaves = this.tree.pooled[pool];
    if (this.isEnough(leaves, past, least)) return undefined;
    for (const path of ancestors(leaves.map((leaf) => this.tree.paths[leaf]))) {
      const larger = this.tree.paths.flatMap((other, leaf) =>
        path.every((part, i) => other[i] === part) ? [leaf] : [],
      );
      if (larger.length <= leaves.length) continue;
      if (path.length > 0 && !this.isEnough(larger, past, this.leastMean)) continue;
      const isAlike = ownRhythm(series(past, leaves), series(past, larger)) <= MOST_OWN_RHYTHM;
      return isAlike ? { name: path.length === 0 ? "(all)" : path.join("/"), leaves: larger } : undefined;
    }
    return undefined;
  }

  /** With less than one day of values every series counts as large enough. */
  private isEnough(leaves: readonly number[], past: PastRows, least: number): boolean {
    const dayBins = Math.max(1, Math.round(86_400_000 / past.binMs));
    const { values } = series(past, leaves, MEAN_DAYS * dayBins);
    return values.length < dayBins || meanOf(values) >= least;
  }
}

/**
 * How far the rhythm of a series differs from that of the set that it is part of:
 * `HourShares.spread` of their past.
 */
function ownRhythm(own: Series, all: Series): number {
  const shares = new HourShares(seasonOf(own.binMs).dayBins || 1);
  for (let t = 0; t < own.values.length; t++) shares.learn(own.startMs + t * own.binMs, own.values[t], all.values[t]);
  return shares.spread();
}

/** The beginnings that all paths have in common, from the longest to the empty one. */
function ancestors(paths: readonly (readonly string[])[]): (readonly string[])[] {
  const [first = []] = paths;
  let common = first.length;
  for (const path of paths) while (!first.slice(0, common).every((part, i) => path[i] === part)) common--;
  return Array.from({ length: common + 1 }, (_, i) => first.slice(0, common - i));
}

function sumOf(bins: Float64Array, leaves: readonly number[]): number {
  return leaves.reduce((sum, leaf) => sum + bins[leaf], 0);
}

/** The sum of some leaves, its last `bins` bins. */
function series({ startMs, binMs, rows }: PastRows, leaves: readonly number[], bins = Infinity): Series {
  const length = rows.length === 0 ? 0 : rows[0].length;
  const from = Math.max(0, length - bins);
  const values = new Float64Array(length - from);
  for (const leaf of leaves) for (let t = from; t < length; t++) values[t - from] += rows[leaf][t];
  return { startMs: startMs + from * binMs, binMs, values };
}

/** The mean of the known bins; 0 where there is none. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!(value >= 0)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
