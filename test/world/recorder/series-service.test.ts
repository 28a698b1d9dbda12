import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../../src/base/histogram.js";
import { SeriesService } from "../../../src/world/recorder/series-service.js";
import { minuteOf, type SloBounds, SloMinutes } from "../../../src/world/recorder/slo-minutes.js";
import { simulate } from "../../../src/world/simulate.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { busyDocument, scenarioOf } from "../written-scenario.js";

const MINUTE_MS = 60_000;
const DURATION_MS = 5 * MINUTE_MS;
const BOUNDS: SloBounds = {
  startLatency: { probability: 0.75, boundMs: 100 },
  rejectedRatio: 0.2,
  abandonedRatio: 0.2,
  interruptedRatio: 0.2,
};
const ends = ["served", "interrupted", "rejected", "abandoned", "waiting"] as const;
const request = fc.record({
  series: fc.nat(2),
  minute: fc.nat(DURATION_MS).map((arrivedAtMs) => minuteOf({ arrivedAtMs })),
  waitMs: fc.constantFrom(0, 0, 0, 50, 100, 101, 5000),
  end: fc.constantFrom(...ends),
});

describe("the service of each series", () => {
  it("is that of a run with this series alone, whatever happens to its requests", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60, size: "max" }), (requests) => {
        const all = SeriesService.of(BOUNDS, DURATION_MS, 3);
        if (all === undefined) throw new Error("three series are kept");
        const alone = [0, 1, 2].map(() => ({ slo: new SloMinutes(BOUNDS, DURATION_MS), waits: new LogHistogram() }));
        for (const { series, minute, waitMs, end } of requests) {
          const { slo, waits } = alone[series];
          all.onArrival(series, minute);
          slo.onArrival(minute);
          if (end === "served" || end === "interrupted") {
            all.onServed(series, minute, waitMs);
            slo.onServed(minute, waitMs);
            waits.record(waitMs);
          }
          if (end === "interrupted") {
            all.onInterrupted(series, minute);
            slo.onInterrupted(minute);
          } else if (end === "rejected") {
            all.onRejected(series, minute);
            slo.onRejected(minute);
          } else if (end === "abandoned") {
            all.onAbandoned(series, minute, waitMs);
            slo.onAbandoned(minute, waitMs);
          } else if (end === "waiting") {
            all.onStillWaiting(series, minute, waitMs);
            slo.onStillWaiting(minute, waitMs);
          }
        }
        all.samples().forEach(({ sums, startLatency }, series) => {
          const own = requests.filter((one) => one.series === series);
          const count = (end: (typeof ends)[number]): number => own.filter((one) => one.end === end).length;
          const violating = alone[series].slo.violations().reduce((sum, one) => sum + one, 0);
          expect(sums).toMatchObject({ arrivals: own.length, rejected: count("rejected"), unserved: count("waiting") });
          expect([sums.abandoned, sums.interrupted]).toEqual([count("abandoned"), count("interrupted")]);
          expect([sums.served, sums.sloViolationMinutes]).toEqual([alone[series].waits.count, violating]);
          expect(startLatency).toEqual(alone[series].waits.buckets());
        });
      }),
    );
  });

  it("is not kept for one series, for very many, and for a run of very many minutes", () => {
    expect(SeriesService.of(BOUNDS, DURATION_MS, 1)).toBeUndefined();
    expect(SeriesService.of(BOUNDS, DURATION_MS, 33)).toBeUndefined();
    expect(SeriesService.of(BOUNDS, 500_000 * MINUTE_MS, 2)).toBeUndefined();
  });

  it("adds up to the run in everything that is counted", () => {
    const scenario = scenarioOf(busyDocument);
    const { series = [], sums } = simulate(scenario, scenario.policies[0], 0, noUserModules);
    expect(series).toHaveLength(scenario.traffic.series.length);
    for (const key of ["arrivals", "served", "rejected", "abandoned", "interrupted", "unserved"] as const)
      expect(series.reduce((sum, one) => sum + (one.sums[key] ?? Number.NaN), 0)).toBe(sums[key]);
    expect(sums.arrivals).toBeGreaterThan(sums.served);
  });
});
