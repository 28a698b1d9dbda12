/**
 * A bin of 0 counts as a fault of the measurement, not as no traffic, if at least this many
 * requests were expected and the 5 % quantile was at least a quarter of it.
 */
const SUSPECT_MEDIAN = 20;
/** After 12 empty bins in a row the traffic has ended: the forecasters then receive the zeros. */
const MOST_SUSPECT_BINS = 12;

export type BinVerdict =
  | { readonly kind: "as-is" }
  | { readonly kind: "unknown"; readonly reason: "no-value" | "empty-where-traffic-was-expected" };

/**
 * Distinguishes outages of the measurement from absent traffic: unknown bins, and empty ones
 * where the forecast expected traffic.
 */
export class BinWatch {
  /** Bins in the present outage. */
  private run = 0;
  private suspects = 0;

  get outageBins(): number {
    return this.run;
  }

  /** Looks at a bin together with the median and the 5 % quantile that were forecast for it. */
  look(value: number, median: number, low: number): BinVerdict {
    if (!(value >= 0)) {
      this.run++;
      return { kind: "unknown", reason: "no-value" };
    }
    if (value === 0 && median >= SUSPECT_MEDIAN && low >= median / 4 && this.suspects < MOST_SUSPECT_BINS) {
      this.suspects++;
      this.run++;
      return { kind: "unknown", reason: "empty-where-traffic-was-expected" };
    }
    // A series that went silent is not suspected again until it has had traffic.
    if (value > 0) this.suspects = 0;
    this.run = 0;
    return { kind: "as-is" };
  }
}
