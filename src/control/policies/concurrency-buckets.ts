const BUCKET_MS = 1000;

/**
 * Concurrency in buckets of one second (knative/serving pkg/autoscaler/aggregation), from a running
 * integral ∫ concurrency dt. Each scrape's mean fills the seconds since the scrape before it.
 */
export class ConcurrencyBuckets {
  /** Ring of ∫ concurrency dt per second, and how many ms of that second are known. */
  private readonly integrals: Float64Array;
  private readonly covered: Float64Array;
  private lastAtMs = 0;
  private lastIntegral = 0;

  constructor(windowMs: number) {
    const length = Math.ceil(windowMs / BUCKET_MS) + 1;
    this.integrals = new Float64Array(length);
    this.covered = new Float64Array(length);
  }

  /** `integral` (ms) as of `atMs`; both start from 0 at t=0. */
  record(atMs: number, integral: number): void {
    if (!(atMs > this.lastAtMs)) return;
    const mean = (integral - this.lastIntegral) / (atMs - this.lastAtMs);
    let fromMs = Math.max(this.lastAtMs, atMs - (this.integrals.length - 1) * BUCKET_MS);
    while (fromMs < atMs) {
      const bucket = Math.floor(fromMs / BUCKET_MS);
      const untilMs = Math.min(atMs, (bucket + 1) * BUCKET_MS);
      const slot = bucket % this.integrals.length;
      // A first bucket in which this begins midway after a gap is beyond every window: it may keep
      // what was in its place.
      if (fromMs === bucket * BUCKET_MS) {
        this.integrals[slot] = 0;
        this.covered[slot] = 0;
      }
      this.integrals[slot] += mean * (untilMs - fromMs);
      this.covered[slot] += untilMs - fromMs;
      fromMs = untilMs;
    }
    this.lastAtMs = atMs;
    this.lastIntegral = integral;
  }

  /**
   * Mean over the last `windowMs` before the last scrape, or over the known part of it; undefined =
   * no data.
   */
  average(windowMs: number): number | undefined {
    const last = Math.ceil(this.lastAtMs / BUCKET_MS) - 1;
    const first = Math.max(0, last + 1 - Math.ceil(windowMs / BUCKET_MS));
    let integral = 0;
    let covered = 0;
    for (let bucket = first; bucket <= last; bucket++) {
      integral += this.integrals[bucket % this.integrals.length];
      covered += this.covered[bucket % this.integrals.length];
    }
    return covered === 0 ? undefined : integral / covered;
  }
}
