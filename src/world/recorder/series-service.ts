import { LogHistogram } from "../../base/histogram.js";
import type { MetricSample } from "../run-result.js";
import { isViolated, type SloBounds, slowAboveOf } from "./slo-minutes.js";

const MINUTE_MS = 60_000;
/** Most series whose service is recorded; with more, only their total is. */
const MOST_SERIES = 32;
/** Most cells of one table, minutes × series: 4 MB. Beyond it, only the total is recorded. */
const MOST_CELLS = 1_000_000;

/** Outcomes of few requests; arrivals have a table of their own. */
const Rare = { slow: 0, late: 1, rejected: 2, abandoned: 3, interrupted: 4, unserved: 5 } as const;
type Rare = (typeof Rare)[keyof typeof Rare];
const RARE_KINDS = 6;

/**
 * Service of each series (region × format × segment): first attempts of the measured window, by
 * the minute of their arrival (`minuteOf`). A request that is served at once costs one write, at
 * its arrival. The number served is arrivals minus all other outcomes.
 */
export class SeriesService {
  private readonly arrivals: Uint32Array;
  /** Uint32Array[minutes × series], made when first needed. */
  private readonly rare: (Uint32Array | undefined)[] = new Array(RARE_KINDS).fill(undefined);
  /** Of those that were served after a wait, by series. */
  private readonly waits: (LogHistogram | undefined)[] = [];
  private readonly stillWaiting: (LogHistogram | undefined)[] = [];
  private readonly slowAboveMs: number;

  private constructor(
    private readonly bounds: SloBounds | undefined,
    private readonly minutes: number,
    private readonly count: number,
  ) {
    this.arrivals = new Uint32Array(minutes * count);
    this.slowAboveMs = slowAboveOf(bounds);
  }

  /** Undefined for one series, which equals the total, and beyond the bounds above. */
  static of(bounds: SloBounds | undefined, durationMs: number, series: number): SeriesService | undefined {
    const minutes = Math.ceil(durationMs / MINUTE_MS) + 1;
    if (series < 2 || series > MOST_SERIES || minutes * series > MOST_CELLS) return undefined;
    return new SeriesService(bounds, minutes, series);
  }

  onArrival(series: number, minute: number): void {
    this.arrivals[minute * this.count + series]++;
  }

  onServed(series: number, minute: number, waitMs: number): void {
    if (waitMs === 0) return;
    histogramOf(this.waits, series).record(waitMs);
    if (waitMs > this.slowAboveMs) this.add(Rare.slow, series, minute);
  }

  onRejected(series: number, minute: number): void {
    this.add(Rare.rejected, series, minute);
  }

  onAbandoned(series: number, minute: number, waitMs: number): void {
    this.add(Rare.abandoned, series, minute);
    if (waitMs > this.slowAboveMs) this.add(Rare.late, series, minute);
  }

  onInterrupted(series: number, minute: number): void {
    this.add(Rare.interrupted, series, minute);
  }

  /** A request that still waits at the end of the run: it waits at least `waitMs`. */
  onStillWaiting(series: number, minute: number, waitMs: number): void {
    this.add(Rare.unserved, series, minute);
    histogramOf(this.stillWaiting, series).record(waitMs);
    if (waitMs > this.slowAboveMs) this.add(Rare.late, series, minute);
  }

  /** The inputs of each series' metrics, at the end of the run. */
  samples(): MetricSample[] {
    return Array.from({ length: this.count }, (_unused, series) => this.sample(series));
  }

  private sample(series: number): MetricSample {
    const arrivals = this.total(this.arrivals, series);
    const of = (kind: Rare): number => this.total(this.rare[kind], series);
    const [rejected, abandoned, unserved] = [of(Rare.rejected), of(Rare.abandoned), of(Rare.unserved)];
    const served = arrivals - rejected - abandoned - unserved;
    const waits = histogramOf(this.waits, series);
    const atOnce = served - waits.count;
    if (atOnce > 0) waits.record(0, atOnce);
    const minutes =
      this.bounds === undefined ? {} : { sloViolationMinutes: this.violatingMinutes(series, this.bounds) };
    const ends = { arrivals, rejected, abandoned, interrupted: of(Rare.interrupted), unserved, served };
    return {
      sums: { ...ends, startLatencyMs: waits.sum, ...minutes },
      startLatency: waits.buckets(),
      stillWaiting: histogramOf(this.stillWaiting, series).buckets(),
    };
  }

  private violatingMinutes(series: number, bounds: SloBounds): number {
    let violating = 0;
    for (let cell = series; cell < this.arrivals.length; cell += this.count) {
      const arrivals = this.arrivals[cell];
      if (arrivals === 0) continue;
      const of = (kind: Rare): number => this.rare[kind]?.[cell] ?? 0;
      const [rejected, abandoned] = [of(Rare.rejected), of(Rare.abandoned)];
      const served = arrivals - rejected - abandoned - of(Rare.unserved);
      const ends = { slow: of(Rare.slow), late: of(Rare.late), interrupted: of(Rare.interrupted) };
      if (isViolated(bounds, { arrivals, served, rejected, abandoned, ...ends })) violating++;
    }
    return violating;
  }

  private total(table: Uint32Array | undefined, series: number): number {
    let total = 0;
    if (table !== undefined) for (let cell = series; cell < table.length; cell += this.count) total += table[cell];
    return total;
  }

  private add(kind: Rare, series: number, minute: number): void {
    let table = this.rare[kind];
    if (table === undefined) {
      table = new Uint32Array(this.minutes * this.count);
      this.rare[kind] = table;
    }
    table[minute * this.count + series]++;
  }
}

function histogramOf(histograms: (LogHistogram | undefined)[], series: number): LogHistogram {
  const known = histograms[series];
  if (known !== undefined) return known;
  const made = new LogHistogram();
  histograms[series] = made;
  return made;
}
