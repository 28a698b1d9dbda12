import { isBetter, type Verdict } from "../../base/paired-verdict.js";
import { mean } from "../../base/statistics.js";
import { judgedMinutes } from "../../world/recorder/slo-minutes.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { costMetricOf, MATCHED_VIOLATIONS, type PolicyFrontier } from "./frontier.js";
import {
  costAtViolation,
  estimateOf,
  judgeRelative,
  type MatchedEstimate,
  type MatchedSetting,
  type MatchedValue,
  relativeDifference,
  type Setting,
  violationAtCost,
} from "./matched.js";

/** A policy against the baseline. Relative differences: (candidate − baseline) / baseline. */
export interface MatchedRow {
  readonly policy: string;
  /** null = the policy does not come there with any setting. */
  readonly value: MatchedEstimate | null;
  /** Where on its knob that is; null where `value` is. */
  readonly setting: MatchedSetting | null;
  readonly relative: MatchedEstimate | null;
  /** null for the baseline, and where one of the two does not come there. */
  readonly verdict: Verdict | null;
  readonly better: boolean | null;
}

export interface MatchedTable {
  /** The share of violating minutes that is matched, or the cost. */
  readonly at: number;
  readonly baseline: string;
  readonly rows: readonly MatchedRow[];
}

/** Part of the result document. */
export interface FrontierDocument {
  readonly costMetric: "cost" | "streamletHours";
  readonly currency?: string;
  readonly measuredMinutes: number;
  readonly policies: readonly {
    readonly name: string;
    readonly kind: string;
    readonly knob: string | null;
    readonly points: readonly {
      readonly value: number | null;
      readonly cost: number;
      readonly violationRatio: number;
      /** See Setting; absent if the policy did not fail. */
      readonly failedDecisions?: number;
    }[];
  }[];
  /** Cost at a matched share of violating minutes. */
  readonly costAtSlo: readonly MatchedTable[];
  /**
   * Share of violating minutes at matched cost: the cost at which the baseline has 1 % of them.
   */
  readonly violationAtCost: readonly MatchedTable[];
}

/** The document of finished sweeps; the first policy is the baseline. */
export function frontierDocument(scenario: Scenario, frontiers: readonly PolicyFrontier[]): FrontierDocument {
  const [baseline] = frontiers;
  const atCost = costAtViolation(baseline.settings, MATCHED_VIOLATIONS[0])?.value;
  return {
    costMetric: costMetricOf(scenario),
    ...(scenario.cost?.currency === undefined ? {} : { currency: scenario.cost.currency }),
    measuredMinutes: judgedMinutes(scenario),
    policies: frontiers.map(({ name, kind, knob, settings }) => ({
      name,
      kind,
      knob,
      points: settings.map((setting) => ({
        value: Number.isNaN(setting.value) ? null : setting.value,
        cost: mean(setting.cost),
        violationRatio: mean(setting.violation),
        ...(setting.failedDecisions === undefined ? {} : { failedDecisions: setting.failedDecisions }),
      })),
    })),
    costAtSlo: MATCHED_VIOLATIONS.map((at) => matchedTable(at, frontiers, (settings) => costAtViolation(settings, at))),
    violationAtCost:
      atCost === undefined
        ? []
        : [
            matchedTable(
              atCost,
              frontiers,
              (settings) => violationAtCost(settings, atCost),
              1 / judgedMinutes(scenario),
            ),
          ],
  };
}

/**
 * Every policy at one match, and its comparison with the baseline. `step`: the smallest change of
 * the value in a replication, 0 if continuous.
 */
function matchedTable(
  at: number,
  frontiers: readonly PolicyFrontier[],
  read: (settings: readonly Setting[]) => MatchedValue | undefined,
  step = 0,
): MatchedTable {
  const [baseline] = frontiers;
  const base = read(baseline.settings);
  const rows = frontiers.map((frontier) => {
    const own = read(frontier.settings);
    return matchedRow(frontier.name, own, frontier === baseline ? undefined : base, step);
  });
  return { at, baseline: baseline.name, rows };
}

function matchedRow(
  policy: string,
  own: MatchedValue | undefined,
  base: MatchedValue | undefined,
  step: number,
): MatchedRow {
  const value = own === undefined ? null : estimateOf(own);
  const setting = own?.setting ?? null;
  const relative = own === undefined || base === undefined ? undefined : relativeDifference(own, base);
  if (relative === undefined || base === undefined)
    return { policy, value, setting, relative: null, verdict: null, better: null };
  const { verdict, halfWidth } = judgeRelative(relative, step / base.value);
  return { policy, value, setting, relative: { ...relative, halfWidth }, verdict, better: isBetter(verdict) };
}
