import type { StreamletView } from "../ports/balancer.js";
import type { StreamletId } from "../ports/fleet.js";
import { NO_TIMER, type TimerId } from "../ports/scheduler.js";
import type { StreamletState } from "../ports/telemetry.js";

/** The control plane's record of one streamlet. Positions are indexes into the pool's dense arrays, −1 = not in it. */
export class Streamlet implements StreamletView {
  open = 0;
  state: StreamletState = "spawning";
  readyAtMs = Number.NaN;
  /** Its pool's back-off term at its readiness; −1 = never ready. */
  backoffTerm = -1;
  /** When it was last called out of the warm pool, and the end of that warm start. */
  activatedAtMs = Number.NaN;
  activationTimer: TimerId = NO_TIMER;
  bucketPosition = -1;
  availablePosition = -1;
  memberPosition = -1;
  idleTimer: TimerId = NO_TIMER;
  /** Draining for good: an operator's wish. */
  condemned = false;

  constructor(
    readonly id: StreamletId,
    readonly pool: number,
    readonly slots: number,
    readonly launchedAtMs: number,
  ) {}
}
