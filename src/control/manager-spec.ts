import type { RandomStream } from "../base/random.js";
import type { Fleet } from "../ports/fleet.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import type { RestartSpec } from "./launch-backoff.js";
import type { ScaleIn } from "./scale-in.js";
import type { Streamlet } from "./streamlet.js";
import type { StreamletPool } from "./streamlet-pool.js";

export interface ManagerSpec {
  /** Most streamlets of the fleet, and of each region. */
  readonly max: number;
  readonly regionMax: readonly number[];
  /** Streamlets that each pool keeps parked, unless its policy asks for another number. */
  readonly warmPool: number;
  /** Draws the time from parked to ready, in ms. */
  readonly warmStartMs: () => number;
  readonly scaleIn: ScaleIn;
  readonly restart: RestartSpec;
  /** Per pool: idle time-outs leave at least this many ready + spawning streamlets. */
  readonly min: readonly number[];
  /** Draws how long a streamlet may be empty, in ms; undefined = for ever. */
  readonly idleTimeoutMs: (() => number) | undefined;
}

export interface ManagerParts {
  readonly pools: readonly StreamletPool[];
  readonly fleet: Fleet;
  readonly scheduler: Scheduler;
  readonly telemetry: Telemetry;
  /** Chooses victims, where the scenario asks for random ones. */
  readonly random: RandomStream;
  /** Asked to serve waiting requests when slots of a streamlet become free. */
  readonly gateway: { serveWaiting(streamlet: Streamlet): void };
}
