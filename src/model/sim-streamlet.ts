import { FLOAT_ZERO } from "../base/float-zero.js";
import type { StreamletId } from "../ports/fleet.js";
import { NO_TIMER, type TimerId } from "../ports/scheduler.js";
import { FleetEntry } from "./fleet-ledger.js";
import type { FleetPoolSpec } from "./fleet-spec.js";
import type { Host } from "./hosts.js";
import type { Load } from "./load.js";

/** The model's record of one streamlet. */
export class SimStreamlet extends FleetEntry implements Load {
  /** A streamlet that hangs stays open, and no stream in it ends, until this is found. */
  health: "well" | "hung" = "well";
  firstLease = -1;
  timer: TimerId = NO_TIMER;
  /** Drawn at its launch: how long its start takes once it is its turn, and how the start ends. */
  spawnMs = FLOAT_ZERO;
  spawnOutcome: "ready" | "failed" = "ready";
  cpuDemand = 0;
  memoryBytes: number;
  bitsDemand = 0;
  overloadedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    id: StreamletId,
    launchedAtMs: number,
    readonly spec: FleetPoolSpec,
    readonly host: Host | undefined,
  ) {
    super(id, spec.pool, launchedAtMs);
    this.memoryBytes = spec.baseMemoryBytes;
  }
}
