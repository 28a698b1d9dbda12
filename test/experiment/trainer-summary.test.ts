import { describe, expect, it } from "vitest";
import { resultSchema } from "../../src/experiment/result-schema.js";
import { summarise } from "../../src/experiment/summarise.js";
import { trainerSummaries } from "../../src/experiment/trainer-summary.js";
import type { TrainerEvent } from "../../src/ports/training.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "../world/written-scenario.js";

const event = (kind: TrainerEvent["kind"], over: Partial<TrainerEvent> = {}): TrainerEvent => ({
  atMs: 0,
  series: "eu",
  kind,
  champion: "ensemble",
  reason: "r",
  ...over,
});

describe("the summary of a trainer's events", () => {
  it("counts by series, keeps each change with its figures, and the latest costs", () => {
    const summaries = trainerSummaries([
      event("started", { costs: { ensemble: 1, "last-value": 2 } }),
      event("started", { series: "us", reason: "no-backtest", costs: {} }),
      event("trained", { atMs: 5, costs: { ensemble: 3, "last-value": 2 } }),
      event("outage", { atMs: 6, series: "us" }),
      event("training-failed", { atMs: 7 }),
      event("demoted", { atMs: 8, champion: "last-value", reason: "why", details: { cost: 3 } }),
      event("drift", { atMs: 9, champion: "last-value" }),
    ]);
    expect(summaries).toEqual([
      {
        series: "eu",
        startedWith: "ensemble",
        champion: "last-value",
        trainings: 1,
        failedTrainings: 1,
        drifts: 1,
        outages: 0,
        costs: { ensemble: 3, "last-value": 2 },
        changes: [{ atMs: 8, kind: "demoted", champion: "last-value", reason: "why", details: { cost: 3 } }],
      },
      {
        series: "us",
        startedWith: "ensemble",
        champion: "ensemble",
        trainings: 0,
        failedTrainings: 0,
        drifts: 0,
        outages: 1,
        costs: {},
        changes: [],
      },
    ]);
  });

  it("stands in the result of a policy whose forecaster was trained, and of no other, as the schema says", () => {
    const scenario = scenarioOf({
      name: "trainers",
      seed: 3,
      replications: 1,
      duration: "25h",
      traffic: { source: "sinusoid", rate: "0.2/s", amplitude: 0.7, period: "24h", history: "14d" },
      streams: { holding: { kind: "exponential", mean: "2min" } },
      fleet: { streamlet: { slots: 8, spawn: "30s" }, max: 50 },
      policies: [
        { kind: "predictive", name: "plain", min: 1, tick: "1min" },
        { kind: "predictive", name: "trained", forecaster: "trained", min: 1, tick: "1min" },
      ],
    });
    const runs = scenario.policies.map((policy) => [simulate(scenario, policy, 0, noUserModules)]);
    const document = resultSchema.parse(summarise(scenario, "0.0.0", runs));
    expect(document.policies[0].trainers).toBeUndefined();
    const [trainer] = document.policies[1].trainers ?? [];
    expect(trainer).toMatchObject({ series: scenario.fleet.regions[0].name, startedWith: "ensemble", trainings: 1 });
    // The candidates that shadow are scored beside the one that serves.
    expect(Object.keys(trainer.costs).sort()).toEqual([
      "ensemble",
      "last-value",
      "seasonal-naive-day",
      "seasonal-naive-week",
    ]);
  });
});
