import type { Limits } from "../limits/limits.js";
import type { IsolationOrder } from "../machine/isolation.js";
import type { Runtime } from "../machine/launch-command.js";

/** The streamlets of one pool, as processes. */
export interface ProcessClass {
  readonly name: string;
  readonly runtime: Runtime;
  readonly formats: readonly string[];
  readonly limits: Limits;
  /** If left out, everything that a streamlet needs for any stream is allowed. */
  readonly isolation?: IsolationOrder;
}

export interface HostTimes {
  /** The period of heartbeats; a process that is silent for `hungAfterMs` is killed. */
  readonly beatMs: number;
  readonly hungAfterMs: number;
  /** A process that is not ready by then is killed: spawn failed. */
  readonly readyWithinMs: number;
  /** How long an empty process may take to end after the order. */
  readonly exitWithinMs: number;
}

export const defaultTimes: HostTimes = { beatMs: 250, hungAfterMs: 2000, readyWithinMs: 15_000, exitWithinMs: 1000 };
