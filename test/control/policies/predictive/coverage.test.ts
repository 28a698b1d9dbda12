import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { Coverage } from "../../../../src/control/policies/predictive/coverage.js";

let clock = 0;

/** Feeds `steps` intervals of deviation 1 with what came around them. */
function feed(coverage: Coverage, steps: number, error: () => number): void {
  for (let i = 0; i < steps; i++) {
    coverage.note(clock, clock + 1, 0, 1);
    clock++;
    coverage.judge(clock, error());
  }
}

describe("coverage", () => {
  it("leaves intervals alone that hold as often as they should", () => {
    const random = new RandomStream("good");
    const coverage = new Coverage();
    let sum = 0;
    feed(coverage, 2000, () => random.normal());
    for (let i = 0; i < 20; i++) {
      feed(coverage, 1000, () => random.normal());
      sum += coverage.scale / 20;
    }
    expect(sum).toBeGreaterThan(0.9);
    expect(sum).toBeLessThan(1.1);
    expect(coverage.distrust).toBe(0);
  });

  it("widens intervals that are too narrow and narrows those that are too wide", () => {
    const random = new RandomStream("off");
    const narrow = new Coverage();
    feed(narrow, 20_000, () => 2.5 * random.normal());
    expect(narrow.scale).toBeGreaterThan(2);
    expect(narrow.scale).toBeLessThan(3.1);
    const wide = new Coverage();
    feed(wide, 20_000, () => 0.5 * random.normal());
    expect(wide.scale).toBeGreaterThan(0.4);
    expect(wide.scale).toBeLessThan(0.62);
  });

  it("keeps its scale within 0.3 to 4, and distrusts a forecast that fails even then", () => {
    const failing = new Coverage();
    feed(failing, 50_000, () => 1e9);
    expect(failing.scale).toBeCloseTo(4, 9);
    expect(failing.distrust).toBe(1);
    const idle = new Coverage();
    feed(idle, 50_000, () => -1e9);
    expect(idle.scale).toBeCloseTo(0.3, 9);
    expect(idle.distrust).toBe(0);
  });

  it("counts intervals that overlap as parts of one", () => {
    const [apart, overlapping] = [new Coverage(), new Coverage()];
    for (let i = 0; i < 10; i++) {
      apart.note(100 * i, 100 * (i + 1), 0, 1);
      for (let j = 0; j < 20; j++) overlapping.note(100 * i + 5 * j, 100 * (i + 1) + 5 * j, 0, 1);
    }
    apart.judge(5000, 1e9);
    overlapping.judge(5000, 1e9);
    // Beside the first of all, which counts in full, 199 parts of a twentieth are as much as the
    // other nine and a bit.
    expect(Math.log(overlapping.scale) / Math.log(apart.scale)).toBeCloseTo((1 + 199 / 20) / 10, 6);
  });

  it("judges an interval only when its instant has come", () => {
    const coverage = new Coverage();
    coverage.note(0, 100, 0, 1);
    coverage.judge(99, 1e9);
    expect(coverage.recent).toBe(0.95);
    coverage.judge(100, 1e9);
    // One miss, forgotten at 1/240 per interval.
    expect(coverage.recent).toBeCloseTo(0.95 - 0.95 / 240, 12);
  });

  it("counts a value that meets the bound exactly as held", () => {
    const coverage = new Coverage();
    coverage.note(0, 100, 5, 0);
    coverage.judge(100, 5);
    expect(coverage.recent).toBeGreaterThan(0.95);
  });

  it("judges the 4,096 oldest of more intervals under way, and the others not at all", () => {
    const coverage = new Coverage();
    for (let i = 0; i < 4096; i++) coverage.note(i, 10_000 + i, 0, 1);
    for (let i = 0; i < 10; i++) coverage.note(5000 + i, 20_000 + i, 1e12, 1);
    coverage.judge(30_000, 1e9);
    // All of them missed; one of the others would have held.
    expect(coverage.recent).toBeCloseTo(0.95 * Math.exp(4096 * Math.log1p(-1 / 240)), 12);
    expect(coverage.scale).toBeGreaterThan(1);
  });

  it("moves the logarithm of its scale by a hundredth of the share of misses above one in twenty", () => {
    const missed = new Coverage();
    missed.note(0, 100, 0, 1);
    missed.judge(100, 1e9);
    expect(Math.log(missed.scale)).toBeCloseTo(0.01 * 0.95, 12);
    const held = new Coverage();
    held.note(0, 100, 0, 1);
    held.judge(100, 0);
    expect(Math.log(held.scale)).toBeCloseTo(-0.01 * 0.05, 12);
  });

  it("distrusts from twice the misses that there should be, wholly from four times", () => {
    const coverage = new Coverage();
    const distrustAt = (recent: number): number => {
      coverage.recent = recent;
      return coverage.distrust;
    };
    expect([0.95, 0.9].map(distrustAt)).toEqual([0, expect.closeTo(0, 9)]);
    expect(distrustAt(0.85)).toBeCloseTo(0.5, 9);
    expect([0.8, 0.5].map(distrustAt)).toEqual([expect.closeTo(1, 9), 1]);
  });
});
