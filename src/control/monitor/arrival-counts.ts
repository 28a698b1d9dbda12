import type { ArrivalHistory } from "../../ports/policy.js";

/**
 * Arrivals before t=0: `counts[pool]` holds one Float64Array[bins] per pool; the last bin ends at
 * t=0.
 */
export interface PastArrivals {
  readonly binMs: number;
  readonly counts: readonly Float64Array[];
}

/**
 * Arrivals per home pool and bin: those before t=0, then those of the run. A view contains only
 * closed bins.
 */
export class ArrivalCounts {
  readonly binMs: number;
  /** When the first bin begins. */
  readonly originMs: number;
  private readonly pastBins: number;
  private bins: Float64Array[];
  /** Closed bins since t=0, the end of the open one, and its counts. */
  private closed = 0;
  private openEndsAtMs: number;
  private readonly open: Float64Array;
  private latest: ArrivalHistory | undefined;
  readonly totals: Float64Array;

  constructor(
    poolCount: number,
    past: PastArrivals,
    readonly epochMs: number,
  ) {
    this.binMs = past.binMs;
    this.openEndsAtMs = past.binMs;
    this.pastBins = past.counts.length === 0 ? 0 : past.counts[0].length;
    this.originMs = -this.pastBins * past.binMs;
    this.bins = Array.from(past.counts);
    while (this.bins.length < poolCount) this.bins.push(new Float64Array(this.pastBins));
    this.open = new Float64Array(poolCount);
    this.totals = new Float64Array(poolCount);
  }

  record(pool: number, nowMs: number): void {
    if (nowMs >= this.openEndsAtMs) this.closeUntil(nowMs);
    this.open[pool]++;
    this.totals[pool]++;
  }

  /** The bins that were closed at `atMs`. */
  view(atMs: number): ArrivalHistory {
    this.closeUntil(atMs);
    const length = this.pastBins + Math.min(this.closed, Math.max(0, Math.floor(atMs / this.binMs)));
    // Dozens of ticks see the same bins.
    if (this.latest?.length !== length) this.latest = new ClosedBins(this.bins, length, this);
    return this.latest;
  }

  private closeUntil(nowMs: number): void {
    while (nowMs >= this.openEndsAtMs) {
      const at = this.pastBins + this.closed;
      if (this.bins.length > 0 && at >= this.bins[0].length) this.grow(at);
      for (let pool = 0; pool < this.bins.length; pool++) {
        this.bins[pool][at] = this.open[pool];
        this.open[pool] = 0;
      }
      this.closed++;
      this.openEndsAtMs = (this.closed + 1) * this.binMs;
    }
  }

  private grow(needed: number): void {
    this.bins = this.bins.map((bins) => {
      const larger = new Float64Array(needed + (needed >> 1) + 256);
      larger.set(bins);
      return larger;
    });
  }
}

/**
 * The first bins of each pool. Later ones may be closed by now, but a policy sees metrics only as
 * of an instant. It is a class since V8 would compile a function per view again and again.
 */
class ClosedBins implements ArrivalHistory {
  readonly binMs: number;
  readonly originMs: number;
  readonly epochMs: number;

  constructor(
    private readonly bins: readonly Float64Array[],
    readonly length: number,
    { binMs, originMs, epochMs }: Pick<ArrivalHistory, "binMs" | "originMs" | "epochMs">,
  ) {
    this.binMs = binMs;
    this.originMs = originMs;
    this.epochMs = epochMs;
  }

  at(pool: number, bin: number): number {
    return bin < this.length ? this.bins[pool][bin] : Number.NaN;
  }
}
