import type { FleetPoolSpec } from "./fleet-spec.js";
import type { HostSpec } from "./hosts.js";

/** The most that one stream can demand; Infinity without a bound, 0 where there is no demand. */
export interface MostDemand {
  /** Cores. */
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly bitsPerSecond: number;
}

/** The caps of a pool's streamlets, and the streams that each can carry. */
type PoolCaps = Pick<FleetPoolSpec, "reservation" | "baseMemoryBytes" | "oomAboveBytes"> & { readonly slots: number };

/**
 * Whether full streamlets of this pool can exceed a cap of theirs, or together the CPU or network
 * of their host (undefined = none). If no pool can, no sum of demands ever matters, and keeping
 * the sums takes a tenth of a run for nothing.
 */
export function canExceedLimits(demand: MostDemand, pool: PoolCaps, host: HostSpec | undefined): boolean {
  const { slots, reservation, baseMemoryBytes, oomAboveBytes } = pool;
  const cpu = slots * demand.cpu;
  const bitsPerSecond = slots * demand.bitsPerSecond;
  if (cpu > reservation.cpu || bitsPerSecond > reservation.bitsPerSecond) return true;
  if (baseMemoryBytes + slots * demand.memoryBytes > oomAboveBytes) return true;
  if (host === undefined) return false;
  return (
    canExceedHost(cpu, reservation.cpu, host.cpu, host.cpuOvercommit) ||
    canExceedHost(bitsPerSecond, reservation.bitsPerSecond, host.bitsPerSecond, 1)
  );
}

/**
 * A host takes streamlets until their caps add up to `overcommit` times its capacity. So what they
 * use stays below the capacity if each uses at most 1/overcommit of its cap. Without a cap, any
 * number of them fits.
 */
function canExceedHost(used: number, cap: number, capacity: number, overcommit: number): boolean {
  if (used === 0 || capacity === Number.POSITIVE_INFINITY) return false;
  return cap === Number.POSITIVE_INFINITY || used * overcommit > cap;
}
