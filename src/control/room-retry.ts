import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";

/** Pools whose last launch was cut short, and why. Those that found no room are tried again when a streamlet is gone. */
export class RoomRetry {
  /** Per pool; "" = not cut short. */
  readonly shortOf: string[];
  private timer = NO_TIMER;

  constructor(
    poolCount: number,
    private readonly scheduler: Scheduler,
    private readonly retry: (pool: number) => void,
  ) {
    this.shortOf = Array.from({ length: poolCount }, () => "");
  }

  /** A streamlet is gone. The retry comes after the current task, since that one may still be at work on its pool. */
  offer(): void {
    const isShort = this.shortOf.some((why) => why === "fleet-max" || why === "no-host-room");
    if (this.timer !== NO_TIMER || !isShort) return;
    this.timer = this.scheduler.schedule(0, Phase.Control, this.takeRoom);
  }

  private readonly takeRoom = (): void => {
    this.timer = NO_TIMER;
    this.shortOf.forEach((why, pool) => {
      if (why !== "") this.retry(pool);
    });
  };
}
