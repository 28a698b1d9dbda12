import type { ArrivalOutlook } from "../../ports/policy.js";
import type { DecisionRecord } from "../../ports/telemetry.js";
import type { RunFacts } from "../../world/watch/run-facts.js";
import { type FaultEvent, FIGURES, type Figure, type Sample } from "../../world/watch/sample.js";
import { WAIT_BUCKETS, waitQuantileMs } from "../../world/watch/wait-buckets.js";

/** Bins of one pool that are kept: a day by the minute. When they are full, two become one. */
const MOST_BINS = 1440;
/** A sample of a pool takes about 1 kB, one of its streamlets a byte. */
const MOST_POOL_BINS = 30_000;
const FEWEST_BINS = 180;
const FIRST_BINS = 120;
/** Kept of each; the oldest are dropped. */
const MOST_EVENTS = 20_000;
/** The percentile that is drawn where the SLO names none. */
const USUAL_PROBABILITY = 0.99;
/** Ends of bins are sums of doubles. */
const ROUNDING_MS = 1e-6;

/** All pools together, where a pool may be named. */
export const ALL_POOLS = -1;

/** The observed run, bin by bin. Its memory is bounded for a run of any length. */
export class RunHistory {
  /** The percentile of the start latency that the SLO bounds. */
  readonly probability: number;
  /** Samples at the ends of the bins, and their sums over the pools. */
  private samples: Sample[] = [];
  private totals: Float64Array[] = [];
  private widthMs: number;
  private unseen = 0;
  private newest: Sample | undefined;
  /** The state before the end of the first bin. */
  private first: Sample | undefined;
  private readonly kept: DecisionRecord[] = [];
  private readonly struck: FaultEvent[] = [];
  /** Start latencies of bins by pool, computed on demand. */
  private readonly latencies = new Map<number, number[]>();

  /** `binMs`: how fine the history is at first. */
  constructor(
    readonly facts: RunFacts,
    binMs = facts.durationMs / firstBins(facts),
  ) {
    this.widthMs = binMs;
    this.probability = facts.slo?.startLatency?.probability ?? USUAL_PROBABILITY;
  }

  /** Width of a bin now; it doubles when the bins are full. */
  get binMs(): number {
    return this.widthMs;
  }

  /** Closed bins. */
  get length(): number {
    return this.samples.length;
  }

  /** The instant up to which the run is known. */
  get frontierMs(): number {
    return this.newest?.atMs ?? 0;
  }

  /** When the next bin ends; the last one may be shorter. */
  get nextBinEndMs(): number {
    return Math.min((this.samples.length + 1) * this.widthMs, this.facts.durationMs);
  }

  /** Decisions that changed something or were refused, oldest first. */
  get decisions(): readonly DecisionRecord[] {
    return this.kept;
  }

  get faults(): readonly FaultEvent[] {
    return this.struck;
  }

  /**
   * Minutes since t=0 that violate the SLO, as far as the run is simulated or received;
   * ascending.
   */
  get violatingMinutes(): readonly number[] {
    return this.newest?.violatingMinutes ?? [];
  }

  /** The number of them that had ended by an instant; the last minute of a run may be shorter. */
  violationsUntil(atMs: number): readonly number[] {
    return this.violatingMinutes.filter((minute) => Math.min((minute + 1) * 60_000, this.facts.durationMs) <= atMs);
  }

  /** Bins before this one were not seen: a live run may have started before its watcher. */
  get knownFrom(): number {
    return this.unseen;
  }

  /** Takes a sample in. It closes a bin when the bin's end is reached. */
  add(sample: Sample): void {
    const isFirst = this.newest === undefined;
    this.newest = sample;
    this.first ??= lasting(sample);
    append(this.kept, sample.newDecisions);
    append(this.struck, sample.newFaults);
    // After a gap in the samples, missed bins end with this sample.
    while (this.hasOpenBin && sample.atMs >= this.nextBinEndMs - ROUNDING_MS) {
      this.samples.push(lasting(sample));
      this.totals.push(sumOf(sample.figures));
      if (isFirst) this.unseen = this.samples.length;
      if (this.samples.length >= binsOf(this.facts) * 2) this.halve();
    }
  }

  /** The newest sample at or before an instant: a bin's end, or the latest one. */
  at(atMs: number): Sample | undefined {
    if (this.newest !== undefined && atMs >= this.newest.atMs) return this.newest;
    const bin = Math.floor((atMs + ROUNDING_MS) / this.widthMs) - 1;
    return bin < 0 ? this.first : this.samples[Math.min(bin, this.samples.length - 1)];
  }

  /** Closed bins up to an instant. */
  binsUntil(atMs: number): number {
    return Math.min(this.samples.length, Math.floor((atMs + ROUNDING_MS) / this.widthMs));
  }

  /** A level at the end of a bin, of a pool or of all. */
  level(figure: Figure, pool: number, bin: number): number {
    return pool === ALL_POOLS ? this.totals[bin][figure] : this.samples[bin].figures[pool][figure];
  }

  /** A count within bins [from, to). */
  count(figure: Figure, pool: number, from: number, to = from + 1): number {
    if (to <= from) return 0;
    return this.level(figure, pool, to - 1) - (from === 0 ? 0 : this.level(figure, pool, from - 1));
  }

  /**
   * The start latency in ms that a share `probability` of the requests served in a bin did not
   * exceed; NaN without any.
   */
  latencyMs(pool: number, bin: number): number {
    let known = this.latencies.get(pool);
    if (known === undefined) {
      known = [];
      this.latencies.set(pool, known);
    }
    for (let i = known.length; i <= bin; i++)
      known.push(waitQuantileMs(waitsBetween(this.samples[i - 1], this.samples[i], pool), this.probability));
    return known[bin];
  }

  outlook(pool: number, bin: number): ArrivalOutlook | undefined {
    return this.samples[bin]?.outlooks[pool];
  }

  private get hasOpenBin(): boolean {
    return this.samples.length * this.widthMs < this.facts.durationMs - ROUNDING_MS;
  }

  private halve(): void {
    this.samples = this.samples.filter((_, bin) => bin % 2 === 1);
    this.totals = this.totals.filter((_, bin) => bin % 2 === 1);
    this.latencies.clear();
    this.unseen = Math.ceil(this.unseen / 2);
    this.widthMs *= 2;
  }
}

/** The least number of bins of this run before pairs of bins are merged. */
function binsOf({ pools }: RunFacts): number {
  return Math.max(FEWEST_BINS, Math.min(MOST_BINS, Math.floor(MOST_POOL_BINS / pools.length)));
}

/**
 * The number of bins that a run of known length begins with: one per minute, but at least 120. A
 * sample of 5,000 streamlets takes 0.3 ms: 1,440 samples would double the time of a run of a
 * second.
 */
function firstBins(facts: RunFacts): number {
  const minutes = Math.ceil(facts.durationMs / 60_000);
  return Math.min(binsOf(facts), Math.max(FIRST_BINS, minutes));
}

/**
 * The part of a sample that is kept: ids of streamlets are needed only for the latest, events are
 * kept once.
 */
function lasting(sample: Sample): Sample {
  const streamlets = sample.streamlets.map(({ cells }) => ({ ids: new Float64Array(0), cells }));
  return { ...sample, streamlets, violatingMinutes: [], newDecisions: [], newFaults: [] };
}

function sumOf(figures: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(FIGURES);
  for (const one of figures) for (let figure = 0; figure < FIGURES; figure++) sum[figure] += one[figure];
  return sum;
}

/** A figure of one pool, or the sum over all. */
export function figureOf(sample: Sample | undefined, figure: Figure, pool: number): number {
  if (sample === undefined) return 0;
  if (pool !== ALL_POOLS) return sample.figures[pool][figure];
  let sum = 0;
  for (const figures of sample.figures) sum += figures[figure];
  return sum;
}

/** Start latencies between two samples, by bucket; `before` undefined = since t=0. */
function waitsBetween(before: Sample | undefined, after: Sample | undefined, pool: number): Uint32Array {
  const sum = new Uint32Array(WAIT_BUCKETS);
  after?.waits.forEach((waits, p) => {
    if (pool !== ALL_POOLS && p !== pool) return;
    const earlier = before?.waits[p];
    for (let bucket = 0; bucket < sum.length; bucket++) sum[bucket] += waits[bucket] - (earlier?.[bucket] ?? 0);
  });
  return sum;
}

/** Appends within the bound. */
function append<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one);
  if (list.length > MOST_EVENTS) list.splice(0, list.length - MOST_EVENTS);
}
