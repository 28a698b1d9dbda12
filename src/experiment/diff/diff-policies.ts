import { basename } from "node:path";
import { InputError } from "../../base/errors.js";
import { metricNames } from "../../world/metric-table.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { partsBetween, stepOf } from "../check/compare-figures.js";
import { divergingHour, firstDivergence } from "../check/divergence.js";
import type { PolicyFigures } from "../check/figures.js";
import { GateRuns } from "../check/gate-run.js";
import { MOST_KEPT } from "../check/kept-decision.js";
import { judgeRows } from "../check/row-verdict.js";
import { worldHash } from "../check/world-hash.js";
import type { JobPoolOptions } from "../job-pool.js";
import { readScenario } from "../scenario-file.js";
import type { DiffDocument, DiffRow, DiffWord, ReasonCount } from "./diff-document.js";

/** 5 % over the whole table. */
const ALPHA = 0.05;

/**
 * Compares two versions of a policy (module files, or built-in kinds) on the same replications of
 * a scenario. Both get the knobs of the version that the scenario names. Throws InputError for
 * one replication. A policy that failed gets no verdict: nothing scaled its fleet.
 */
export async function diffPolicies(
  scenarioFile: string,
  a: string,
  b: string,
  options: JobPoolOptions,
): Promise<DiffDocument> {
  const read = await readScenario(scenarioFile, { policies: a === b ? [a] : [a, b] });
  if (read.replications < 2) {
    throw new InputError({
      code: "HR1703",
      where: scenarioFile,
      got: "1 replication",
      expected: "at least 2, to tell a difference from noise",
      remedy: "Give replications: 10",
    });
  }
  const scenario = await withKnobsOfFile(scenarioFile, read, a, b);
  const subject = {
    gated: { written: scenarioFile, file: scenarioFile, policies: undefined, replications: undefined },
    scenario,
    world: worldHash(scenario),
    first: scenario.replications,
    last: scenario.replications,
  };
  const runs = new GateRuns([subject], options);
  await runs.upTo("first", [0]);
  const { policies, pools } = runs.figures(0, metricNames);
  const [before, now] = [policies[0], policies[policies.length - 1]];
  const found = firstDivergence(before.kept, now.kept, MOST_KEPT);
  const rows = rowsOf(before, now);
  const apart = before.decisions.filter((hash, r) => hash !== now.decisions[r]).length;
  return {
    kind: "policies",
    a,
    b,
    noise: "paired replications",
    rows: runs.failures.length === 0 ? rows : rows.map((row) => ({ ...row, word: "cannot tell" })),
    firstDivergence: found === undefined ? null : { ...found, pool: pools[found.pool] },
    paths: [
      { what: "streamlets", a: before.streamletsByHour, b: now.streamletsByHour },
      { what: "waiting", a: before.waitingByHour, b: now.waitingByHour },
      { what: "violating minutes", a: before.violatingByHour, b: now.violatingByHour },
    ],
    reasons: reasonCounts(before, now),
    notes: [
      ...runs.failures.map(({ policy, first }) => `${policy} failed (${first.message}), so there is no verdict`),
      `${apart} of ${scenario.replications} replications decide otherwise`,
      ...hourNote(divergingHour(before, now)),
      "Decisions and paths by hour are those of replication 0",
    ],
  };
}

/**
 * A module that the scenario does not name gets the knobs of the scenario's module with the same
 * file name.
 */
async function withKnobsOfFile(file: string, scenario: Scenario, a: string, b: string): Promise<Scenario> {
  const written = await readScenario(file);
  const given = (path: string): PolicySpec | undefined =>
    written.policies.find((policy) => policy.module !== undefined && basename(policy.module) === basename(path));
  const donor = given(b) ?? given(a);
  const policies = scenario.policies.map((policy, i) => {
    const side = i === 0 ? "a" : "b";
    const label = scenario.policies.length === 1 ? policy.name : `${side}: ${policy.name}`;
    if (policy.module === undefined || donor === undefined) return { ...policy, name: label };
    return { ...donor, kind: policy.kind, module: policy.module, name: label };
  });
  return { ...scenario, policies };
}

function rowsOf(before: PolicyFigures, now: PolicyFigures): DiffRow[] {
  const [a, b] = [before.stages[0].metrics, now.stages[0].metrics];
  const shared = metricNames.filter((metric) => a.has(metric) && b.has(metric));
  const { replications } = before.stages[0];
  const partsOf = partsBetween(before, now, replications);
  const evidence = shared.map((metric) => ({
    parts: partsOf(metric),
    before: a.get(metric) ?? never(metric),
    now: b.get(metric) ?? never(metric),
    tolerance: { kind: "absolute", amount: 0 } as const,
    lowerIsBetter: true,
    sameDecisions: false,
    step: stepOf(metric, [before, now], replications),
    noise: undefined,
  }));
  return judgeRows(evidence, ALPHA).map(({ verdict, delta, halfWidth }, i) => ({
    policy: now.name,
    metric: shared[i],
    a: evidence[i].before.mean,
    b: evidence[i].now.mean,
    delta,
    halfWidth,
    word: verdict === "same" || verdict === "identical" ? "same" : wordOf(verdict),
  }));
}

function wordOf(verdict: "improved" | "regressed" | "cannot-tell"): DiffWord {
  return verdict === "cannot-tell" ? "no difference shown" : "differs";
}

function never(metric: string): never {
  throw new RangeError(`${metric} was there a moment ago`);
}

/** Reasons of decisions that changed something, those with the largest difference first. */
function reasonCounts(before: PolicyFigures, now: PolicyFigures): ReasonCount[] {
  const counts = new Map<string, { a: number; b: number }>();
  for (const [side, list] of [
    ["a", before.kept],
    ["b", now.kept],
  ] as const) {
    for (const { reason, refusal } of list) {
      const name = refusal === "" ? reason : `${reason} (${refusal})`;
      const count = counts.get(name) ?? { a: 0, b: 0 };
      count[side]++;
      counts.set(name, count);
    }
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, ...count }))
    .sort((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a) || (x.reason < y.reason ? -1 : 1));
}

function hourNote(hour: number | undefined): string[] {
  return hour === undefined ? [] : [`Replication 0 first decides otherwise in hour ${hour}`];
}
