import { describe, expect, it } from "vitest";
import { normalCdf } from "../../../../src/base/normal.js";
import { Staffing, type StaffingKnobs } from "../../../../src/control/policies/predictive/staffing.js";

const byQuantile = { beta: undefined, violationPrice: undefined, quantile: 0.99, headroom: 0 };

function marginSlots(knobs: StaffingKnobs, expected: number, deviation: number, slots: number): number {
  return new Staffing(knobs).marginSlots(expected, deviation, slots);
}

describe("the margin", () => {
  it("is z standard deviations by quantile", () => {
    expect(marginSlots(byQuantile, 2000, 20, 8)).toBeCloseTo(2.3263478740408408 * 20, 9);
  });

  it("is β·√streams by square-root staffing, whatever the deviation", () => {
    expect(marginSlots({ ...byQuantile, beta: 1.5 }, 400, 99, 8)).toBe(30);
  });

  it("costs least by price: the newsvendor's optimum, found by trying all margins", () => {
    const [deviation, slots, price] = [20, 8, 5];
    const cost = (margin: number): number => margin / slots + 60 * price * (1 - normalCdf(margin / deviation));
    let best = 0;
    for (let margin = 0; margin < 200; margin += 0.01) if (cost(margin) < cost(best)) best = margin;
    expect(marginSlots({ ...byQuantile, violationPrice: price }, 2000, deviation, slots)).toBeCloseTo(best, 1);
  });

  it("is nothing where a violation costs less than the first slot, or the quantile lies below the median", () => {
    expect(marginSlots({ ...byQuantile, violationPrice: 1e-6 }, 2000, 20, 8)).toBe(0);
    expect(marginSlots({ ...byQuantile, quantile: 0.3 }, 2000, 20, 8)).toBe(0);
  });

  it("is the larger of the headroom and what was learnt", () => {
    expect(marginSlots({ ...byQuantile, headroom: 0.2 }, 2000, 20, 8)).toBeCloseTo(400, 9);
    expect(marginSlots({ ...byQuantile, headroom: 0.01 }, 2000, 20, 8)).toBe(marginSlots(byQuantile, 2000, 20, 8));
  });
});
