import { FLOAT_ZERO } from "../base/float-zero.js";
export interface RestartSpec {
  readonly backoffMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** The count of crashes is cleared once streamlets have stayed healthy for this long (ms). */
  readonly healthyAfterMs: number;
}

/** Least wait: a spawn that fails at once, again and again, must not stop the clock. */
const MIN_DELAY_MS = 1;

/**
 * Decides when a pool may launch again. Each failed spawn, and each crash of a streamlet that was
 * not yet healthy, lengthens the wait (backoff·factorⁿ, at most `maxMs`). A streamlet that becomes
 * ready resets the count of failed spawns but not that of crashes, since in a crash loop every
 * streamlet becomes ready. The count of crashes is reset when the streamlets that became ready
 * since the last failure have run for `healthyAfterMs` in total. For a pool of one this is
 * kubelet's rule (10 minutes). With a rule per streamlet, a pool of hundreds that run for a minute
 * each would never count as healthy.
 */
export class LaunchBackoff {
  private failedSpawns = 0;
  private crashes = 0;
  private notBeforeMs = FLOAT_ZERO;
  /** Counts the failures so far: a streamlet belongs to the term in which it became ready. */
  private term = 0;
  /**
   * Living streamlets of this term, and the summed lifetimes of its living and ended ones as of
   * `integratedAtMs`.
   */
  private living = 0;
  private healthyMs = FLOAT_ZERO;
  private integratedAtMs = FLOAT_ZERO;

  constructor(private readonly spec: RestartSpec) {}

  /** How long launches must still wait; 0 = not at all. */
  waitMs(nowMs: number): number {
    return nowMs < this.notBeforeMs ? this.notBeforeMs - nowMs : 0;
  }

  /** A streamlet became ready: the term that it belongs to, for `onStopped`. */
  onReady(nowMs: number): number {
    this.integrate(nowMs);
    this.failedSpawns = 0;
    this.living++;
    return this.term;
  }

  /** A streamlet has ended, for any reason. `term` is from `onReady`; −1 = it was never ready. */
  onStopped(nowMs: number, term: number): void {
    if (term !== this.term) return;
    this.integrate(nowMs);
    this.living--;
  }

  onFailedSpawn(nowMs: number): void {
    this.lengthen(nowMs);
    this.failedSpawns++;
  }

  /**
   * Call it before `onStopped`. A crash does not lengthen the wait if the streamlet had been
   * healthy for long enough.
   */
  onCrash(nowMs: number, readyAtMs: number): void {
    if (nowMs - readyAtMs >= this.spec.healthyAfterMs) return;
    this.lengthen(nowMs);
    this.crashes++;
  }

  private lengthen(nowMs: number): void {
    this.integrate(nowMs);
    if (this.healthyMs >= this.spec.healthyAfterMs) this.crashes = 0;
    let delayMs = this.spec.backoffMs;
    const failures = this.failedSpawns + this.crashes;
    for (let i = 0; i < failures && delayMs < this.spec.maxMs; i++) delayMs *= this.spec.factor;
    this.notBeforeMs = nowMs + Math.max(MIN_DELAY_MS, Math.min(delayMs, this.spec.maxMs));
    this.term++;
    this.living = 0;
    this.healthyMs = 0;
  }

  private integrate(nowMs: number): void {
    this.healthyMs += this.living * (nowMs - this.integratedAtMs);
    this.integratedAtMs = nowMs;
  }
}
