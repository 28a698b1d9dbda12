import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";

/** The pools whose last launch fell short, and why. They try again when a streamlet stops. */
export class RoomRetry {
  /** Per pool; "" = nothing fell short. */
  readonly shortOf: string[];
  private timer = NO_TIMER;

  constructor(
    poolCount: number,
    private readonly scheduler: Scheduler,
    private readonly retry: (pool: number) => void,
  ) {
    this.shortOf = Array.from({ length: poolCount }, () => "");
  }

  /**
   * A streamlet stopped. The retry comes after the current task, which may still be changing the
   * pool.
   */
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
