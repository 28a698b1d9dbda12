import { describe, expect, it } from "vitest";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { handDriven } from "./hand-driven.js";
import { scenarioOf } from "./written-scenario.js";

/** One slot, no patience unless given; the first request holds it past the end. */
function judged(slo: object, requests: Parameters<typeof handDriven>[1], over: object = {}) {
  const document = {
    duration: "10min",
    streams: { holding: "1min" },
    fleet: { streamlet: { slots: 1 } },
    policies: [{ kind: "static", count: 1 }],
    slo,
    ...over,
  };
  const run = handDriven(document, requests);
  run.advance(600_000);
  return run.result();
}

const occupied = { atS: 10, holdS: 3000 };

describe("a replication against its SLO", () => {
  it("counts requests that still wait at the end as late where they have waited longer than the bound", () => {
    const late = judged({ startLatencyP50: "10s" }, [occupied, { atS: 100, holdS: 1 }, { atS: 500, holdS: 1 }]);
    expect(late.slo).toEqual({ met: false, misses: [{ bound: "startLatency", share: 2 / 3, allowed: 0.5 }] });
    expect(late.metrics.unservedRatio).toBeCloseTo(2 / 3, 12);
    expect(late.metrics.sloViolationMinutes).toBe(2);
    // The median lies beyond what is known: at least the longest wait, of 500 s.
    expect(late.metrics.startLatencyMsP50).toBe(500_000);
    const early = judged({ startLatencyP50: "10s" }, [occupied, { atS: 595, holdS: 1 }]);
    expect(early.slo?.met).toBe(true);
    expect(early.metrics.sloViolationMinutes).toBe(0);
  });

  it("counts abandoned requests as late where they have waited longer than the bound", () => {
    const requests = [occupied, { atS: 100, holdS: 1, patienceS: 30 }];
    expect(judged({ startLatencyP99: "10s" }, requests).slo?.misses[0].share).toBe(0.5);
    expect(judged({ startLatencyP99: "40s" }, requests).slo?.met).toBe(true);
  });

  it("counts a wait that is just the bound as within it", () => {
    // The second waits from 0:20 to 0:40.
    const requests = [
      { atS: 10, holdS: 30 },
      { atS: 20, holdS: 1 },
    ];
    expect(judged({ startLatencyP100: "20s" }, requests).slo?.met).toBe(true);
    expect(judged({ startLatencyP100: "19999ms" }, requests).slo?.met).toBe(false);
  });

  it("counts a wait that only rounding lifts above the bound as within it", () => {
    // Each request waits for its own start of 123.4 ms. In floats a third of these waits come out
    // as 123.40000000596.
    const document = {
      name: "just-in-time",
      duration: "30min",
      traffic: { source: "poisson", rate: "1/s" },
      streams: { holding: { kind: "exponential", mean: "10s" } },
      fleet: { streamlet: { slots: 1, spawn: "123.4ms" } },
      policies: [{ kind: "on-demand", idleTimeout: "0s" }],
    };
    const run = (startLatencyP99: string) => {
      const scenario = scenarioOf({ ...document, slo: { startLatencyP99 } });
      return simulate(scenario, scenario.policies[0], 0, noUserModules);
    };
    const at = run("123.4ms");
    expect(at.startLatency.mostMs).toBeGreaterThan(123.4);
    expect(at.metrics.sloViolationMinutes).toBe(0);
    expect(at.slo).toEqual({ met: true, misses: [] });
    expect(run("123.39ms").metrics.sloViolationMinutes).toBe(30);
  });

  it("counts a client that leaves at the bound as within it, whatever rounding does", () => {
    const impatient = Array.from({ length: 200 }, (_, i) => ({ atS: 20.1 + i / 7, holdS: 1, patienceS: 0.3 }));
    const late = judged({ startLatencyP100: "300ms" }, [occupied, ...impatient]);
    expect(late.metrics.abandonedRatio).toBeCloseTo(200 / 201, 12);
    expect(late.slo?.met).toBe(true);
    expect(late.metrics.sloViolationMinutes).toBe(0);
  });

  it("counts the minutes of the clock that the window touches: never more than all violate", () => {
    // From 0:30 to 1:30 the window touches two minutes, and both violate.
    const over = { duration: "90s", warmup: "30s" };
    const requests = [
      { atS: 0, holdS: 3000 },
      { atS: 40, holdS: 1 },
      { atS: 61, holdS: 1 },
    ];
    const { metrics, slo } = judged({ startLatencyP99: "1s", violatingMinutes: "50%" }, requests, over);
    expect(metrics.sloViolationMinutes).toBe(2);
    expect(slo?.misses).toContainEqual({ bound: "violatingMinutes", share: 1, allowed: 0.5 });
  });

  it("holds violating minutes against their budget, as a share or as a number of minutes", () => {
    // Minutes 1 and 8 of ten violate.
    const requests = [occupied, { atS: 100, holdS: 1 }, { atS: 500, holdS: 1 }];
    const judge = (violatingMinutes: string | number) =>
      judged({ startLatencyP5: "10s", violatingMinutes }, requests).slo;
    expect(judge("2min")?.met).toBe(true);
    expect(judge("20%")?.met).toBe(true);
    expect(judge(0.2)?.met).toBe(true);
    expect(judge("1min")?.misses).toEqual([{ bound: "violatingMinutes", share: 0.2, allowed: 0.1 }]);
    expect(judge("19.9%")?.met).toBe(false);
  });

  it("judges ratios over the whole window, and has no verdict without an SLO", () => {
    const full = { gateway: { waitingRoom: 0 } };
    const requests = [occupied, { atS: 100, holdS: 1 }];
    expect(judged({ rejectedRatio: 0.5 }, requests, full).slo?.met).toBe(true);
    expect(judged({ rejectedRatio: 0.49 }, requests, full).slo?.misses).toEqual([
      { bound: "rejectedRatio", share: 0.5, allowed: 0.49 },
    ]);
    expect(judged({ rejectedRatio: 0.5 }, requests, { slo: undefined })).not.toHaveProperty("slo");
  });
});
