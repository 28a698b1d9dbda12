import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import { aggressivenessOf } from "../frontier/aggressiveness.js";
import type { JobPoolOptions } from "../job-pool.js";
import { type Baseline, readBaseline, writeBaseline } from "./baseline-file.js";
import type { ScenarioFigures } from "./figures.js";
import { GateRuns, type GateSubject, readSubjects } from "./gate-run.js";
import type { Regression } from "./regression-file.js";
import { pairedDeviation } from "./row-verdict.js";

/** What became the baseline, and what it replaced. */
export interface Accepted {
  readonly before: Baseline | undefined;
  readonly now: readonly ScenarioFigures[];
}

/**
 * Runs all replications of a gate, measures the noise of its rows, and writes the baseline. An
 * unreadable earlier baseline is an error: it is never overwritten unseen.
 */
export async function accept(regression: Regression, reason: string, options: JobPoolOptions): Promise<Accepted> {
  const before = await readBaseline(regression.baseline);
  const subjects = await readSubjects(regression.scenarios, regression.mostTimes);
  const runs = new GateRuns(subjects, options);
  const metrics = [...regression.metrics.keys()];
  await runs.upTo(
    "last",
    subjects.map((_, s) => s),
  );
  const now: ScenarioFigures[] = [];
  for (const [s, subject] of subjects.entries()) {
    const figures = runs.figures(s, metrics);
    const policies = [];
    for (const [p, policy] of subject.scenario.policies.entries())
      policies.push({ ...figures.policies[p], noise: await noiseOf(subject, policy, metrics, options) });
    now.push({ ...figures, policies });
  }
  await writeBaseline(regression.baseline, reason, now);
  return { before, now };
}

/**
 * The standard deviation of paired differences between two neighbouring settings of the policy's
 * knob, in the middle of its grid: the effect of a small change of a policy on common random
 * numbers. Empty for a policy without a knob.
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
