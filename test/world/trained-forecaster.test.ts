import { describe, expect, it } from "vitest";
import { loadUserModules } from "../../src/experiment/module-file.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
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

  it("sees each day's new models when they are trained, half a minute after the day's last bin", () => {
    const trained = first.trainerEvents.filter((event) => event.kind === "trained");
    expect(trained.map((event) => event.atMs)).toEqual([DAY_MS + 30_000, 2 * DAY_MS + 30_000]);
    expect(trained.every((event) => event.series === scenario.fleet.regions[0].name)).toBe(true);
  });

  it("records each change of the champion with the figures that led to it", () => {
    for (const event of first.trainerEvents) {
      expect(event.champion).not.toBe("");
      expect(event.reason).not.toBe("");
      if (event.kind === "promoted") expect(event.details?.upper).toBeLessThan(1);
    }
  });

  it("gives the same bytes again", () => {
    expect(JSON.stringify(run())).toBe(JSON.stringify(first));
  });

  it("serves nearly everybody: the forecaster is not out of step with the world", () => {
    expect(first.metrics.rejectedRatio + first.metrics.abandonedRatio).toBeLessThan(0.001);
    expect(first.metrics.utilisationMean).toBeGreaterThan(0.3);
  });
});

describe("a fleet with small pools", () => {
  const small = (sharing: boolean, forecaster: string) =>
    scenarioOf({
      name: "small-pools",
      seed: 5,
      duration: "25h",
      warmup: "1h",
      traffic: {
        source: "sinusoid",
        rate: "0.2/s",
        amplitude: 0.8,
        period: "24h",
        history: "14d",
        mix: [
          { region: "eu", format: "mpegts", share: 97 },
          { region: "us", format: "mpegts", share: 3 },
        ],
      },
      streams: { holding: { kind: "exponential", mean: "10min" } },
      fleet: {
        regions: [{ name: "eu" }, { name: "us" }],
        streamlet: { slots: 1, spawn: "2min", formats: ["mpegts"] },
        max: 500,
      },
      policies: [{ kind: "predictive", forecaster, sharing, min: 1, tick: "1min" }],
    });
  const run = (sharing: boolean, forecaster = "ensemble") => {
    const written = small(sharing, forecaster);
    return simulate(written, written.policies[0], 0, noUserModules);
  };

  it("shares the fleet's forecast down to a pool of two requests a bin, unless the scenario says otherwise", () => {
    const shared = run(true);
    const alone = run(false);
    const decided = (result: typeof shared, pool: number) =>
      JSON.stringify(result.decisions.filter((d) => d.pool === pool));
    expect(decided(shared, 1)).not.toBe(decided(alone, 1));
    // The large pool has its own model either way; it may differ only by requests that spill over
    // from a small neighbour.
    expect(shared.metrics.rejectedRatio + shared.metrics.abandonedRatio).toBeLessThan(0.001);
    expect(shared.metrics.streamletHours / alone.metrics.streamletHours).toBeCloseTo(1, 1);
  });

  it("trains the series that forecast: the large pool and the whole fleet, not the small pool", () => {
    const trained = run(true, "trained").trainerEvents.filter((event) => event.kind === "trained");
    expect(new Set(trained.map((event) => event.series))).toEqual(new Set(["eu", "(all)"]));
  });
});

describe("the LSTM as a challenger", () => {
  it("trains on TensorFlow.js, arrives as an event after a modelled minute, and gives the same bytes again", {
    timeout: 120_000,
  }, async () => {
    const written = scenarioOf({
      name: "challenged",
      seed: 3,
      duration: "1h",
      traffic: { source: "sinusoid", rate: "0.2/s", amplitude: 0.7, period: "24h", history: "198h" },
      streams: { holding: { kind: "exponential", mean: "2min" } },
      fleet: { streamlet: { slots: 8, spawn: "30s" }, max: 50 },
      policies: [{ kind: "predictive", forecaster: "trained", challengers: ["lstm"], min: 1, tick: "1min" }],
    });
    const modules = await loadUserModules(written);
    expect([...(modules.forecasters?.keys() ?? [])]).toEqual(["lstm"]);
    const run = () => simulate(written, written.policies[0], 0, modules);
    const first = run();
    expect(first.trainerEvents.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ["started", 0],
      ["trained", 60_000],
    ]);
    // It was not there to be judged at the start.
    expect(Object.keys(first.trainerEvents[0].costs ?? {})).not.toContain("lstm");
    expect(JSON.stringify(run())).toBe(JSON.stringify(first));
  });

  it("is refused under an unknown name, with the names that there are", () => {
    const written = {
      name: "misspelt",
      duration: "1h",
      traffic: { source: "poisson", rate: "1/s" },
      streams: { holding: { kind: "exponential", mean: "1min" } },
      fleet: { streamlet: { slots: 1 }, max: 5 },
      policies: [{ kind: "predictive", forecaster: "trained", challengers: ["lstn"] }],
    };
    expect(() => scenarioOf(written)).toThrow(/challengers.*lstm.*mstl-ets/s);
  });
});
