import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { renderExplanations } from "../../src/cli/explanation-text.js";
import { explain } from "../../src/experiment/explain.js";
import { instantOf } from "../../src/experiment/instant.js";
import { ordinaryScenario, policySpec } from "../world/ordinary-scenario.js";

const EIGHT_MS = 8 * 3_600_000;

function scenario() {
  const base = ordinaryScenario();
  return ordinaryScenario({
    policies: [policySpec("hpa", { targetUtilisation: 0.7 }, { min: 2, max: 40, tickMs: 15_000 })],
    traffic: { ...base.traffic, epochMs: EIGHT_MS },
  });
}

describe("instantOf", () => {
  it("reads a time of day as the first such instant of the run", () => {
    expect(instantOf("09:30", scenario(), "--explain")).toBe(1.5 * 3_600_000);
  });

  it("takes a time of day before the start as one of the next day", () => {
    expect(() => instantOf("07:00", scenario(), "--explain")).toThrow(InputError);
    const long = { ...scenario(), durationMs: 86_400_000 };
    expect(instantOf("07:00", long, "--explain")).toBe(23 * 3_600_000);
  });

  it("reads an ISO instant and a time since the start", () => {
    expect(instantOf("1970-01-01T08:00:10Z", scenario(), "--explain")).toBe(10_000);
    expect(instantOf("90min", scenario(), "--explain")).toBe(5_400_000);
  });

  it.each(["25:00", "noon", "", "11h", "1970-01-03T00:00:00Z"])("refuses %j and says what it expects", (text) => {
    expect(() => instantOf(text, scenario(), "--explain")).toThrow(/--explain: .*expected an? /);
  });
});

describe("explain", () => {
  it("ends with the decision in force at the instant, seen no later than it", async () => {
    const [one] = await explain(scenario(), 3_600_000 + 7_000);
    const last = one.decisions.at(-1);
    expect(last?.atMs).toBe(3_600_000);
    expect(last?.desired).toBe(one.desired);
    expect(last?.reason).not.toBe("");
    expect(one.decisions.map((decision) => decision.atMs)).toEqual(
      one.decisions.map((_, i) => 3_600_000 - (one.decisions.length - 1 - i) * 15_000),
    );
  });

  it("prints the clock of the run, what was seen and the reason", async () => {
    const text = renderExplanations(await explain(scenario(), 3_600_000), EIGHT_MS);
    expect(text).toContain("at 1970-01-01T09:00:00Z");
    expect(text).toMatch(/09:00:00 {2}→ \d+ .*(within-tolerance|target|stabilised|limited).*; saw \d+ open/);
  });
});
