import type { Distribution } from "../base/distribution.js";
import type { FailureSpec } from "./failure-mode.js";
import type { HostFailureSpec } from "./host-failures.js";
import type { HostReclaimSpec } from "./host-reclaim.js";
import type { HostSupply } from "./host-supply.js";
import type { HostGroup, Reservation } from "./hosts.js";
import type { SpawnQueueSpec } from "./spawn-queue.js";

/**
 * The facts of a pool that the model needs: the class's caps, its slots' memory, its spawn law,
 * and its hosts.
 */
export interface FleetPoolSpec {
  /** Index of the pool. */
  readonly pool: number;
  readonly region: number;
  readonly reservation: Reservation;
  readonly baseMemoryBytes: number;
  readonly oomAboveBytes: number;
  readonly spawn: Distribution;
  /** Each spawn under way on the same host lengthens this one by this share. */
  readonly contention: number;
}

export interface FleetModelSpec extends HostFailureSpec, FailureSpec {
  readonly pools: readonly FleetPoolSpec[];
  /** Per region; undefined = no host limits. */
  readonly hostGroups: readonly (HostGroup | undefined)[];
  /** Receives the streamlets that leave a host, if hosts are elastic. */
  readonly hostSupply: HostSupply | undefined;
  readonly spawnFailure: number;
  /** Hosts that are reclaimed together; undefined = none. */
  readonly reclaim?: HostReclaimSpec | undefined;
  /** How the one machine behind all regions starts processes; undefined = without a queue. */
  readonly spawnQueue?: SpawnQueueSpec | undefined;
  /** False if no streams can exceed a cap or a host: then no sums of demands are kept. */
  readonly loadMatters: boolean;
}
