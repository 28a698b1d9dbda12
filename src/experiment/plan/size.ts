import { distributionOf } from "../../base/distribution.js";
import { poissonMass, poissonTail } from "../../base/poisson.js";
import { leastNumber } from "../../base/search/least-number.js";
import { shareOf } from "../../model/hosts.js";
import { poolsOf } from "../../world/pools.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { interruptionsPerMs } from "../../world/scenario/sections/faults.js";
import type { SloSpec } from "../../world/scenario/sections/slo.js";
import type { Steps } from "../scenario-path.js";
import { type OfferedLoads, offeredLoads, type PoolLoad } from "./offered.js";

/**
 * A capacity by the certified bound (null for a system that it does not cover), and by the
 * estimate.
 */
interface Sized {
  readonly certified: number | null;
  readonly estimated: number;
}

export interface PoolSize {
  readonly pool: string;
  readonly region: number;
  readonly slots: number;
  /** The largest mean number of open streams, and when. */
  readonly peakLoad: number;
  readonly peakAtMs: number;
  /** Slots of a fixed fleet that suffice all day, and the streamlets with these slots. */
  readonly needed: Sized;
  readonly streamlets: Sized;
  /** Growth of the load, in streams, during one spawn, where it is steepest. */
  readonly growthPerSpawn: number;
}

export interface Sizing {
  readonly loads: OfferedLoads;
  /**
   * The share of requests that may find no slot in time, from the SLO, and the bound that it
   * comes from.
   */
  readonly target: number;
  readonly targetOf: string;
  /** Requests without a slot are lost; otherwise they wait. */
  readonly isLoss: boolean;
  readonly pools: readonly PoolSize[];
  /** By region; undefined where it has no hosts. */
  readonly hosts: readonly (Sized | undefined)[];
  /** Streamlet-hours of the measured time that every policy needs: open streams ÷ slots. */
  readonly leastStreamletHours: number;
}

const HOUR_MS = 3_600_000;
/** Used if the SLO bounds nothing that depends on capacity. */
const DEFAULT_TARGET = 0.001;
/** Beyond this many standard deviations a tail adds nothing to a mean of shares. */
const FAR = 12;

/**
 * The second phase, which takes milliseconds: the fewest slots of a fixed fleet. *Certified*: a
 * loss system never holds more streams than M_t/G/∞ with the same requests, so P(full at t) ≤
 * P(Poisson(m(t)) ≥ slots), for any distribution of the holding time (reference/planning.md).
 * *Estimated*: Erlang B or C at the modified offered load (Jagerman 1975; Jennings, Mandelbaum,
 * Massey, Whitt 1996). Both are means over the requests of the measured time.
 */
export function size(scenario: Scenario): Sizing {
  const loads = offeredLoads(scenario);
  const isLoss = isLossSystem(scenario);
  const { target, targetOf } = targetOfSlo(scenario.slo, isLoss);
  const wait = isLoss ? undefined : waitTail(scenario);
  const certifiable = isLoss && canCertify(scenario);
  const spawnBins = Math.ceil(
    Math.max(...scenario.fleet.classes.map(({ spawn }) => distributionOf(spawn.law).mean)) / loads.binMs,
  );
  const pools = loads.pools.map((pool): PoolSize => {
    const estimate = (slots: number, load: number): number =>
      wait === undefined ? lossShare(slots, load) : wait(slots, load);
    const needed = {
      certified: certifiable ? leastSlots(pool, loads, target, (slots, load) => poissonTail(slots, load)) : null,
      estimated: leastSlots(pool, loads, target, estimate),
    };
    const peak = peakOf(pool.load, loads.firstBin);
    return {
      pool: pool.pool,
      region: pool.region,
      slots: pool.slots,
      peakLoad: pool.load[peak] ?? 0,
      peakAtMs: (peak + 1) * loads.binMs,
      needed,
      streamlets: perUnit(needed, pool.slots),
      growthPerSpawn: steepest(pool.load, loads.firstBin, spawnBins),
    };
  });
  return {
    loads,
    target,
    targetOf,
    isLoss,
    pools,
    hosts: hostsOf(scenario, pools),
    leastStreamletHours: loads.pools.reduce((sum, pool) => sum + streamHours(pool.load, loads) / pool.slots, 0),
  };
}

/**
 * The estimate of a count of hosts or streamlets at this path of the scenario; undefined for
 * other knobs.
 */
export function sizedValue(sizing: Sizing, steps: Steps): number | undefined {
  const last = steps[steps.length - 1];
  if (last === "hosts" && steps[1] === "regions") return sizing.hosts[Number(steps[2])]?.estimated;
  if (last === "count" && steps[0] === "policies")
    return Math.max(...sizing.pools.map(({ streamlets }) => streamlets.estimated));
  if (steps.join(".") === "fleet.max")
    return sizing.pools.reduce((sum, { streamlets }) => sum + streamlets.estimated, 0);
  return undefined;
}

/**
 * Streamlets of a pool that one host of its region can hold; undefined without hosts, Infinity
 * without caps.
 */
export function streamletsPerHost(scenario: Scenario, region: number, classIndex: number): number | undefined {
  const { hosts } = scenario.fleet.regions[region];
  if (hosts === undefined) return undefined;
  const share = shareOf(hosts, scenario.fleet.classes[classIndex]);
  return share === 0 ? Number.POSITIVE_INFINITY : Math.floor(1 / share + 1e-9);
}

function isLossSystem({ gateway, streams }: Scenario): boolean {
  return gateway.waitingRoom === 0 || (streams.patience?.kind === "constant" && streams.patience.value === 0);
}

function targetOfSlo(
  slo: SloSpec | undefined,
  isLoss: boolean,
): { readonly target: number; readonly targetOf: string } {
  const bounds: [string, number | undefined][] = isLoss
    ? [
        ["rejectedRatio", slo?.rejectedRatio],
        ["abandonedRatio", slo?.abandonedRatio],
      ]
    : [["startLatency", slo?.startLatency === undefined ? undefined : 1 - slo.startLatency.probability]];
  for (const [targetOf, bound] of bounds) if (bound !== undefined && bound > 0) return { target: bound, targetOf };
  return { target: DEFAULT_TARGET, targetOf: "no bound of the SLO" };
}

/** Poisson arrivals, no crashes, and requests that only one pool may serve. */
function canCertify(scenario: Scenario): boolean {
  const { source, series } = scenario.traffic;
  if (source.kind === "trace" && source.exact) return false;
  if (interruptionsPerMs(scenario.faults) > 0) return false;
  const pools = poolsOf(scenario);
  return series.every(({ format, region }) => {
    const able = pools.filter((pool) => pool.formats.includes(format));
    return able.filter((pool) => scenario.routing.spillOver !== "none" || pool.region === region).length === 1;
  });
}

/** P(wait > bound) of M/M/k at a load, from Erlang C. Without a bound on the wait: P(wait > 0). */
function waitTail(scenario: Scenario): (slots: number, load: number) => number {
  const holdingMs = distributionOf(scenario.streams.holding).mean;
  const boundMs = scenario.slo?.startLatency?.boundMs ?? 0;
  return (slots, load) => {
    if (load >= slots) return 1;
    const blocking = lossShare(slots, load);
    const waiting = blocking / (1 - (load / slots) * (1 - blocking));
    return waiting * Math.exp((-(slots - load) * boundMs) / holdingMs);
  };
}

/**
 * Erlang B as a share of Poisson masses: P(X = k) / P(X ≤ k), in √load steps instead of k.
 */
function lossShare(slots: number, load: number): number {
  if (load === 0) return slots === 0 ? 1 : 0;
  const mass = poissonMass(slots, load);
  return Math.min(1, mass / Math.max(mass, 1 - poissonTail(slots + 1, load)));
}

/**
 * The fewest slots at which the mean of `share` over the requests of the measured time is within
 * the target.
 */
function leastSlots(
  pool: PoolLoad,
  { firstBin }: OfferedLoads,
  target: number,
  share: (slots: number, load: number) => number,
): number {
  let requests = 0;
  for (let i = firstBin; i < pool.arrivals.length; i++) requests += pool.arrivals[i];
  if (requests === 0) return 0;
  const holds = (slots: number): boolean => {
    let sum = 0;
    for (let i = firstBin; i < pool.load.length; i++) {
      // The larger of the bin's two ends.
      const load = Math.max(pool.load[i], i === 0 ? 0 : pool.load[i - 1]);
      if (slots > load + FAR * Math.sqrt(load) + FAR) continue;
      sum += pool.arrivals[i] * share(slots, load);
      if (sum > target * requests) return false;
    }
    return true;
  };
  return leastNumber(holds);
}

function perUnit({ certified, estimated }: Sized, slots: number): Sized {
  return {
    certified: certified === null ? null : Math.ceil(certified / slots),
    estimated: Math.ceil(estimated / slots),
  };
}

function hostsOf(scenario: Scenario, pools: readonly PoolSize[]): (Sized | undefined)[] {
  const classes = scenario.fleet.classes.length;
  return scenario.fleet.regions.map((region, r) => {
    if (region.hosts === undefined) return undefined;
    const own = pools
      .map((pool, p) => ({ pool, per: streamletsPerHost(scenario, r, p % classes) ?? 1 }))
      .filter(({ pool }) => pool.region === r);
    const total = (kind: keyof Sized): number =>
      Math.ceil(own.reduce((sum, { pool, per }) => sum + (pool.streamlets[kind] ?? 0) / per, 0) - 1e-9);
    const certified = own.every(({ pool }) => pool.streamlets.certified !== null)
      ? Math.max(1, total("certified"))
      : null;
    return { certified, estimated: Math.max(1, total("estimated")) };
  });
}

function peakOf(load: Float64Array, firstBin: number): number {
  let peak = firstBin;
  for (let i = firstBin; i < load.length; i++) if (load[i] > load[peak]) peak = i;
  return peak;
}

function steepest(load: Float64Array, firstBin: number, bins: number): number {
  let most = 0;
  for (let i = firstBin; i + bins < load.length; i++) most = Math.max(most, load[i + bins] - load[i]);
  return most;
}

/** ∫ over the measured time, in hours. */
export function streamHours(load: Float64Array, { firstBin, binMs }: OfferedLoads): number {
  let sum = 0;
  for (let i = firstBin; i < load.length; i++) sum += load[i];
  return (sum * binMs) / HOUR_MS;
}
