import { HOURS_PER_MONTH } from "./month.js";
import type { PlanQuestion } from "./question.js";
import { type Sizing, streamletsPerHost } from "./size.js";

/**
 * How many hosts the demand asks for, and for what share of the time; and how many of them to
 * commit to.
 */
export interface Commitment {
  /** Hosts and the share of the measured time in which more than that many are needed; falling. */
  readonly curve: readonly { readonly hosts: number; readonly shareAbove: number }[];
  /** Commit to this many; the rest on demand. */
  readonly level: number;
  /**
   * Price of a committed hour ÷ price on demand: commit up to the level that is exceeded for this
   * share of the time.
   */
  readonly ratio: number;
  /** Of a month, all on demand and with the commitment, were hosts bought hour by hour. */
  readonly onDemandPerMonth: number;
  readonly committedPerMonth: number;
}

/**
 * The duration curve of the hosts that demand asks for, and the level c* with P(D > c*) = committed
 * price ÷ price on demand, which is the newsvendor's (Arrow, Harris, Marschak 1951). Undefined
 * without hosts or without a committed price.
 */
export function commitmentOf({ scenario, prices }: PlanQuestion, sizing: Sizing): Commitment | undefined {
  const committed = prices.committed?.hostHour;
  const onDemand = scenario.cost.hostHour;
  const demand = hostsByBin(scenario, sizing);
  if (committed === undefined || demand.length === 0) return undefined;
  const sorted = demand.slice().sort((a, b) => a - b);
  const shareAbove = (hosts: number): number => sorted.filter((need) => need > hosts).length / sorted.length;
  const ratio = committed / onDemand;
  let level = 0;
  while (shareAbove(level) > ratio) level++;
  const curve = Array.from({ length: sorted[sorted.length - 1] + 1 }, (_, hosts) => ({
    hosts,
    shareAbove: shareAbove(hosts),
  }));
  const mean = (of: (need: number) => number): number =>
    sorted.reduce((sum, need) => sum + of(need), 0) / sorted.length;
  return {
    curve,
    level,
    ratio,
    onDemandPerMonth: HOURS_PER_MONTH * onDemand * mean((need) => need),
    committedPerMonth: HOURS_PER_MONTH * (committed * level + onDemand * mean((need) => Math.max(0, need - level))),
  };
}

/**
 * Hosts of all regions together by bin of the measured time: streams and as many standard
 * deviations as the peak is sized with.
 */
function hostsByBin(scenario: PlanQuestion["scenario"], { loads, pools }: Sizing): number[] {
  const classes = scenario.fleet.classes.length;
  const bins = loads.pools[0].load.length;
  const own = pools.flatMap((pool, p) => {
    const perHost = streamletsPerHost(scenario, pool.region, p % classes);
    if (perHost === undefined || pool.peakLoad === 0) return [];
    const margin = (pool.needed.estimated - pool.peakLoad) / Math.sqrt(pool.peakLoad);
    return [{ load: loads.pools[p].load, margin, region: pool.region, perHost: perHost * pool.slots }];
  });
  if (own.length === 0) return [];
  const regions = Array.from(new Set(own.map(({ region }) => region)));
  return Array.from({ length: bins - loads.firstBin }, (_, i) => {
    const bin = loads.firstBin + i;
    return regions.reduce((sum, region) => {
      const inRegion = own.filter((pool) => pool.region === region);
      const needed = inRegion.reduce(
        (part, { load, margin, perHost }) => part + (load[bin] + margin * Math.sqrt(load[bin])) / perHost,
        0,
      );
      return sum + Math.ceil(needed - 1e-9);
    }, 0);
  });
}
