import { distributionOf } from "../../base/distribution.js";
import { offeredLoad, survivalKernel } from "../../base/offered-load.js";
import { expectedArrivals, seriesWeightsAt } from "../../world/history.js";
import { homePools, poolsOf } from "../../world/pools.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { interruptionsPerMs } from "../../world/scenario/sections/faults.js";

/** The demand on a pool over the day. */
export interface PoolLoad {
  readonly pool: string;
  readonly region: number;
  readonly slots: number;
  /** Expected requests per bin, reconnections included. */
  readonly arrivals: Float64Array;
  /** Mean open streams of M_t/G/∞ at the end of each bin, in erlangs. */
  readonly load: Float64Array;
}

export interface OfferedLoads {
  readonly binMs: number;
  /** The bin in which the measured time begins. */
  readonly firstBin: number;
  readonly pools: readonly PoolLoad[];
}

/**
 * A quarter of a minute is short enough for streams of a minute; a year has two million such
 * bins.
 */
const FINE_BIN_MS = 15_000;
const MINUTE_MS = 60_000;
const MOST_BINS = 20_000;
/**
 * Rounds of reconnections: each adds the load of the one before × holding ÷ time between crashes.
 */
const ROUNDS = 4;
/** Until a round changes nothing that counts. */
const SETTLED = 1e-4;

/**
 * The first phase of a plan: the offered load of each pool over time, from the scenario's
 * expected arrivals and the survival of the holding time. Reconnections of interrupted streams
 * are added to the rate. Demand counts in its own region, even if it may spill over.
 */
export function offeredLoads(scenario: Scenario): OfferedLoads {
  const binMs = binWidth(scenario.durationMs);
  const bins = Math.ceil(scenario.durationMs / binMs);
  const pools = poolsOf(scenario);
  const home = homePools(scenario, pools);
  const arrivals = pools.map(() => new Float64Array(bins));
  for (let bin = 0; bin < bins; bin++) {
    const expected = expectedArrivals(
      scenario.traffic.source,
      bin * binMs,
      Math.min(scenario.durationMs, (bin + 1) * binMs),
    );
    const weights = seriesWeightsAt(scenario, bin * binMs);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, s) => {
      if (home[s] >= 0) arrivals[home[s]][bin] += (expected * weight) / total;
    });
  }
  const kernel = survivalKernel(bins, binMs, distributionOf(scenario.streams.holding));
  return {
    binMs,
    firstBin: Math.floor(scenario.warmupMs / binMs),
    pools: pools.map((pool, p) => ({
      pool: pool.name,
      region: pool.region,
      slots: pool.slots,
      ...withReconnections(arrivals[p], binMs, scenario, (rate) => offeredLoad(rate, kernel)),
    })),
  };
}

function binWidth(durationMs: number): number {
  for (const binMs of [FINE_BIN_MS, MINUTE_MS, 5 * MINUTE_MS]) if (durationMs / binMs <= MOST_BINS) return binMs;
  return Math.ceil(durationMs / MOST_BINS / MINUTE_MS) * MINUTE_MS;
}

/**
 * Failures interrupt each open stream at a rate of 1/MTBF, and its client asks again for a whole
 * stream.
 */
function withReconnections(
  first: Float64Array,
  binMs: number,
  { reconnect, faults }: Scenario,
  loadOf: (arrivals: Float64Array) => Float64Array,
): Pick<PoolLoad, "arrivals" | "load"> {
  const perMs = interruptionsPerMs(faults);
  let arrivals = first;
  let load = loadOf(arrivals);
  if (reconnect === undefined || perMs === 0) return { arrivals, load };
  for (let round = 0; round < ROUNDS; round++) {
    const known = load;
    arrivals = first.map((count, i) => count + known[i] * perMs * binMs);
    load = loadOf(arrivals);
    if (load.every((value, i) => value - known[i] <= SETTLED * known[i])) break;
  }
  return { arrivals, load };
}
