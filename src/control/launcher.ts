import { LaunchGate } from "./launch-gate.js";
import type { ManagerParts, ManagerSpec } from "./manager-spec.js";
import { RoomRetry } from "./room-retry.js";
import { Roster } from "./roster.js";
import { Streamlet } from "./streamlet.js";
import type { StreamletPool } from "./streamlet-pool.js";
import { WarmPool } from "./warm-pool.js";

/**
 * Launches streamlets as far as the back-off, the caps and the hosts allow. It notes why a launch
 * fell short, and calls the pool back when the back-off ends or room returns.
 */
export class Launcher {
  readonly roster: Roster;
  readonly warmPool: WarmPool;
  readonly gate: LaunchGate;
  readonly roomRetry: RoomRetry;

  /** `retry` gets the index of a pool that is to try again. */
  constructor(
    spec: ManagerSpec,
    private readonly parts: ManagerParts,
    retry: (pool: number) => void,
  ) {
    const { pools, scheduler } = parts;
    this.gate = new LaunchGate(pools.length, spec.restart, scheduler, retry);
    this.roomRetry = new RoomRetry(pools.length, scheduler, retry);
    this.roster = new Roster(spec.max, spec.regionMax);
    this.warmPool = new WarmPool(spec.warmPool);
  }

  /** Launches at most `wanted`, to serve or to be parked when they are ready. */
  launch(pool: StreamletPool, wanted: number, as: "spawning" | "parked"): void {
    const short = (why: string): void => {
      // A warm pool that is not full is no refusal of the decision.
      if (as === "spawning") this.roomRetry.shortOf[pool.index] = why;
    };
    if (!this.gate.admits(pool.index)) {
      short("restart-backoff");
      return;
    }
    const count = Math.min(wanted, this.roster.room(pool.region));
    if (count < wanted) short("fleet-max");
    if (count === 0) return;
    const ids = this.parts.fleet.launch({ pool: pool.index }, count);
    if (ids.length < count) short("no-host-room");
    for (const id of ids) {
      const streamlet = new Streamlet(id, pool.index, pool.slots, this.parts.scheduler.nowMs());
      this.roster.add(streamlet, pool.region);
      if (as === "parked") this.warmPool.add(id, pool.index);
      else pool.spawning.push(streamlet);
      this.parts.telemetry.onStreamletState({ id, pool: pool.index, from: "none", to: "spawning", reason: "" });
    }
  }
}
