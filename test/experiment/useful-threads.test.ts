import { expect, it } from "vitest";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { usefulThreads } from "../../src/experiment/useful-threads.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";

const HOUR_MS = 3_600_000;

function mm10(): Promise<Scenario> {
  return readScenario("scenarios/mm10.yaml");
}

/** That many runs of a policy of the scenario. */
function runs(scenario: Scenario, count: number, policy = 0): { scenario: Scenario; policy: number }[] {
  return Array.from({ length: count }, () => ({ scenario, policy }));
}

it("starts one thread for the five short runs of mm10: a second one takes longer to start than they do", async () => {
  expect(usefulThreads(runs(await mm10(), 5))).toBe(1);
});

it("starts more threads as arrivals, decisions or runs become more", async () => {
  const scenario = await mm10();
  // 2 × 0.15/s × 8 h = 8,640 events, and 1,920 decisions that count as 15 events each.
  expect(usefulThreads(runs(scenario, 100))).toBe(Math.ceil((100 * (8640 + 1920 * 15)) / 500_000));
  const busy = {
    ...scenario,
    traffic: { ...scenario.traffic, source: { kind: "poisson", ratePerSecond: 100 } as const },
  };
  expect(usefulThreads(runs(busy, 1))).toBe(12);
  const policies = scenario.policies.map((one) => ({ ...one, tickMs: 100 }));
  expect(usefulThreads(runs({ ...scenario, policies, durationMs: 8 * HOUR_MS }, 1))).toBe(9);
  const idle = scenario.policies.map((one) => ({ ...one, tickMs: Number.POSITIVE_INFINITY }));
  expect(usefulThreads(runs({ ...scenario, policies: idle }, 58))).toBe(2);
});

it("leaves no core idle where a policy forecasts or a module of the user's runs", async () => {
  const scenario = await mm10();
  const [spec] = scenario.policies;
  const withPolicy = (more: object): Scenario => ({ ...scenario, policies: [{ ...spec, ...more }] });
  expect(usefulThreads(runs(withPolicy({ kind: "predictive" }), 1))).toBe(Number.POSITIVE_INFINITY);
  expect(usefulThreads(runs(withPolicy({ kind: "./mine.ts", module: "/mine.ts" }), 1))).toBe(Number.POSITIVE_INFINITY);
  const balancer = { ...scenario.balancer, module: "/mine.ts" };
  expect(usefulThreads(runs({ ...scenario, balancer }, 1))).toBe(Number.POSITIVE_INFINITY);
});
