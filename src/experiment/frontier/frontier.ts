import { InputError } from "../../base/errors.js";
import { mean } from "../../base/statistics.js";
import { judgedMinutes } from "../../world/recorder/slo-minutes.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { type MetricRun, type MetricRunOptions, runMetrics } from "../metric-runs.js";
import type { KeptRun } from "../run-store.js";
import { type Aggressiveness, aggressivenessOf } from "./aggressiveness.js";
import { costAtViolation, type Setting } from "./matched.js";
import { valuesToTry, type WantedMatches } from "./refine.js";

/** The shares of violating minutes at which costs are compared. */
export const MATCHED_VIOLATIONS: readonly number[] = [0.01, 0.001];
/**
 * How often the gap around a match may be halved: to 1/256 of the distance between two values of
 * the grid.
 */
const MOST_BISECTIONS = 8;

/** A policy's settings, each with its outcome in every replication. */
export interface PolicyFrontier {
  readonly name: string;
  readonly kind: string;
  /** null = the kind has no knob to sweep. */
  readonly knob: string | null;
  readonly settings: readonly Setting[];
}

/**
 * A policy's knob and the values that are always tried, from least to most capacity; a single NaN
 * without a knob.
 */
export function gridOf(policy: PolicySpec): { readonly knob: string | null; readonly values: readonly number[] } {
  const aggressiveness = aggressivenessOf(policy);
  return aggressiveness === undefined
    ? { knob: null, values: [Number.NaN] }
    : { knob: aggressiveness.knob, values: aggressiveness.grid };
}

/** The policy with its knob at a value; unchanged without a knob. */
export function withSetting(scenario: Scenario, policy: PolicySpec, value: number): PolicySpec {
  const aggressiveness: Aggressiveness | undefined = aggressivenessOf(policy);
  if (aggressiveness === undefined) return policy;
  const { classes } = scenario.fleet;
  return aggressiveness.apply(policy, value, mean(classes.map((one) => one.slots)));
}

/** Whether two values of the knob give the same policy, as fractions of a count may. */
function isSameSetting(scenario: Scenario, policy: PolicySpec, values: readonly [number, number]): boolean {
  const [one, other] = values.map((value) => JSON.stringify(withSetting(scenario, policy, value)));
  return one === other;
}

/**
 * Runs each value of each policy's grid in all replications. Then it halves the gaps around the
 * shares of violating minutes in `matches` (and around the cost at which the first policy has the
 * first of them) until the frontier can be interpolated there, at most eight times.
 */
export async function sweepFrontiers(
  scenario: Scenario,
  options: MetricRunOptions = {},
  matches: readonly number[] = MATCHED_VIOLATIONS,
): Promise<PolicyFrontier[]> {
  if (scenario.slo === undefined) {
    throw new InputError({
      code: "HR1209",
      where: "--frontier",
      got: "a scenario without slo",
      expected: "slo, such as {startLatencyP99: 200ms}",
    });
  }
  const { policies } = scenario;
  const progress = (from: number, to: number) => (share: number) => options.onProgress?.(from + share * (to - from));
  let values: readonly (readonly number[])[] = policies.map((policy) => gridOf(policy).values);
  let frontiers: PolicyFrontier[] = policies.map((policy) => ({
    name: policy.name,
    kind: policy.kind,
    knob: gridOf(policy).knob,
    settings: [],
  }));
  for (let round = 0; round <= MOST_BISECTIONS && values.some((some) => some.length > 0); round++) {
    // Each round is about half of what was left.
    const onProgress = progress(1 - 2 ** -round, 1 - 2 ** -(round + 1));
    const runs = await runSettings(scenario, values, { ...options, onProgress });
    frontiers = frontiers.map((frontier, p) => ({
      ...frontier,
      settings: byGrid(policies[p], [...frontier.settings, ...runs[p]]),
    }));
    const wanted = wantedMatches(frontiers[0], matches);
    values = frontiers.map(({ settings }, p) => {
      const isSame = (a: number, b: number): boolean => isSameSetting(scenario, policies[p], [a, b]);
      return valuesToTry(settings, wanted, isSame);
    });
  }
  options.onProgress?.(1);
  return frontiers;
}

function wantedMatches(baseline: PolicyFrontier, violations: readonly number[]): WantedMatches {
  const cost = costAtViolation(baseline.settings, violations[0])?.value;
  return cost === undefined ? { violations } : { violations, cost };
}

/** From thrifty to generous, as the knob's grid goes. */
function byGrid(policy: PolicySpec, settings: readonly Setting[]): Setting[] {
  const { values } = gridOf(policy);
  const sign = values[values.length - 1] < values[0] ? -1 : 1;
  return settings.toSorted((a, b) => sign * (a.value - b.value));
}

/** Every value of every policy in all replications. */
async function runSettings(
  scenario: Scenario,
  values: readonly (readonly number[])[],
  options: MetricRunOptions,
): Promise<Setting[][]> {
  const runs: MetricRun[] = [];
  const places = values.map((some) => some.map((): number[] => []));
  const specs = scenario.policies.map((policy, p) => values[p].map((value) => withSetting(scenario, policy, value)));
  for (let replication = 0; replication < scenario.replications; replication++) {
    specs.forEach((some, p) => {
      some.forEach((policy, v) => {
        places[p][v].push(runs.length);
        runs.push({ scenario, policy, replication });
      });
    });
  }
  const kept = await runMetrics(runs, options);
  return values.map((some, p) =>
    some.map((value, v) =>
      settingOf(
        scenario,
        value,
        places[p][v].map((i) => kept[i]),
      ),
    ),
  );
}

/** A setting's costs and shares of violating minutes in the measured window, by replication. */
export function settingOf(scenario: Scenario, value: number, runs: readonly KeptRun[]): Setting {
  const metric = costMetricOf(scenario);
  const minutes = judgedMinutes(scenario);
  const oracleCost = runs.flatMap((run) => run.sums.oracleCost ?? []);
  const failed = runs.flatMap((run) => run.failedDecisions ?? []);
  return {
    value,
    cost: runs.map((run) => run.metrics[metric]),
    violation: runs.map((run) => run.metrics.sloViolationMinutes / minutes),
    ...(oracleCost.length === runs.length ? { oracleCost } : {}),
    ...(failed.length === 0 ? {} : { failedDecisions: Math.max(...failed) }),
  };
}

export function costMetricOf(scenario: Scenario): "cost" | "streamletHours" {
  return scenario.cost === undefined ? "streamletHours" : "cost";
}

/** The cheapest policy at a share of violating minutes; undefined if none reaches it. */
export function bestAt<T extends PolicyFrontier>(frontiers: readonly T[], violation: number): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const frontier of frontiers) {
    const cost = costAtViolation(frontier.settings, violation)?.value;
    if (cost === undefined || cost >= least) continue;
    best = frontier;
    least = cost;
  }
  return best;
}
