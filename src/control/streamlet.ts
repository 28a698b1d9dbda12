import type { StreamletView } from "../ports/balancer.js";
import type { StreamletId } from "../ports/fleet.js";
import { NO_TIMER, type TimerId } from "../ports/scheduler.js";
import type { StreamletState } from "../ports/telemetry.js";

/**
 * The control plane's record of one streamlet. A position is an index into one of the pool's dense
 * arrays (`memberPosition`: of the ready or of the draining ones); −1 = not in it.
 */
export class Streamlet implements StreamletView {
  open = 0;
  state: StreamletState = "spawning";
  readyAtMs = Number.NaN;
  /** Its pool's back-off term when it became ready; −1 = never ready. */
  backoffTerm = -1;
  /** When it last left the warm pool, and the timer that ends that warm start. */
  activatedAtMs = Number.NaN;
  activationTimer: TimerId = NO_TIMER;
  bucketPosition = -1;
  availablePosition = -1;
  memberPosition = -1;
  idleTimer: TimerId = NO_TIMER;
  /** An evicting streamlet drains and is never taken back. */
  eviction: "none" | "evicting" = "none";

  /** It begins as a float, since 0 at t=0 would not. */
  readonly launchedAtMs: number = Number.NaN;

  constructor(
    readonly id: StreamletId,
    readonly pool: number,
    readonly slots: number,
    launchedAtMs: number,
  ) {
    this.launchedAtMs = launchedAtMs;
  }
}
