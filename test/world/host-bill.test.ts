import { describe, expect, it } from "vitest";
import { billedMs, HostBill } from "../../src/world/host-bill.js";

const MIN = 60_000;
const window = { fromMs: 100 * MIN, toMs: 400 * MIN };

describe("what a host is paid for", () => {
  it.each([
    [0, 0, 61, 61],
    [60, 0, 5, 60],
    [60, 0, 61, 61],
    [0, 60, 61, 120],
    [0, 60, 120, 120],
    [90, 60, 30, 90],
  ])("with a minimum of %d min and steps of %d min, %d min are charged as %d", (minimum, step, life, paid) => {
    expect(billedMs(life * MIN, { minimumMs: minimum * MIN, stepMs: step * MIN })).toBe(paid * MIN);
  });

  it("is no step more where rounding makes two hours a little longer", () => {
    const lifeMs = 7_200_000.000001;
    expect(billedMs(lifeMs, { minimumMs: 0, stepMs: 3_600_000 })).toBe(7_200_000);
  });

  it("beyond its life counts as far as it falls into the measured window", () => {
    const unusedOf = (launchedAt: number, endedAt: number): number => {
      const bill = new HostBill({ minimumMs: 0, stepMs: 60 * MIN, ...window });
      bill.onEnded(launchedAt * MIN, endedAt * MIN);
      return bill.unusedMs / MIN;
    };
    expect(unusedOf(150, 160)).toBe(50);
    expect(unusedOf(10, 20)).toBe(0);
    expect(unusedOf(90, 95)).toBe(50);
    expect(unusedOf(380, 390)).toBe(10);
  });
});
