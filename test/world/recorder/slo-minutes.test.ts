import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minuteOf, SloMinutes } from "../../../src/world/recorder/slo-minutes.js";

const none = {
  startLatency: undefined,
  rejectedRatio: undefined,
  abandonedRatio: undefined,
  interruptedRatio: undefined,
};
const MINUTE = 60_000;

function violated(slo: SloMinutes): number[] {
  return [...slo.violations()].flatMap((value, minute) => (value === 1 ? [minute] : []));
}

describe("SLO minutes", () => {
  it("violate nothing without arrivals, and nothing without a bound", () => {
    const slo = new SloMinutes({ ...none, rejectedRatio: 0 }, 5 * MINUTE);
    expect(violated(slo)).toEqual([]);
    const boundless = new SloMinutes(none, 5 * MINUTE);
    boundless.onArrival(0);
    boundless.onRejected(0);
    expect(violated(boundless)).toEqual([]);
  });

  it("go by the minute of arrival, whenever the request ends", () => {
    const slo = new SloMinutes({ ...none, interruptedRatio: 0.1 }, 10 * MINUTE);
    slo.onArrival(minuteOf({ arrivedAtMs: 2.99 * MINUTE }));
    slo.onArrival(minuteOf({ arrivedAtMs: 3 * MINUTE }));
    slo.onInterrupted(minuteOf({ arrivedAtMs: 2.99 * MINUTE }));
    expect(violated(slo)).toEqual([2]);
  });

  it("allow a ratio that is just at its bound, whatever the binary fractions", () => {
    for (const [bound, arrivals] of [
      [0.29, 100],
      [0.07, 100],
      [0.001, 1000],
      [0.57, 100],
      [0.1, 30],
    ] as const) {
      const at = new SloMinutes({ ...none, rejectedRatio: bound }, MINUTE);
      const above = new SloMinutes({ ...none, rejectedRatio: bound }, MINUTE);
      for (let i = 0; i < arrivals; i++) {
        at.onArrival(0);
        above.onArrival(0);
      }
      const allowed = Math.round(bound * arrivals);
      for (let i = 0; i < allowed; i++) at.onRejected(0);
      for (let i = 0; i < allowed + 1; i++) above.onRejected(0);
      expect([bound, violated(at), violated(above)]).toEqual([bound, [], [0]]);
    }
  });

  it("find a percentile above its bound exactly when the sorted waits do", () => {
    const waits = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 300, size: "max" });
    fc.assert(
      fc.property(waits, fc.constantFrom(0.5, 0.9, 0.95, 0.99, 0.999), (values, probability) => {
        const slo = new SloMinutes({ ...none, startLatency: { probability, boundMs: 200 } }, MINUTE);
        for (const waitMs of values) {
          slo.onArrival(0);
          slo.onServed(0, waitMs);
        }
        const rank = Math.max(1, Math.ceil(probability * values.length - 1e-9));
        const percentile = values.slice().sort((a, b) => a - b)[rank - 1];
        return (violated(slo).length === 1) === percentile > 200;
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
