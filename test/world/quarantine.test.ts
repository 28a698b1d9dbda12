import { describe, expect, it } from "vitest";
import type { RunResult } from "../../src/world/run-result.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "./written-scenario.js";

/**
 * Streamlets that live for two minutes under streams that hold for twenty: each stream meets ten
 * crashes.
 */
function crashing(gateway: object): RunResult {
  const scenario = scenarioOf({
    name: "crashing",
    duration: "2h",
    traffic: { source: "poisson", rate: "1/min" },
    streams: { holding: { kind: "constant", value: "20min" } },
    reconnect: { backoff: "1s", factor: 2, max: "30s", attempts: 50 },
    fleet: { streamlet: { slots: 1, spawn: { kind: "constant", value: "1s" } }, max: 100 },
    faults: { streamletMtbf: "2min" },
    gateway,
    policies: [{ kind: "static", count: 60 }],
  });
  return simulate(scenario, scenario.policies[0], 0, noUserModules);
}

describe("the quarantine in a simulated world", () => {
  it("refuses reconnections of streams whose streamlets died too often within the window, and no first attempt", () => {
    const held = crashing({ quarantine: { deaths: 3, window: "1h", hold: "1h" } });
    expect(held.rejections.quarantined).toBeGreaterThan(50);
    expect(held.metrics.rejectedRatio).toBe(0);
    expect(crashing({}).rejections).toEqual({});
  });

  it("holds no stream where the deaths are rarer than its window", () => {
    expect(crashing({ quarantine: { deaths: 3, window: "1ms" } }).rejections).toEqual({});
  });
});
