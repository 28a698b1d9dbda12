import { describe, expect, it } from "vitest";
import { RecentFits } from "../../src/control/forecast/recent-fits.js";
import { parseScenario } from "../../src/experiment/scenario-file.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";

const TEXT = `
name: shared-fits
seed: 5
duration: 1h
warmup: 0s
traffic: {source: sinusoid, rate: 2/s, amplitude: 0.5, period: 24h, history: 8d}
streams: {holding: {kind: exponential, mean: 2min}}
fleet: {streamlet: {slots: 8, spawn: {kind: constant, value: 20s}}, max: 200}
policies:
  - {kind: predictive, quantile: 0.8}
  - {kind: predictive, name: careful, quantile: 0.99}
`;

describe("runs that share fits", () => {
  it("gives the same result as runs that each fit for themselves, at one fit instead of two", async () => {
    const scenario = await parseScenario("shared-fits.yaml", TEXT);
    const memory = new RecentFits();
    let asked = 0;
    const fits = {
      fit: (...parts: Parameters<RecentFits["fit"]>) => {
        asked++;
        memory.fit(...parts);
      },
    };
    for (const policy of scenario.policies) {
      const alone = simulate(scenario, policy, 0, noUserModules);
      expect(simulate(scenario, policy, 0, noUserModules, { fits })).toEqual(alone);
    }
    expect(asked).toBe(scenario.policies.length);
  });
});
