import { describe, expect, it } from "vitest";
import { noUserModules } from "../../src/world/build-control.js";
import { simulate } from "../../src/world/simulate.js";
import { scenarioOf } from "./written-scenario.js";

const DAY_MS = 86_400_000;

const scenario = scenarioOf({
  name: "trained",
  seed: 3,
  duration: "3d",
  warmup: "1h",
  traffic: { source: "sinusoid", rate: "0.2/s", amplitude: 0.7, period: "24h", history: "14d" },
  streams: { holding: { kind: "exponential", mean: "2min" } },
  fleet: { streamlet: { slots: 8, spawn: "30s" }, max: 50 },
  policies: [{ kind: "predictive", forecaster: "trained", min: 1, tick: "1min" }],
});

describe("a predictive policy with a trained forecaster", () => {
  const run = () => simulate(scenario, scenario.policies[0], 0, noUserModules);
  const first = run();

  it("sees each day's new models when their training has taken its time, half a minute after the day's last bin", () => {
    const trained = first.trainerEvents.filter((event) => event.kind === "trained");
    expect(trained.map((event) => event.atMs)).toEqual([DAY_MS + 30_000, 2 * DAY_MS + 30_000]);
    expect(trained.every((event) => event.series === scenario.fleet.regions[0].name)).toBe(true);
  });

  it("keeps a champion for a reason: every change of it is on record with the figures that led to it", () => {
    for (const event of first.trainerEvents) {
      expect(event.champion).not.toBe("");
      expect(event.reason).not.toBe("");
      if (event.kind === "promoted") expect(event.details?.upper).toBeLessThan(1);
    }
  });

  it("comes to the same bytes again", () => {
    expect(JSON.stringify(run())).toBe(JSON.stringify(first));
  });

  it("serves nearly everybody: the forecaster is not out of step with the world", () => {
    expect(first.metrics.rejectedRatio + first.metrics.abandonedRatio).toBeLessThan(0.001);
    expect(first.metrics.utilisationMean).toBeGreaterThan(0.3);
  });
});
