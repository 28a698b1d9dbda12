import { describe, expect, it } from "vitest";
import { constantLaw } from "../../src/base/distribution.js";
import { simulate } from "../../src/world/simulate.js";
import { withUnit } from "../../src/world/unit.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { ordinaryScenario, policySpec } from "./ordinary-scenario.js";

const scenario = ordinaryScenario({
  durationMs: 2 * 3_600_000,
  warmupMs: 600_000,
  cost: { streamletHour: 1, hostHour: 0 },
  policies: [
    policySpec("static", { count: 20 }),
    policySpec(
      "static",
      { count: 2 },
      { name: "big", unit: { slots: 10, streamletHour: 7, streamletMtbfMs: 600_000 } },
    ),
  ],
});
const [small, big] = scenario.policies.map((policy) => simulate(scenario, policy, 0, noUserModules));

describe("a policy's own unit of capacity", () => {
  it("meets the same arrivals as the others", () => {
    expect(big.metrics.arrivals).toBe(small.metrics.arrivals);
    expect([...big.timeline.arrivals]).toEqual([...small.timeline.arrivals]);
  });

  it("has its own slots, price and failures", () => {
    expect(small.metrics.cost).toBeCloseTo(small.metrics.streamletHours, 9);
    expect(big.metrics.cost).toBeCloseTo(7 * big.metrics.streamletHours, 9);
    expect(small.metrics.crashes).toBe(0);
    expect(big.metrics.crashes).toBeGreaterThan(0);
    // Nine streams on average on two units: a crash hurts several at once.
    expect(big.metrics.streamsHurtPerCrash).toBeGreaterThan(2);
  });

  it("leaves what it does not name as the fleet has it", () => {
    const spawn = { law: constantLaw(5), contention: 0.1 };
    const base = ordinaryScenario();
    const fleet = { ...base.fleet, classes: [{ ...base.fleet.classes[0], spawn, cpu: 3 }] };
    const [one] = withUnit({ ...base, fleet }, scenario.policies[1]).fleet.classes;
    expect([one.slots, one.weight, one.cpu, one.spawn]).toEqual([10, 10, 3, spawn]);
    expect(withUnit(base, scenario.policies[0])).toBe(base);
  });
});
