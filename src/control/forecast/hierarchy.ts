import { DEFAULT_LEVELS, type Forecast, type Series, type TrainableForecaster } from "../../ports/forecaster.js";
import { seasonOf } from "./bin-history.js";
import { ShareSplit } from "./share-split.js";

/** What a series of requests is counted by. */
export interface SeriesKey {
  readonly region: string;
  readonly format: string;
  readonly segment: string;
}

/** From this mean per bin on, a series has a rhythm of its own to learn; below, its parent's with a share says more. */
const LEAST_MEAN = 5;

/** A set of leaves with a model of its own where there is enough traffic, otherwise a share of the smallest set around it that has one. */
type Node = { readonly leaves: readonly number[] } & (
  | { readonly model: TrainableForecaster }
  | { readonly model: undefined; readonly split: ShareSplit; readonly parent: Node }
);

/**
 * Forecasts region × format × segment and every pool. Each level is a set of leaves: all, a region, a region and format, a leaf; and the
 * pools, which are what is provisioned: a pool's quantiles come from its own record, never from adding those of its parts.
 */
export class Hierarchy {
  private readonly nodes = new Map<string, Node>();
  private pools: readonly Node[] = [];

  /**
   * @param keys the leaves
   * @param poolOf the pool that provides for each leaf
   * @param make a forecaster without history
   */
  constructor(
    private readonly keys: readonly SeriesKey[],
    private readonly poolOf: readonly number[],
    private readonly make: () => TrainableForecaster,
  ) {}

  /** Learns from one row of counts per leaf: rows[leaf][bin], equal lengths. */
  fit(startMs: number, binMs: number, rows: readonly Float64Array[]): void {
    this.nodes.clear();
    const series = (leaves: readonly number[]): Series => ({ startMs, binMs, values: summed(rows, leaves) });
    this.keys.forEach((key, leaf) => {
      const path = [
        ["all", () => true],
        [`r/${key.region}`, (other: SeriesKey) => other.region === key.region],
        [
          `f/${key.region}/${key.format}`,
          (other: SeriesKey) => other.region === key.region && other.format === key.format,
        ],
        [leafName(leaf), (_: SeriesKey, i: number) => i === leaf],
      ] as const;
      let parent: Node | undefined;
      for (const [name, belongs] of path) {
        const leaves = this.keys.flatMap((other, i) => (belongs(other, i) ? [i] : []));
        const node: Node = this.nodes.get(name) ?? this.grow(leaves, parent, series);
        this.nodes.set(name, node);
        if (node.model !== undefined) parent = node;
      }
    });
    const count = 1 + Math.max(-1, ...this.poolOf);
    this.pools = Array.from({ length: count }, (_, pool) => {
      const leaves = this.poolOf.flatMap((of, leaf) => (of === pool ? [leaf] : []));
      const same = [...this.nodes.values()].find((node) => node.leaves.join() === leaves.join());
      return same ?? this.grow(leaves, this.nodes.get("all"), series);
    });
  }

  /** The next bin of every leaf; NaN = unknown. */
  update(bins: Float64Array): void {
    const done = new Set<Node>();
    // Parents stand before their children, so that a share is taken of a parent that has seen this bin.
    for (const node of [...this.nodes.values(), ...this.pools]) {
      if (done.has(node)) continue;
      done.add(node);
      if (node.model !== undefined) node.model.update(sumOf(bins, node.leaves));
      else node.split.update(sumOf(bins, node.leaves), sumOf(bins, node.parent.leaves));
    }
  }

  forecastLeaf(leaf: number, bins: number, levels: readonly number[] = DEFAULT_LEVELS): Forecast {
    return forecastOf(this.node(leafName(leaf)), bins, levels);
  }

  forecastPool(pool: number, bins: number, levels: readonly number[] = DEFAULT_LEVELS): Forecast {
    return forecastOf(this.pools[pool], bins, levels);
  }

  /** Whether the leaf has a model of its own. */
  isModelled(leaf: number): boolean {
    return this.node(leafName(leaf)).model !== undefined;
  }

  private node(name: string): Node {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`the hierarchy was not fitted: ${name}`);
    return node;
  }

  private grow(
    leaves: readonly number[],
    parent: Node | undefined,
    series: (leaves: readonly number[]) => Series,
  ): Node {
    const own = series(leaves);
    if (parent === undefined || parent.model === undefined || meanOf(own.values) >= LEAST_MEAN) {
      const model = this.make();
      model.fit(own);
      return { leaves, model };
    }
    const split = new ShareSplit(parent.model, series(parent.leaves), seasonOf(own.binMs));
    split.fit(own);
    return { leaves, model: undefined, split, parent };
  }
}

function forecastOf(node: Node, bins: number, levels: readonly number[]): Forecast {
  return (node.model ?? node.split).forecast(bins, levels);
}

function sumOf(bins: Float64Array, leaves: readonly number[]): number {
  return leaves.reduce((sum, leaf) => sum + bins[leaf], 0);
}

function leafName(leaf: number): string {
  return `l/${leaf}`;
}

function summed(rows: readonly Float64Array[], leaves: readonly number[]): Float64Array {
  const sum = new Float64Array(rows.length === 0 ? 0 : rows[0].length);
  for (const leaf of leaves) for (let t = 0; t < sum.length; t++) sum[t] += rows[leaf][t];
  return sum;
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
