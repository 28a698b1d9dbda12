/** First wait, longest wait, and the life after which the first one holds again. */
const RESTART_MS = { least: 50, most: 10_000, healthyAfter: 60_000 };

/** How long to wait before a manager that crashed is started again: twice as long each time. */
export class RestartBackoff {
  private waitMs = RESTART_MS.least;
  private upSinceMs = 0;

  /** A manager is up since `atMs`. */
  onUp(atMs: number): void {
    this.upSinceMs = atMs;
  }

  /** The wait before the next start, in ms. */
  nextMs(nowMs: number): number {
    const waitMs = nowMs - this.upSinceMs > RESTART_MS.healthyAfter ? RESTART_MS.least : this.waitMs;
    this.waitMs = Math.min(RESTART_MS.most, waitMs * 2);
    return waitMs;
  }
}
