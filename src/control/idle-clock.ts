import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";
import type { Streamlet } from "./streamlet.js";

/** Retires each streamlet that was empty for the idle time-out. Without a time-out: never. */
export class IdleClock {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly timeoutMs: (() => number) | undefined,
    private readonly expire: (id: number) => void,
  ) {}

  /** A streamlet is empty from now on; with a time-out of 0 it expires at once. */
  start(streamlet: Streamlet): void {
    if (this.timeoutMs === undefined) return;
    const timeoutMs = this.timeoutMs();
    if (timeoutMs === Number.POSITIVE_INFINITY) return;
    if (timeoutMs === 0) this.expire(streamlet.id);
    else streamlet.idleTimer = this.scheduler.schedule(timeoutMs, Phase.Control, this.expire, streamlet.id);
  }

  stop(streamlet: Streamlet): void {
    this.scheduler.cancel(streamlet.idleTimer);
    streamlet.idleTimer = NO_TIMER;
  }
}
