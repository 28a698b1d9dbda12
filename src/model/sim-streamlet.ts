import type { StreamletId } from "../ports/fleet.js";
import { NO_TIMER, type TimerId } from "../ports/scheduler.js";
import type { Host } from "./hosts.js";
import type { Load } from "./load.js";
import type { FleetPoolSpec } from "./sim-fleet.js";

/** The model's record of one streamlet. */
export class SimStreamlet implements Load {
  ready = false;
  draining = false;
  hung = false;
  open = 0;
  firstLease = -1;
  timer: TimerId = NO_TIMER;
  /** Drawn at its launch: how long its start will take once it is its turn, and whether it fails. */
  spawnMs = 0;
  fails = false;
  cpuDemand = 0;
  memoryBytes: number;
  bitsDemand = 0;
  overloadedSinceMs = Number.NaN;
  lastOverloadEndMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly id: StreamletId,
    readonly pool: number,
    readonly spec: FleetPoolSpec,
    readonly host: Host | undefined,
    readonly launchedAtMs: number,
  ) {
    this.memoryBytes = spec.baseMemoryBytes;
  }
}
