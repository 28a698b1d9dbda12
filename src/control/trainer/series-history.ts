import type { Series } from "../../ports/forecaster.js";

/** Where a trainer's bins are kept beyond the process's life; a simulated world keeps none. */
export interface HistoryLog {
  /** Bin `index` of the series (counted from its first) held `value`; NaN = unknown. */
  append(index: number, value: number): void;
}

/**
 * The last bins of one series, append-only. `capacity` are kept; older ones are dropped a quarter
 * at a time.
 */
export class SeriesHistory {
  private values: Float64Array;
  private kept = 0;
  /** Bins forgotten. */
  private first = 0;

  constructor(
    private readonly startMs: number,
    private readonly binMs: number,
    readonly capacity: number,
  ) {
    this.values = new Float64Array(capacity + (capacity >> 2) + 1);
  }

  /** Bins ever appended. */
  get length(): number {
    return this.first + this.kept;
  }

  append(value: number): void {
    if (this.kept === this.values.length) {
      const surplus = this.kept - this.capacity;
      this.values.copyWithin(0, surplus);
      this.kept -= surplus;
      this.first += surplus;
    }
    this.values[this.kept++] = value;
  }

  /** A copy of at most the last `capacity` bins. Later bins do not change it. */
  snapshot(): Series {
    const from = Math.max(0, this.kept - this.capacity);
    return {
      startMs: this.startMs + (this.first + from) * this.binMs,
      binMs: this.binMs,
      values: this.values.slice(from, this.kept),
    };
  }

  /** The bins from `index` (counted from the very first) on. */
  since(index: number): Float64Array {
    return this.values.slice(Math.max(0, index - this.first), this.kept);
  }
}
