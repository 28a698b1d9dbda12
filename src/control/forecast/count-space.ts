/**
 * Scale on which counts are modelled: as they are, their square root (Anscombe 1948: even scatter),
 * or their logarithm (products become sums).
 */
export type CountSpace = "identity" | "sqrt" | "log";

/**
 * A forecast above this multiple of the highest count seen is treated as an error of the model.
 */
const CEILING = 4;

/** Converts counts to a space and back. The result of the way back is in [0, ceiling]. */
export class CountScale {
  private offset = 1;
  private ceiling = 10;

  constructor(readonly space: CountSpace) {}

  /**
   * Fits the offset that keeps the logarithm of 0 finite, and the ceiling, to values[0, end).
   * Returns both, for `restore`.
   */
  adapt(values: Float64Array, end: number): readonly [offset: number, ceiling: number] {
    let sum = 0;
    let peak = 0;
    for (let t = 0; t < end; t++) {
      sum += values[t];
      peak = Math.max(peak, values[t]);
    }
    this.offset = 0.5 + (end === 0 ? 0 : 0.02 * (sum / end));
    this.ceiling = CEILING * peak + 10;
    return [this.offset, this.ceiling];
  }

  restore(offset: number, ceiling: number): void {
    this.offset = offset;
    this.ceiling = ceiling;
  }

  /** Scales of the same space and the same origin take counts into the same numbers. */
  get origin(): number {
    return this.space === "log" ? this.offset : 0;
  }

  into(value: number): number {
    if (this.space === "identity") return value;
    return this.space === "sqrt" ? Math.sqrt(value) : Math.log(value + this.offset);
  }

  /**
   * An error of 10 in the logarithm is a factor of 22,000 in the count, hence the ceiling. NaN
   * becomes 0.
   */
  from(value: number): number {
    if (!(value === value)) return 0;
    if (this.space === "identity") return Math.min(this.ceiling, Math.max(0, value));
    if (this.space === "sqrt") return value <= 0 ? 0 : Math.min(this.ceiling, value * value);
    return Math.min(this.ceiling, Math.max(0, Math.exp(Math.min(value, 700)) - this.offset));
  }
}
