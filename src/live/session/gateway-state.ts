import type { LiveRun } from "../run/live-run.js";
import { type PoolRoom, roomOf } from "./pool-room.js";
import type { SessionOptions } from "./session-options.js";

export interface GatewayState {
  /** One line per fault that streams survive. */
  readonly degraded: readonly string[];
  readonly isDraining: boolean;
  readonly pools: readonly PoolRoom[];
}

/** The gateway's state for its pages, and for the manager. */
export function gatewayState(
  run: LiveRun,
  { room, scenario, writes }: Pick<SessionOptions, "room" | "scenario" | "writes">,
  isDraining: boolean,
): GatewayState {
  const { pools } = run.world.control;
  const alive = pools.reduce((sum, one) => sum + one.ready.length + one.spawning.length + one.draining.length, 0);
  const mayGrow = alive < Math.min(room, scenario.fleet.max);
  return { degraded: writes.reasons, isDraining, pools: pools.map((pool) => roomOf(pool, mayGrow)) };
}

/** Whether a stream of each pool would find a slot, or a new streamlet. */
export function hasRoom({ pools }: Pick<GatewayState, "pools">): boolean {
  return pools.every((pool) => pool.hasRoom);
}
