import { describe, expect, it } from "vitest";
import { iteratedStaffing, type StaffingSpec } from "../../src/base/iterated-staffing.js";
import { erlangA, erlangCServersWithin } from "../../src/base/queueing.js";

const MINUTE_MS = 60_000;

/** Requests at a constant rate of `load` per minute of one minute each, in bins of a minute. */
function constant(load: number, more: Partial<StaffingSpec>): StaffingSpec {
  const bins = 40;
  return {
    arrivals: new Float64Array(bins).fill(load),
    load: Float64Array.from({ length: bins }, (_, i) => load * (1 - Math.exp(-(i + 1)))),
    binMs: MINUTE_MS,
    holdingMs: MINUTE_MS,
    patienceMs: Number.POSITIVE_INFINITY,
    boundMs: 0,
    target: 0.05,
    ...more,
  };
}

function lastOf(spec: StaffingSpec): number {
  const { slots } = iteratedStaffing(spec) ?? { slots: [] };
  return slots[slots.length - 1];
}

describe("iterated staffing", () => {
  it.each([5, 30])("is Erlang C's number of servers where the rate is constant, at %d erlangs", (load) => {
    const exact = erlangCServersWithin(load, MINUTE_MS, 10_000, 0.05);
    expect(Math.abs(lastOf(constant(load, { boundMs: 10_000 })) - exact)).toBeLessThanOrEqual(1);
  });

  it.each([
    [5, 20_000],
    [30, 20_000],
    [30, 300_000],
  ])("is Erlang A's number of servers where who waits gives up, at %d erlangs", (load, patienceMs) => {
    let exact = 1;
    while (erlangA(exact, load, MINUTE_MS, patienceMs).waitProbability > 0.05) exact++;
    expect(Math.abs(lastOf(constant(load, { patienceMs })) - exact)).toBeLessThanOrEqual(1);
  });

  it("follows a rate that changes, with fewer slots where waiting requests give up", () => {
    const bins = 120;
    const arrivals = Float64Array.from({ length: bins }, (_, i) => 20 + 15 * Math.sin((2 * Math.PI * i) / bins));
    const load = Float64Array.from({ length: bins }, (_, i) => 20 + 15 * Math.sin((2 * Math.PI * (i - 1)) / bins));
    const patient = iteratedStaffing({ ...constant(20, {}), arrivals, load });
    const hasty = iteratedStaffing({ ...constant(20, {}), arrivals, load, patienceMs: 20_000 });
    if (patient === undefined || hasty === undefined) throw new Error("too much work");
    const [peak, trough] = [patient.slots[30], patient.slots[91]];
    expect(peak).toBeGreaterThan(35);
    expect(trough).toBeLessThan(15);
    const sum = (slots: Int32Array): number => slots.reduce((all, one) => all + one, 0);
    expect(sum(hasty.slots)).toBeLessThan(sum(patient.slots));
  });

  it("is left out where it would take too long", () => {
    const bins = 1440;
    const arrivals = new Float64Array(bins).fill(1e6);
    expect(iteratedStaffing({ ...constant(1, {}), arrivals, load: new Float64Array(bins).fill(1e6) })).toBeUndefined();
  });
});
