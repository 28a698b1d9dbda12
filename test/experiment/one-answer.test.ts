import { beforeAll, describe, expect, it } from "vitest";
import { renderTable } from "../../src/cli/result-table.js";
import { GateRuns } from "../../src/experiment/check/gate-run.js";
import { worldHash } from "../../src/experiment/check/world-hash.js";
import { diffResults } from "../../src/experiment/diff/diff-results.js";
import { type FinishedExperiment, runExperiment } from "../../src/experiment/experiment.js";
import { settingOf, sweepFrontiers } from "../../src/experiment/frontier/frontier.js";
import { frontierDocument } from "../../src/experiment/frontier/frontier-document.js";
import { parseScenario } from "../../src/experiment/scenario-file.js";
import { assertSlo } from "../../src/experiment/slo-verdict.js";
import { figuresOf } from "../../src/experiment/sweep/analyse.js";
import { compare } from "../../src/index.js";
import { comparisonGroups } from "../../src/report/comparison-table.js";
import { metricFacts, shownValue } from "../../src/report/numbers.js";
import { simulationAnswer } from "../../src/report/simulation-answer.js";
import { armsTable } from "../../src/report/study-tables.js";
import { metricNames } from "../../src/world/metric-table.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";

/**
 * The first requests take every slot for the whole run (they hold it for ten hours), and each
 * later one waits 30 s in vain. So the results are known: each streamlet is paid for the measured
 * hour and 45 minutes, and each of the 106 minutes that this window touches (0:14:30 to 1:59:30)
 * has requests that waited in vain.
 */
const world = `name: full
seed: 5
duration: 119.5min
warmup: 14.5min
replications: 4
traffic: {source: poisson, rate: 0.3/s}
streams: {holding: {kind: constant, value: 10h}, patience: {kind: constant, value: 30s}}
fleet: {streamlet: {slots: 2, spawn: {kind: constant, value: 0s}}, max: 20}
policies: [{kind: static, name: two, count: 2}, {kind: static, name: three, count: 3}]
slo: {startLatencyP99: 10s, abandonedRatio: 0.5, violatingMinutes: 5%}
cost: {streamletHour: 2}
`;
const HOURS = 1.75;
const MINUTES = 106;

/**
 * Whether a text such as "−1,234.5 ± 0.6" is this number: to half its last digit, and to a 20th
 * of its half width, which has two digits.
 */
function expectShown(text: string, value: number, metric: string): void {
  const [mean, halfWidth = "0"] = text.replaceAll(",", "").replaceAll("−", "-").split(" ± ");
  const digits = /\.(\d+)/.exec(mean)?.[1].length ?? 0;
  const width = 0.5 * Number(`1e-${digits}`) + Number.parseFloat(halfWidth) / 20;
  expect(Math.abs(Number(mean) - value), `${metric}: ${text} for ${value}`).toBeLessThanOrEqual(width + 1e-9);
}

describe("every statement about a run gives one number and one word", () => {
  let scenario: Scenario;
  let experiment: FinishedExperiment;
  let metrics: FinishedExperiment["document"]["policies"][number]["metrics"][];
  beforeAll(async () => {
    scenario = await parseScenario("full.yaml", world);
    experiment = await runExperiment(scenario, { threads: 0 });
    metrics = experiment.document.policies.map((policy) => policy.metrics);
  });

  it("simulate: what is known of this world", () => {
    expect(metrics.map(({ cost }) => [cost.mean, cost.halfWidth])).toEqual([
      [expect.closeTo(2 * 2 * HOURS, 9), expect.closeTo(0, 9)],
      [expect.closeTo(3 * 2 * HOURS, 9), expect.closeTo(0, 9)],
    ]);
    expect(metrics.map((of) => of.sloViolationMinutes.mean)).toEqual([MINUTES, MINUTES]);
    expect(metrics.map((of) => of.utilisationMean.mean)).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
  });

  it("--frontier and study", async () => {
    const { runs } = experiment;
    // The frontier: at 1 the knob of a static policy is the scenario's own count.
    const frontiers = await sweepFrontiers(scenario, { threads: 0 });
    const frontier = frontierDocument(scenario, frontiers);
    expect(frontier.measuredMinutes).toBe(MINUTES);
    frontier.policies.forEach(({ points }, p) => {
      const own = points.find(({ value }) => value === 1);
      expect(own).toEqual({ value: 1, cost: metrics[p].cost.mean, violationRatio: 1 });
    });
    expect(frontier.costAtSlo[0].rows.map(({ value }) => value)).toEqual([null, null]);
    // The study reads its settings as the frontier does.
    expect(frontiers[1].settings).toContainEqual(
      settingOf(
        scenario,
        1,
        runs[1].map((run) => ({ ...run, wallMs: 0 })),
      ),
    );
    const arms = armsTable({
      key: "k",
      title: "t",
      spawn: "s",
      verdicts: [],
      frontiers: frontiers.map((one) => ({ ...one, arm: { name: one.name } })) as never,
    });
    // No setting comes down to 1 % of violating minutes.
    expect(arms.rows.map((row) => row.slice(1, 3))).toEqual([
      ["–", "–"],
      ["–", "–"],
    ]);
    for (const row of arms.rows) expect(row.at(-1)).toContain("1 (100 %)");
  });

  it("--assert-slo", () => {
    const { document, runs } = experiment;
    // --assert-slo. 0 of 4: the exact interval ends at 1 − 0.025^(1/4) = 60 %.
    expect(document.policies[0].slo).toMatchObject({ met: 0, of: 4, low: 0, high: expect.closeTo(0.602, 3) });
    const asserted = assertSlo(scenario, document, runs, "met");
    expect(asserted.holds).toBe(false);
    const abandoned = Math.max(...runs[0].map((run) => run.metrics.abandonedRatio));
    expect(asserted.lines.slice(0, 4)).toEqual([
      "two: SLO met in 0 of 4 replications (0–60 %); 95 % of replications must meet it",
      expect.stringMatching(/^ {2}waits above 10000 ms too frequent in 4 of 4: up to 100 %, 1 % allowed/),
      `  abandonedRatio too large in 4 of 4: up to ${Number((100 * abandoned).toPrecision(4))} %, 50 % allowed`,
      "  violating minutes too frequent in 4 of 4: up to 100 %, 5 % allowed",
    ]);
  });

  it("check", async () => {
    // check: the same figures, to the digits of their intervals.
    const gated = { written: "full.yaml", file: "full.yaml", policies: undefined, replications: undefined };
    const gate = new GateRuns([{ gated, scenario, world: worldHash(scenario), first: 4, last: 4 }], { threads: 0 });
    await gate.upTo("first", [0]);
    gate.figures(0, metricNames).policies.forEach(({ stages }, p) => {
      for (const [metric, { mean }] of stages[0].metrics) {
        const { halfWidth, mean: simulated } = metrics[p][metric];
        expect(Math.abs(mean - simulated), metric).toBeLessThanOrEqual(
          0.005 * (halfWidth ?? 0) + 1e-9 * Math.abs(simulated),
        );
      }
      expect([...stages[0].metrics.keys()].sort()).toEqual(Object.keys(metrics[p]).sort());
    });
    expect(gate.sloFailures(false).map(({ met, of }) => [met, of])).toEqual([
      [0, 4],
      [0, 4],
    ]);
  });

  it("sweep", () => {
    const { document, runs } = experiment;
    // A sweep of one point.
    const records = runs.map((some) => some.map(({ metrics: of, slo }) => ({ metrics: of, met: slo?.met ?? null })));
    const point: never[] = [];
    const [figures] = figuresOf([{ point, policy: "two", scenario, runs: records[0] }] as never);
    expect([figures.cost.mean, figures.slo]).toEqual([metrics[0].cost.mean, document.policies[0].slo]);
  });

  it("the report's table, for each metric of result.json", () => {
    const { document } = experiment;
    const rows = comparisonGroups(document).flatMap((group) => group.rows);
    expect(rows.map(({ metric }) => metric).sort()).toEqual(Object.keys(metrics[0]).sort());
    for (const { metric, baseline, candidates } of rows) {
      const facts = metricFacts(metric);
      const number = (value: number): number => shownValue(value, facts);
      expectShown(baseline.replace("≥ ", ""), number(metrics[0][metric].mean), metric);
      expectShown(candidates[0].value.replace("≥ ", ""), number(metrics[1][metric].mean), metric);
      const paired = document.comparisons.find((one) => one.metric === metric);
      const [difference] = candidates[0].difference.split(" (");
      expectShown(difference.replace("+", ""), number(paired?.delta ?? Number.NaN), metric);
      const words: Record<string, RegExp> = { better: /^better/, worse: /^worse/ };
      const word = words[paired?.verdict ?? ""] ?? /^(?!better|worse)/;
      expect(candidates[0].word, metric).toMatch(word);
    }
  });

  it("the terminal's table has the report's numbers", () => {
    const { document } = experiment;
    const rows = comparisonGroups(document).flatMap((group) => group.rows);
    const lines = renderTable(document)
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    const shown = rows.flatMap((row) => {
      const name = row.unit === "" ? row.label : `${row.label} (${row.unit})`;
      return lines.filter(([label]) => label === name).map((cells) => ({ row, cells }));
    });
    expect(shown.length).toBeGreaterThanOrEqual(12);
    for (const { row, cells } of shown)
      expect(cells.slice(1, 3), row.metric).toEqual([row.baseline, row.candidates[0].value]);
  });

  it("the first screen of the report has the money of a month", () => {
    const text = simulationAnswer(experiment.document, scenario).figures?.source ?? "";
    // 2 and 3 streamlets at 2 an hour each, for 365.25 / 12 days.
    for (const month of ["2,922", "4,383"]) expect(text).toContain(month);
    expect(text.match(/0 of 4/g)).toHaveLength(2);
  });

  it("diff and compare()", () => {
    const { document } = experiment;
    // The numbers of each, and a word that agrees with that of simulate.
    const [two, three] = document.policies.map((policy) => ({
      ...document,
      policies: [{ ...policy, name: "same" }],
      comparisons: [],
    }));
    expect(compare(two, three)).toEqual(diffResults("a", two, "b", three));
    for (const row of diffResults("a", two, "b", three).rows) {
      expect([row.a, row.b], row.metric).toEqual([metrics[0][row.metric].mean, metrics[1][row.metric].mean]);
      const paired = document.comparisons.find(({ metric }) => metric === row.metric);
      expect(row.delta, row.metric).toBeCloseTo(paired?.delta ?? Number.NaN, 9);
      if (paired?.verdict === "same") expect(row.word, row.metric).not.toBe("differs");
    }
    const cost = document.comparisons.find(({ metric }) => metric === "cost");
    expect([cost?.verdict, cost?.delta]).toEqual(["worse", expect.closeTo(2 * HOURS, 9)]);
  });
});
