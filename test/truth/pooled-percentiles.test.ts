import { describe, expect, it } from "vitest";
import { compareAll } from "../../src/experiment/comparison.js";
import { summarise } from "../../src/experiment/summarise.js";
import type { RunResult } from "../../src/world/run-result.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "../world/written-scenario.js";

function runsOf(scenario: Scenario, policy = 0): RunResult[] {
  return Array.from({ length: scenario.replications }, (_, r) =>
    simulate(scenario, scenario.policies[policy], r, noUserModules),
  );
}

/**
 * P(wait) of M/M/10 at 9 erlang (Erlang C), and the P99 of its waits in ms: ln(C/.01)/(10µ − λ), µ
 * = 1/min.
 */
const ERLANG_C = 0.668732;
const P99_MS = Math.log(ERLANG_C / 0.01) * 60_000;

describe("the P99 of M/M/10 at ρ = .9", () => {
  const scenario = scenarioOf({
    name: "p99",
    seed: 6151,
    duration: "8h",
    warmup: "1h",
    replications: 60,
    traffic: { source: "poisson", rate: "0.15/s" },
    streams: { holding: { kind: "exponential", mean: "1min" } },
    fleet: { streamlet: { slots: 1, spawn: "0s" }, max: 10 },
    policies: [{ kind: "static", count: 10 }],
  });
  const runs = runsOf(scenario);
  const whole = summarise(scenario, "truth", [runs]).policies[0].metrics;

  it("is read from all replications together, where the mean of their own P99 is a fifth too low", () => {
    const own = runs.reduce((sum, { metrics }) => sum + metrics.startLatencyMsP99, 0) / runs.length;
    expect(own / P99_MS).toBeLessThan(0.85);
    // 60 replications: the standard error of the pooled P99 is about 8 %.
    expect(Math.abs(whole.startLatencyMsP99.mean / P99_MS - 1)).toBeLessThan(0.16);
  });

  it("lies in the interval, as do the mean wait and the probability of waiting", () => {
    for (const [metric, truth] of [
      ["startLatencyMsP99", P99_MS],
      ["startLatencyMsMean", ERLANG_C * 60_000],
      ["waitProbability", ERLANG_C],
    ] as const) {
      const { mean, halfWidth } = whole[metric];
      expect(Math.abs(mean - truth), metric).toBeLessThanOrEqual(halfWidth as number);
      expect(halfWidth as number, metric).toBeLessThan(0.6 * truth);
    }
  });

  it("has an interval that holds the truth in most groups of five, which the jackknife's does not", () => {
    let held = 0;
    for (let group = 0; group < 12; group++) {
      const five = runs.slice(group * 5, group * 5 + 5);
      const { startLatencyMsP99 } = summarise(scenario, "truth", [five]).policies[0].metrics;
      if (Math.abs(startLatencyMsP99.mean - P99_MS) <= (startLatencyMsP99.halfWidth as number)) held++;
    }
    // 95 % would be 11.4 of 12; the jackknife's 75 % gives 9.
    expect(held).toBeGreaterThanOrEqual(10);
  });
});

describe("two policies that come to the same cost by another order of sums", () => {
  it("are the same", () => {
    const scenario = scenarioOf({
      name: "rounding",
      seed: 21,
      duration: "70min",
      warmup: "10min",
      replications: 10,
      traffic: { source: "poisson", rate: "20/min" },
      streams: { holding: { kind: "exponential", mean: "1min" } },
      fleet: {
        streamlet: { slots: 4, spawn: { kind: "exponential", mean: "60s" } },
        max: 40,
        restart: { backoff: "0s" },
      },
      faults: { streamletMtbf: "30min" },
      policies: [
        { kind: "static", count: 6, name: "A" },
        {
          kind: "schedule",
          name: "B",
          min: 6,
          otherwise: 6,
          entries: [
            { cron: "1 0 * * *", count: 9 },
            { cron: "4 0 * * *", count: 6 },
          ],
        },
      ],
      cost: { streamletHour: 0.02, hostHour: 0 },
    });
    const [a, b] = [runsOf(scenario, 0), runsOf(scenario, 1)];
    const comparisons = compareAll({ name: "A", runs: a }, [{ name: "B", runs: b }]);
    expect(comparisons.find(({ metric }) => metric === "cost")).toMatchObject({ verdict: "same", better: null });
  });
});
