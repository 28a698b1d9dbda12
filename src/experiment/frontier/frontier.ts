import { InputError } from "../../base/errors.js";
import { better } from "../../base/statistics.js";
import type { PolicySpec, Scenario } from "../../world/scenario/scenario.js";
import { type MetricRun, type MetricRunOptions, runMetrics } from "../metric-runs.js";
import type { KeptRun } from "../run-store.js";
import { aggressivenessOf } from "./aggressiveness.js";
import { costAt, efficient, type FrontierPoint, violationAt } from "./curve.js";
import { type MatchedEstimate, matched, type Setting } from "./matched.js";

const MINUTE_MS = 60_000;

/** The shares of violating minutes at which costs are compared. */
const MATCHED_VIOLATIONS: readonly number[] = [0.01, 0.001];

/** A policy's settings, each with what became of it in every replication. */
export interface PolicyFrontier {
  readonly name: string;
  readonly kind: string;
  /** null = the kind has no knob to sweep. */
  readonly knob: string | null;
  readonly settings: readonly Setting[];
}

/** A policy against the baseline. Relative differences: (candidate − baseline) / baseline. */
export interface MatchedRow {
  readonly policy: string;
  /** null = the policy does not come there with any setting. */
  readonly value: MatchedEstimate | null;
  readonly relative: MatchedEstimate | null;
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
  readonly measuredMinutes: number;
  readonly policies: readonly {
    readonly name: string;
    readonly kind: string;
    readonly knob: string | null;
    readonly points: readonly {
      readonly value: number | null;
      readonly cost: number;
      readonly violationRatio: number;
    }[];
  }[];
  /** Cost at a matched share of violating minutes. */
  readonly costAtSlo: readonly MatchedTable[];
  /** Share of violating minutes at matched cost: that at which the baseline has 1 % of them. */
  readonly violationAtCost: readonly MatchedTable[];
}

/** The grid of settings of each policy; `coarse` leaves every second value out. */
export function settingsOf(
  scenario: Scenario,
  policy: PolicySpec,
): { readonly knob: string | null; readonly specs: readonly { readonly value: number; readonly spec: PolicySpec }[] } {
  const aggressiveness = aggressivenessOf(policy);
  if (aggressiveness === undefined) return { knob: null, specs: [{ value: Number.NaN, spec: policy }] };
  const { classes } = scenario.fleet;
  const slots = classes.reduce((sum, one) => sum + one.slots, 0) / classes.length;
  return {
    knob: aggressiveness.knob,
    specs: aggressiveness.grid.map((value) => ({ value, spec: aggressiveness.apply(policy, value, slots) })),
  };
}

/** Sweeps each policy's knob over its grid in all replications. */
export async function sweepFrontiers(scenario: Scenario, options: MetricRunOptions = {}): Promise<PolicyFrontier[]> {
  if (scenario.slo === undefined) {
    throw new InputError({
      where: "--frontier",
      got: "a scenario without slo",
      expected: "slo, such as {startLatencyP99: 200ms}",
    });
  }
  const swept = scenario.policies.map((policy) => ({ policy, ...settingsOf(scenario, policy) }));
  const runs: MetricRun[] = [];
  for (let replication = 0; replication < scenario.replications; replication++) {
    for (const { specs } of swept) for (const { spec } of specs) runs.push({ scenario, policy: spec, replication });
  }
  const kept = await runMetrics(runs, options);
  const bySpec = new Map<PolicySpec, KeptRun[]>();
  runs.forEach((run, i) => {
    const of = bySpec.get(run.policy) ?? [];
    of.push(kept[i]);
    bySpec.set(run.policy, of);
  });
  return swept.map(({ policy, knob, specs }) => ({
    name: policy.name,
    kind: policy.kind,
    knob,
    settings: specs.map(({ value, spec }) => settingOf(scenario, value, bySpec.get(spec) ?? [])),
  }));
}

/** A setting's costs and shares of violating minutes in the measured window, by replication. */
export function settingOf(scenario: Scenario, value: number, runs: readonly KeptRun[]): Setting {
  const metric = costMetricOf(scenario);
  const minutes = measuredMinutes(scenario);
  const oracleCost = runs.flatMap((run) => run.sums.oracleCost ?? []);
  return {
    value,
    cost: runs.map((run) => run.metrics[metric]),
    violation: runs.map((run) => run.metrics.sloViolationMinutes / minutes),
    ...(oracleCost.length === runs.length ? { oracleCost } : {}),
  };
}

function costMetricOf(scenario: Scenario): "cost" | "streamletHours" {
  return scenario.cost === undefined ? "streamletHours" : "cost";
}

function measuredMinutes(scenario: Scenario): number {
  return (scenario.durationMs - scenario.warmupMs) / MINUTE_MS;
}

/** The document of finished sweeps; the first policy is the baseline. */
export function frontierDocument(scenario: Scenario, frontiers: readonly PolicyFrontier[]): FrontierDocument {
  const [baseline] = frontiers;
  const atCost = costAtBaseline(baseline);
  return {
    costMetric: costMetricOf(scenario),
    measuredMinutes: measuredMinutes(scenario),
    policies: frontiers.map(({ name, kind, knob, settings }) => ({
      name,
      kind,
      knob,
      points: settings.map((setting) => ({
        value: Number.isNaN(setting.value) ? null : setting.value,
        cost: mean(setting.cost),
        violationRatio: mean(setting.violation),
      })),
    })),
    costAtSlo: MATCHED_VIOLATIONS.map((at) => matchedTable(at, baseline, frontiers, (front) => costAt(front, at))),
    violationAtCost:
      atCost === undefined ? [] : [matchedTable(atCost, baseline, frontiers, (front) => violationAt(front, atCost))],
  };
}

/** The cost at which a policy has 1 % violating minutes. */
function costAtBaseline(baseline: PolicyFrontier): number | undefined {
  return matched([baseline.settings], ([front]) => costAt(front, MATCHED_VIOLATIONS[0]))?.value;
}

/** Every policy at one match, and against the baseline. */
function matchedTable(
  at: number,
  baseline: PolicyFrontier,
  frontiers: readonly PolicyFrontier[],
  read: (front: readonly FrontierPoint[]) => number | undefined,
): MatchedTable {
  return { at, baseline: baseline.name, rows: frontiers.map((frontier) => matchedRow(baseline, frontier, read)) };
}

function matchedRow(
  baseline: PolicyFrontier,
  frontier: PolicyFrontier,
  read: (front: readonly FrontierPoint[]) => number | undefined,
): MatchedRow {
  const value = matched([frontier.settings], ([front]) => read(front)) ?? null;
  if (frontier === baseline) return { policy: frontier.name, value, relative: null, better: null };
  const relative =
    matched([baseline.settings, frontier.settings], ([base, candidate]) => {
      const [from, to] = [read(base), read(candidate)];
      return from === undefined || to === undefined || from === 0 ? undefined : to / from - 1;
    }) ?? null;
  return {
    policy: frontier.name,
    value,
    relative,
    better: relative === null ? null : better(relative.value, relative.halfWidth, true),
  };
}

/** The policy that is cheapest at a share of violating minutes; undefined where none comes there. */
export function bestAt<T extends PolicyFrontier>(frontiers: readonly T[], violation: number): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const frontier of frontiers) {
    const points = frontier.settings.map((one) => ({ cost: mean(one.cost), violation: mean(one.violation) }));
    const cost = costAt(efficient(points), violation);
    if (cost === undefined || cost >= least) continue;
    best = frontier;
    least = cost;
  }
  return best;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
