import type { RandomStream } from "../../base/random.js";
import { mean } from "../../base/statistics.js";
import { costRatio } from "./block-bootstrap.js";
import type { Candidate } from "./candidate.js";

/** A change of the serving forecaster. */
export interface Change {
  readonly kind: "promoted" | "demoted";
  /** Index of the candidate that serves from now on. */
  readonly to: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, number>>;
}

/** A challenger must have been cheaper by this much, over at least this many days. */
const BETTER_RATIO = 0.98;
const PROMOTION_DAYS = 5;
const JUDGED_DAYS = 7;
/** Costs of neighbouring bins are alike: blocks of a quarter of a day. */
const BLOCKS_PER_DAY = 4;
/**
 * If the serving forecaster's last day cost this many times its days before, the traffic has
 * changed.
 */
const DRIFT_RATIO = 2;
/** A day's costs mean nothing if most of them are unknown. */
const KNOWN_SHARE = 0.5;

/**
 * Chooses the serving forecaster by newsvendor cost at the provisioned lead. Promotion: ≥ 2 %
 * cheaper over ≥ 5 days, with a paired block-bootstrap interval wholly below 1. Demotion: a day
 * more expensive than the benchmark's; the cheapest model of that day takes over.
 */
export class Jury {
  /** Days of costs that a candidate must keep. */
  static readonly days = JUDGED_DAYS + 1;

  constructor(
    private readonly benchmark: string,
    private readonly dayBins: number,
    private readonly random: RandomStream,
  ) {}

  /** After the backtest: a promotion only. */
  atStart(candidates: readonly Candidate[], champion: number, length: number): Change | undefined {
    return this.promotion(candidates, champion, length);
  }

  /** At the end of each day; nothing in between. */
  daily(candidates: readonly Candidate[], champion: number, length: number): Change | undefined {
    if (length % this.dayBins !== 0) return undefined;
    return this.demotion(candidates, champion, length) ?? this.promotion(candidates, champion, length);
  }

  /** At most once a day after the last training. */
  drifted(
    champion: Candidate,
    length: number,
    sinceTrained: number,
  ): { readonly reason: string; readonly details: Readonly<Record<string, number>> } | undefined {
    if (length % this.dayBins !== 0 || sinceTrained < this.dayBins) return undefined;
    const costs = champion.recent(length, JUDGED_DAYS * this.dayBins);
    const split = costs.length - this.dayBins;
    const before = known(costs.subarray(0, Math.max(0, split)));
    const today = known(costs.subarray(Math.max(0, split)));
    if (before.length < 2 * this.dayBins || today.length < KNOWN_SHARE * this.dayBins) return undefined;
    const ratio = mean(today) / mean(before);
    return ratio > DRIFT_RATIO ? { reason: "a-day-dearer-than-those-before", details: { ratio } } : undefined;
  }

  private promotion(candidates: readonly Candidate[], champion: number, length: number): Change | undefined {
    const bins = JUDGED_DAYS * this.dayBins;
    const standing = candidates[champion].recent(length, bins);
    let best: Change | undefined;
    for (let c = 0; c < candidates.length; c++) {
      if (c === champion) continue;
      const block = Math.max(1, Math.round(this.dayBins / BLOCKS_PER_DAY));
      const {
        ratio,
        upper,
        bins: paired,
      } = costRatio(candidates[c].recent(length, bins), standing, block, this.random);
      if (paired < PROMOTION_DAYS * this.dayBins || !(ratio <= BETTER_RATIO) || !(upper < 1)) continue;
      if (best !== undefined && best.details.ratio <= ratio) continue;
      const details = { ratio, upper, days: paired / this.dayBins };
      best = { kind: "promoted", to: c, reason: `cheaper-than-${candidates[champion].name}`, details };
    }
    return best;
  }

  private demotion(candidates: readonly Candidate[], champion: number, length: number): Change | undefined {
    const benchmark = candidates.findIndex((candidate) => candidate.name === this.benchmark);
    if (benchmark < 0 || benchmark === champion) return undefined;
    const days = candidates.map((candidate) => candidate.recent(length, this.dayBins));
    // A candidate without a forecast all day, since it has not learnt yet, cannot take over and
    // does not block the judgement of the others.
    const hasForecast = days.map((costs) => known(costs).length > 0);
    const paired = Array.from(days[champion].keys()).filter((i) =>
      days.every((costs, c) => !hasForecast[c] || !Number.isNaN(costs[i])),
    );
    if (paired.length < KNOWN_SHARE * this.dayBins) return undefined;
    const sums = days.map((costs, c) =>
      hasForecast[c] ? paired.reduce((sum, i) => sum + costs[i], 0) : Number.POSITIVE_INFINITY,
    );
    if (!(sums[champion] > sums[benchmark])) return undefined;
    const to = sums.indexOf(Math.min(...sums));
    const details = { cost: sums[champion] / paired.length, benchmarkCost: sums[benchmark] / paired.length };
    return { kind: "demoted", to, reason: `a-day-dearer-than-${this.benchmark}`, details };
  }
}

function known(costs: Float64Array): Float64Array {
  return costs.filter((cost) => !Number.isNaN(cost));
}
