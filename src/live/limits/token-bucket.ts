/**
 * How much of the rate is saved while nothing is sent. Without it, each late timer would lose
 * rate for good.
 */
const BURST_MS = 100;
const MIN_BURST_BYTES = 4096;

/**
 * Lets bytes pass at a rate. The balance may fall below zero by one piece, which the sender then
 * waits for. The caller gives the times.
 */
export class TokenBucket {
  private readonly bytesPerMs: number;
  private readonly burstBytes: number;
  private tokens: number;
  private atMs = Number.NaN;

  constructor(bitsPerSecond: number) {
    this.bytesPerMs = bitsPerSecond / 8000;
    this.burstBytes = Math.max(MIN_BURST_BYTES, this.bytesPerMs * BURST_MS);
    this.tokens = this.burstBytes;
  }

  /** Takes `bytes`; returns the ms to wait before more may be sent (0 = none). */
  take(bytes: number, nowMs: number): number {
    if (!Number.isNaN(this.atMs))
      this.tokens = Math.min(this.burstBytes, this.tokens + (nowMs - this.atMs) * this.bytesPerMs);
    this.atMs = nowMs;
    this.tokens -= bytes;
    return this.tokens >= 0 ? 0 : -this.tokens / this.bytesPerMs;
  }
}
