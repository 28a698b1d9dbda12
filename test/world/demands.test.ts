import { describe, expect, it } from "vitest";
import { SimulatedRun, simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "./written-scenario.js";

/** Two streams per streamlet of one core; each takes that many cores. */
function scenarioWith(cores: number | undefined) {
  const holding = { kind: "exponential", mean: "30s" };
  return scenarioOf({
    name: "demands",
    seed: 5,
    duration: "10min",
    traffic: { source: "poisson", rate: "1/s" },
    streams: cores === undefined ? { holding } : { holding, cpu: { kind: "constant", value: cores } },
    fleet: { streamlet: { slots: 2, cpu: 1, spawn: { kind: "constant", value: "5s" } }, max: 60 },
    policies: [{ kind: "static", count: 30 }],
  });
}

function results(cores: number | undefined) {
  const scenario = scenarioWith(cores);
  return simulate(scenario, scenario.policies[0], 0, noUserModules);
}

/** Whether the traffic is asked to draw demands. */
function drawsDemands(cores: number | undefined): boolean {
  const scenario = scenarioWith(cores);
  let asked: boolean | undefined;
  new SimulatedRun(scenario, scenario.policies[0], noUserModules, {
    traffic: (_scenario, _streams, _scheduler, _stock, _send, readsDemands) => {
      asked = readsDemands;
      return { start: () => undefined };
    },
  });
  return asked === true;
}

describe("demands of streams", () => {
  it("are drawn only where two streams can take more than their streamlet has", () => {
    expect([undefined, 0.4, 0.5, 0.6].map(drawsDemands)).toEqual([false, false, false, true]);
  });

  it("change nothing where they cannot matter, and degrade streams where they can", () => {
    expect(results(0.4)).toEqual(results(undefined));
    const [without, above] = [results(undefined), results(0.6)];
    expect([without.metrics.degradedStreamRatio, above.counts.arrived]).toEqual([0, without.counts.arrived]);
    expect(above.metrics.degradedStreamRatio).toBeGreaterThan(0.1);
  });
});
