import type { Scenario } from "../../world/scenario/scenario.js";

/** The first message to the load generator; any further one asks for its report, and ends it. */
export interface LoadOrders {
  readonly scenario: Scenario;
  readonly port: number;
  /** The speed of the run's clock relative to wall time. */
  readonly speed: number;
  readonly token: string | undefined;
}

/**
 * What the clients measured. `firstByteMs`: connect → first byte, in ms of wall time, of those
 * that were served.
 */
export interface LoadReport {
  readonly served: number;
  readonly refused: number;
  readonly interrupted: number;
  readonly open: number;
  /** Pieces that came back changed. */
  readonly wrong: number;
  readonly bytes: number;
  readonly firstByteMs: readonly number[];
}
