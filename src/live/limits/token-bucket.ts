/**
 * How much of the rate is saved up while nothing is sent: what a timer that is late by this much
 * would otherwise lose for ever.
 */
const BURST_MS = 100;
const MIN_BURST_BYTES = 4096;

/**
 * Lets bytes pass at a rate; what has passed may run into debt by one piece, which is then waited
 * for. Times are given, not read.
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

  /** Takes `bytes`; returns how long to wait before anything more is sent (0 = not at all). */
  take(bytes: number, nowMs: number): number {
    if (!Number.isNaN(this.atMs))
      this.tokens = Math.min(this.burstBytes, this.tokens + (nowMs - this.atMs) * this.bytesPerMs);
    this.atMs = nowMs;
    this.tokens -= bytes;
    return this.tokens >= 0 ? 0 : -this.tokens / this.bytesPerMs;
  }
}
