import { InputError, type InputFault } from "../../base/errors.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import { aggressivenessOf } from "../frontier/aggressiveness.js";
import type { JobPoolOptions } from "../job-pool.js";
import { type Baseline, readBaseline, writeBaseline } from "./baseline-file.js";
import type { ScenarioFigures } from "./figures.js";
import { type GateFailure, GateRuns, type GateSubject, readSubjects } from "./gate-run.js";
import type { Regression } from "./regression-file.js";
import { pairedDeviation } from "./row-verdict.js";

/** The new baseline, and the one that it replaced. */
export interface Accepted {
  readonly before: Baseline | undefined;
  readonly now: readonly ScenarioFigures[];
  /** By the scenario's file, if the reason names one. */
  readonly currencies: ReadonlyMap<string, string>;
}

/**
 * Runs all replications of a gate, measures the noise of its rows, and writes the baseline. An
 * unreadable earlier baseline is an error: it is never overwritten. Throws InputError if a policy
 * failed, unless the reason names it.
 */
export async function accept(regression: Regression, reason: string, options: JobPoolOptions): Promise<Accepted> {
  const before = await readBaseline(regression.baseline);
  const subjects = await readSubjects(regression.scenarios, regression.mostTimes);
  const runs = new GateRuns(subjects, options);
  const metrics = [...regression.metrics.keys()];
  const all = subjects.map((_, s) => s);
  for (const stage of ["first", "last"] as const) {
    await runs.upTo(stage, all);
    refuseFailures(runs.failures, reason);
  }
  const now: ScenarioFigures[] = [];
  for (const [s, subject] of subjects.entries()) {
    const figures = runs.figures(s, metrics);
    const policies = [];
    for (const [p, policy] of subject.scenario.policies.entries())
      policies.push({ ...figures.policies[p], noise: await noiseOf(subject, policy, metrics, options) });
    now.push({ ...figures, policies });
  }
  await writeBaseline(regression.baseline, reason, now);
  const currencies = subjects.flatMap(({ gated, scenario: { cost } }) =>
    cost?.currency === undefined ? [] : [[gated.written, cost.currency] as const],
  );
  return { before, now, currencies: new Map(currencies) };
}

/**
 * A policy that failed did not scale its fleet. A baseline of such figures would accept any later
 * failure. If the reason names the policy, they are accepted.
 */
function refuseFailures(failures: readonly GateFailure[], reason: string): void {
  const faults = failures
    .filter(({ policy }) => !namesPolicy(reason, policy))
    .map(({ scenario, policy, first: { message, at } }): InputFault => {
      return {
        code: "HR1716",
        where: at ?? scenario,
        got: `figures of ${policy}, which failed (${message})`,
        expected: "those of a policy that decides",
        remedy: `Mend it; or accept them all the same with a --reason that names ${policy}`,
      };
    });
  const [fault, ...others] = faults;
  if (fault !== undefined) throw new InputError(fault, others);
}

/** Whether the text contains the policy's name as a whole word. */
function namesPolicy(text: string, policy: string): boolean {
  const isWord = (character: string | undefined): boolean => /[\p{L}\p{N}_-]/u.test(character ?? " ");
  for (let at = text.indexOf(policy); at >= 0; at = text.indexOf(policy, at + 1))
    if (!isWord(text[at - 1]) && !isWord(text[at + policy.length])) return true;
  return false;
}

/**
 * The standard deviation of paired differences between two neighbouring settings of the policy's
 * knob, in the middle of its grid. It estimates the effect of a small change of the policy with
 * common random numbers. Empty for a policy without a knob.
 */
async function noiseOf(
  subject: GateSubject,
  policy: PolicySpec,
  metrics: readonly string[],
  options: JobPoolOptions,
): Promise<ReadonlyMap<string, number>> {
  const aggressiveness = aggressivenessOf(policy);
  if (aggressiveness === undefined) return new Map();
  const { classes } = subject.scenario.fleet;
  const slots = classes.reduce((sum, one) => sum + one.slots, 0) / classes.length;
  const middle = Math.floor(aggressiveness.grid.length / 2);
  const policies = [middle - 1, middle].map((i) => aggressiveness.apply(policy, aggressiveness.grid[i], slots));
  const runs = new GateRuns([{ ...subject, scenario: { ...subject.scenario, policies } }], options);
  await runs.upTo("first", [0]);
  const [a, b] = runs.figures(0, metrics).policies.map((one) => one.stages[0].metrics);
  const noise = [...a].flatMap(([metric, figures]) => {
    const other = b.get(metric);
    return other === undefined ? [] : [[metric, Number(pairedDeviation(figures, other).toPrecision(3))] as const];
  });
  return new Map(noise);
}
