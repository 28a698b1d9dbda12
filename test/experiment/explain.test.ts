import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { renderExplanations } from "../../src/cli/explanation-text.js";
import { explain } from "../../src/experiment/explain.js";
import { instantOf, spanOf } from "../../src/experiment/instant.js";
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

describe("spanOf", () => {
  it("reads times in a zone that stands behind them", () => {
    const at = (text: string): number => spanOf(text, scenario(), "--explain").fromMs;
    expect(at("10:30 +01:00")).toBe(at("09:30"));
    expect(at("10:30+01:00")).toBe(at("09:30"));
    // In January Berlin is an hour ahead; in 1970 it was, too.
    expect(at("10:30 Europe/Berlin")).toBe(at("09:30"));
    expect(at("1970-01-01T10:30:00 Europe/Berlin")).toBe(at("09:30"));
    expect(at("1970-01-01T09:30:00Z")).toBe(at("09:30"));
  });

  it("reads two times as a range, in the zone behind both", () => {
    const { fromMs, toMs, zone } = spanOf("10:00..10:30 Europe/Berlin", scenario(), "--explain");
    expect([fromMs, toMs, zone.name]).toEqual([3_600_000, 5_400_000, "Europe/Berlin"]);
  });

  it.each(["09:00-09:30", "19:30-19:45"])(
    "refuses %j, which is a range to a reader, and says how to write it",
    (text) => {
      const [from, to] = text.split("-");
      expect(() => spanOf(text, scenario(), "--explain")).toThrow(`expected "${from}..${to}" for the range`);
    },
  );

  it.each(["09:30..09:00", "09:00..09:10..09:20", "09:00 Mars/Olympus", "..", "09:00..", "09:00 +14:01"])(
    "refuses %j",
    (text) => {
      expect(() => spanOf(text, scenario(), "--explain")).toThrow(/--explain: .*expected /);
    },
  );
});

describe("explain", () => {
  it("counts waits, losses and ended streamlets of a range, as the run's own events have them", async () => {
    const crashing = { ...scenario(), faults: { ...scenario().faults, streamletMtbfMs: 600_000 } };
    const { pools, events, isRange } = await explain(crashing, { fromMs: 0, toMs: 3_600_000 });
    expect(isRange).toBe(true);
    expect(pools[0].decisions.length).toBeGreaterThan(1);
    const { requests, ends } = events[0];
    expect(requests.reduce((sum, one) => sum + one.arrivals, 0)).toBeGreaterThan(1000);
    expect(requests.reduce((sum, one) => sum + one.interrupted, 0)).toBeGreaterThan(0);
    expect(ends.filter(({ reason }) => reason === "crashed").length).toBeGreaterThan(0);
    const text = renderExplanations(
      { fromMs: 0, toMs: 3_600_000, isRange, pools, events },
      { epochMs: EIGHT_MS, zone: { name: "UTC", offsetMs: () => 0 } },
    );
    expect(text).toMatch(/hpa, in this time:\n {2}requests of \S+: [\d,]+ requests arrived, .*interrupted/);
    expect(text).toMatch(/streamlets of \S+: \d+ crashed/);
  });

  it("names a range without an end as it was written", () => {
    for (const text of ["1h..", "..1h"])
      expect(() => spanOf(text, scenario(), "--explain")).toThrow(`--explain: "${text}"; expected`);
  });

  it("ends with the decision in force at the instant, seen no later than it", async () => {
    const atMs = 3_600_000 + 7_000;
    const [one] = (await explain(scenario(), { fromMs: atMs, toMs: atMs })).pools;
    const last = one.decisions.at(-1);
    expect(last?.atMs).toBe(3_600_000);
    expect(last?.desired).toBe(one.desired);
    expect(last?.reason).not.toBe("");
    expect(one.decisions.map((decision) => decision.atMs)).toEqual(
      one.decisions.map((_, i) => 3_600_000 - (one.decisions.length - 1 - i) * 15_000),
    );
  });

  it("prints the clock of the run, what was seen and the reason", async () => {
    const span = spanOf("09:00", scenario(), "--explain");
    const text = renderExplanations(await explain(scenario(), span), { epochMs: EIGHT_MS, zone: span.zone });
    expect(text).toContain("at 1970-01-01T09:00:00 UTC");
    expect(text).toMatch(/09:00:00 {2}→ \d+ .*(within-tolerance|target|stabilised|limited).*; saw \d+ open/);
  });
});
