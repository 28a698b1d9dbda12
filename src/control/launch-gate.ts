import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";
import { LaunchBackoff, type RestartSpec } from "./launch-backoff.js";

/**
 * Admits or delays a pool's launches by its back-off. A delayed pool is called back once, when the
 * wait is over.
 */
export class LaunchGate {
  private readonly backoffs: LaunchBackoff[];
  private readonly timers: number[];

  constructor(
    poolCount: number,
    restart: RestartSpec,
    private readonly scheduler: Scheduler,
    private readonly retry: (pool: number) => void,
  ) {
    this.backoffs = Array.from({ length: poolCount }, () => new LaunchBackoff(restart));
    this.timers = Array.from({ length: poolCount }, () => NO_TIMER);
  }

  /** False if the pool must wait; it is then called back. */
  admits(pool: number): boolean {
    const waitMs = this.backoffs[pool].waitMs(this.scheduler.nowMs());
    if (waitMs === 0) return true;
    if (this.timers[pool] === NO_TIMER)
      this.timers[pool] = this.scheduler.schedule(waitMs, Phase.Control, this.wake, pool);
    return false;
  }

  /** A streamlet became ready. Returns the value to pass to `onStopped` when it has ended. */
  onReady(pool: number): number {
    return this.backoffs[pool].onReady(this.scheduler.nowMs());
  }

  onStopped(pool: number, term: number): void {
    this.backoffs[pool].onStopped(this.scheduler.nowMs(), term);
  }

  onFailedSpawn(pool: number): void {
    this.backoffs[pool].onFailedSpawn(this.scheduler.nowMs());
  }

  onCrash(pool: number, readyAtMs: number): void {
    this.backoffs[pool].onCrash(this.scheduler.nowMs(), readyAtMs);
  }

  private readonly wake = (pool: number): void => {
    this.timers[pool] = NO_TIMER;
    this.retry(pool);
  };
}
