import { NO_TIMER, Phase } from "../ports/scheduler.js";
import type { ManagerParts, ManagerSpec } from "./manager-spec.js";
import { SpawnTimes } from "./monitor/spawn-times.js";
import type { Roster } from "./roster.js";
import { changeState } from "./state-change.js";
import type { Streamlet } from "./streamlet.js";
import type { StreamletPool } from "./streamlet-pool.js";

/** The parked streamlets that were activated and are not ready yet. */
export class WarmStarts {
  /** From activation to ready. */
  readonly times: SpawnTimes;

  /** `onReady` gets each streamlet when its warm start is over. */
  constructor(
    private readonly spec: ManagerSpec,
    private readonly parts: ManagerParts,
    private readonly roster: Roster,
    private readonly onReady: (streamlet: Streamlet) => void,
  ) {
    this.times = new SpawnTimes(parts.pools.length);
  }

  /** Activates parked streamlets, `limit` at most, the last parked first. Returns how many. */
  activate(pool: StreamletPool, limit: number): number {
    const { scheduler, telemetry } = this.parts;
    const count = Math.min(limit, pool.parked.length);
    for (let i = 0; i < count; i++) {
      const streamlet = pool.parked.pop() as Streamlet;
      changeState(streamlet, "spawning", "", telemetry);
      streamlet.activatedAtMs = scheduler.nowMs();
      pool.spawning.push(streamlet);
      streamlet.activationTimer = scheduler.schedule(this.spec.warmStartMs(), Phase.Ready, this.finish, streamlet.id);
    }
    return count;
  }

  /** It is parked again or ends. Nothing happens if it has no warm start under way. */
  cancel(streamlet: Streamlet): void {
    this.parts.scheduler.cancel(streamlet.activationTimer);
    streamlet.activationTimer = NO_TIMER;
  }

  private readonly finish = (id: number): void => {
    // Its timer is cancelled when it is parked or ends, so it is still spawning.
    const streamlet = this.roster.find(id) as Streamlet;
    streamlet.activationTimer = NO_TIMER;
    this.times.record(streamlet.pool, this.parts.scheduler.nowMs() - streamlet.activatedAtMs);
    this.onReady(streamlet);
  };
}
