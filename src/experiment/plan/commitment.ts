import type { ChosenValue } from "./designs.js";
import { withDemand } from "./failure.js";
import { type AskedGrowth, needsAfter } from "./growth.js";
import { HOURS_PER_MONTH } from "./month.js";
import type { PlanQuestion } from "./question.js";
import { type Sizing, size, streamletsPerHost } from "./size.js";

/** How many hosts to commit to, for hosts bought by the hour and for a plan's fixed number. */
export interface Commitment {
  /** Hosts and the share of the measured time in which more than that many are needed; falling. */
  readonly curve: readonly { readonly hosts: number; readonly shareAbove: number }[];
  /** Commit to this many; the rest on demand. */
  readonly level: number;
  /**
   * Committed price ÷ on-demand price: commit to the number of hosts that is exceeded for this
   * share of the term.
   */
  readonly ratio: number;
  /** The length for which committed hosts are paid, used or not; null without a term. */
  readonly termMonths: number | null;
  /** `level` hosts × the term: the total obligation; null without a term. */
  readonly owed: number | null;
  /** In a mean month of the term, if hosts were bought by the hour. */
  readonly onDemandPerMonth: number;
  readonly committedPerMonth: number;
  /** For hosts of a fixed number: how many to commit to; null if there are none. */
  readonly fixed: {
    readonly hosts: number;
    readonly level: number;
    readonly savesPerMonth: number;
    readonly owed: number | null;
  } | null;
}

const HOUR_MS = 3_600_000;

/**
 * The duration curve of the hosts that demand needs, and the level c* with P(D > c*) = committed
 * price ÷ on-demand price, the newsvendor's (Arrow, Harris, Marschak 1951). Committed hosts are
 * paid for the whole term. With growth or decline the level is the lower of two: that of today's
 * curve, and that of the curve over the months of the term. More can be committed later, but
 * nothing can be returned. Undefined without hosts or without a committed price.
 */
export function commitmentOf(
  question: PlanQuestion,
  sizing: Sizing,
  choice: readonly ChosenValue[],
  growth?: AskedGrowth,
): Commitment | undefined {
  const { scenario, prices } = question;
  const today = hostsByBin(scenario, sizing);
  if (prices.committed === undefined || today.length === 0) return undefined;
  const committed = prices.committed.hostHour;
  const onDemand = scenario.cost.hostHour;
  const ratio = committed / onDemand;
  const termMonths = prices.committed.term === undefined ? null : prices.committed.term / HOUR_MS / HOURS_PER_MONTH;
  const months = growth === undefined ? 1 : Math.max(1, Math.ceil(termMonths ?? 1));
  const term = Array.from({ length: months }, (_, month) =>
    growth === undefined || month === 0 ? today : demandAfter(question, growth, month),
  ).flat();
  const level = Math.min(levelOf(today, ratio), levelOf(term, ratio));
  const mean = (of: (need: number) => number): number => term.reduce((sum, need) => sum + of(need), 0) / term.length;
  const owed = (hosts: number): number | null =>
    termMonths === null ? null : hosts * committed * termMonths * HOURS_PER_MONTH;
  const fixed = fixedByMonth(question, sizing, choice, months, growth);
  const fixedLevel = Math.min(fixed[0], levelOf(fixed, ratio));
  return {
    curve: curveOf(today),
    level,
    ratio,
    termMonths,
    owed: owed(level),
    onDemandPerMonth: HOURS_PER_MONTH * onDemand * mean((need) => need),
    committedPerMonth: HOURS_PER_MONTH * (committed * level + onDemand * mean((need) => Math.max(0, need - level))),
    fixed:
      fixed[0] === 0
        ? null
        : {
            hosts: fixed[0],
            level: fixedLevel,
            savesPerMonth: HOURS_PER_MONTH * savedBy(fixedLevel, fixed, onDemand, committed),
            owed: owed(fixedLevel),
          },
  };
}

/** The mean saving per hour of a commitment to `level` hosts over the months of these needs. */
function savedBy(level: number, needs: readonly number[], onDemand: number, committed: number): number {
  const used = needs.reduce((sum, need) => sum + Math.min(level, need), 0) / needs.length;
  return onDemand * used - committed * level;
}

/** The least number that is exceeded for at most this share of the time. */
function levelOf(needs: readonly number[], ratio: number): number {
  const sorted = [...needs].sort((a, b) => a - b);
  const at = sorted.length - 1 - Math.floor(ratio * sorted.length + 1e-9);
  return at < 0 ? 0 : sorted[at];
}

function curveOf(needs: readonly number[]): Commitment["curve"] {
  const most = needs.reduce((largest, need) => Math.max(largest, need), 0);
  const counts = new Uint32Array(most + 1);
  for (const need of needs) counts[need]++;
  let above = needs.length;
  return Array.from(counts, (count, hosts) => {
    above -= count;
    return { hosts, shareAbove: above / needs.length };
  });
}

function demandAfter({ scenario }: PlanQuestion, growth: AskedGrowth, month: number): number[] {
  const grown = { ...scenario, ...withDemand(scenario, growth.factor(month)) } as PlanQuestion["scenario"];
  return hostsByBin(grown, size(grown));
}

/** A fixed number of hosts in each month: today's choice first, then the later sizes. */
function fixedByMonth(
  question: PlanQuestion,
  sizing: Sizing,
  choice: readonly ChosenValue[],
  months: number,
  growth: AskedGrowth | undefined,
): number[] {
  const { regions } = question.scenario.fleet;
  return Array.from({ length: months }, (_, month) => {
    const needs = growth === undefined || month === 0 ? [] : needsAfter(question, choice, sizing, growth, month);
    return regions.reduce((sum, { hosts }, r) => {
      if (hosts === undefined || hosts.elastic !== undefined) return sum;
      const isOwn = ({ variable: { steps } }: Pick<ChosenValue, "variable">): boolean =>
        steps[1] === "regions" && steps[2] === r && steps[steps.length - 1] === "hosts";
      return sum + (needs.find(isOwn)?.need ?? Number(choice.find(isOwn)?.value ?? hosts.count));
    }, 0);
  });
}

/**
 * Hosts of all regions together by bin of the measured time: for the mean streams plus as many
 * standard deviations as at the peak.
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
