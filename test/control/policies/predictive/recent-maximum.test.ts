import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { RecentMaximum } from "../../../../src/control/policies/predictive/recent-maximum.js";

describe("the largest of the latest values", () => {
  it("is that of a plain search, whatever comes, and however many are remembered", () => {
    const random = new RandomStream("recent maximum");
    for (const memoryMs of [0, 15_000, 400_000, Number.POSITIVE_INFINITY]) {
      const recent = new RecentMaximum();
      const all: { readonly atMs: number; readonly value: number }[] = [];
      let nowMs = 0;
      for (let i = 0; i < 1500; i++) {
        nowMs += random.integerBelow(3) === 0 ? 20_000 * random.uniform() : 5_000;
        // Long falls fill the memory, and ties are common.
        const value = i % 400 < 200 ? 400 - (i % 400) : random.integerBelow(20);
        all.push({ atMs: nowMs, value });
        const from = nowMs - memoryMs;
        const expected = Math.max(...all.filter(({ atMs }) => atMs >= from).map((one) => one.value));
        expect(recent.add(value, nowMs, memoryMs)).toBe(expected);
      }
    }
  });
});
