export interface RestartSpec {
  readonly backoffMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/** Least wait: a spawn that fails at once, again and again, must not stop the clock. */
const MIN_DELAY_MS = 1;

/** A streamlet that lived this many back-offs was healthy: its end does not lengthen the next wait. */
const HEALTHY_BACKOFFS = 10;

/**
 * When may a pool launch again? Each failed spawn, and each crash soon after readiness, lengthens the wait (backoff·factorⁿ, at most
 * `maxMs`); a streamlet that becomes ready and stays healthy ends it.
 */
export class LaunchBackoff {
  private failures = 0;
  private notBeforeMs = 0;

  constructor(private readonly spec: RestartSpec) {}

  /** How long launches must still wait; 0 = not at all. */
  waitMs(nowMs: number): number {
    return nowMs < this.notBeforeMs ? this.notBeforeMs - nowMs : 0;
  }

  onReady(): void {
    this.failures = 0;
  }

  onFailedSpawn(nowMs: number): void {
    let delayMs = this.spec.backoffMs;
    for (let i = 0; i < this.failures && delayMs < this.spec.maxMs; i++) delayMs *= this.spec.factor;
    this.failures++;
    this.notBeforeMs = nowMs + Math.max(MIN_DELAY_MS, Math.min(delayMs, this.spec.maxMs));
  }

  onCrash(nowMs: number, readyAtMs: number): void {
    if (!(nowMs - readyAtMs >= HEALTHY_BACKOFFS * this.spec.backoffMs)) this.onFailedSpawn(nowMs);
  }
}
