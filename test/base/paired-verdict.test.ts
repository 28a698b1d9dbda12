import { describe, expect, it } from "vitest";
import { isBetter, judge, VERDICTS, verdictText } from "../../src/base/paired-verdict.js";
import { RandomStream } from "../../src/base/random.js";
import { estimate, mean } from "../../src/base/statistics.js";

function wordOf(candidate: readonly number[], baseline: readonly number[], step = 0): string {
  const {
    mean: delta,
    halfWidth,
    n,
  } = estimate(
    candidate.map((value, r) => value - baseline[r]),
    0.95,
  );
  const evidence = { delta, halfWidth, n, baseline: mean(baseline), candidate: mean(candidate) };
  return judge(evidence, true, step, 0.95).verdict;
}

describe("a verdict", () => {
  it("is same where the difference is rounding, however small its interval", () => {
    const evidence = { delta: -2.9e-17, halfWidth: 1.5e-17, n: 3, baseline: 0.2, candidate: 0.2 };
    expect(judge(evidence, true, 0, 0.95)).toEqual({ verdict: "same", halfWidth: 1.5e-17, isRounding: true });
    expect(verdictText("same", evidence)).toBe("same");
    expect(wordOf([1 + 1e-11, 2 + 2e-11], [1, 2])).toBe("same");
    expect(wordOf([0, 0], [0, 0])).toBe("same");
    expect(wordOf([5, 5], [5, 5], 1)).toBe("same");
  });

  it("cannot be given for one replication, nor for what is not finite", () => {
    expect(wordOf([1], [2])).toBe("cannot tell");
    expect(wordOf([2], [2])).toBe("cannot tell");
    expect(wordOf([Number.NaN, 1], [2, 3])).toBe("cannot tell");
    expect(wordOf([Number.POSITIVE_INFINITY, 1], [2, 3])).toBe("cannot tell");
  });

  it("is better or worse where the interval leaves 0 out, by the metric's good direction", () => {
    const evidence = { delta: -2, halfWidth: 1, n: 5, baseline: 10, candidate: 8 };
    expect(judge(evidence, true, 0, 0.95).verdict).toBe("better");
    expect(judge(evidence, false, 0, 0.95).verdict).toBe("worse");
    expect(judge({ ...evidence, halfWidth: 2 }, true, 0, 0.95).verdict).toBe("no difference shown");
    expect(VERDICTS.map(isBetter)).toEqual([true, false, null, null, null]);
    expect(isBetter(undefined)).toBeNull();
  });

  it("is same where the interval lies within 1 % of the baseline and does not leave 0 out", () => {
    const evidence = { delta: 0.2, halfWidth: 0.5, n: 5, baseline: -100, candidate: -99.8 };
    expect(judge(evidence, true, 0, 0.95).verdict).toBe("same");
    expect(verdictText("same", evidence)).toBe("same within 1 %");
    expect(verdictText("better", evidence)).toBe("better");
    expect(judge({ ...evidence, halfWidth: 0.9 }, true, 0, 0.95).verdict).toBe("no difference shown");
    expect(judge({ ...evidence, halfWidth: 0.1 }, true, 0, 0.95).verdict).toBe("worse");
  });

  it("does not take two equal differences of counts for certainty, but a difference of many steps", () => {
    expect(wordOf([5, 8], [6, 9], 1)).toBe("no difference shown");
    expect(wordOf([5, 8], [15, 18], 1)).toBe("better");
    expect(wordOf([5, 8], [6, 9], 0)).toBe("better");
    // A step is 1 in 1000 arrivals here.
    expect(wordOf([0.005, 0.008], [0.006, 0.009], 0.001)).toBe("no difference shown");
  });

  it.each([2, 3, 5, 10])("is false in at most one in twenty null worlds of counts, with %i replications", (n) => {
    const random = new RandomStream(`null counts ${n}`);
    const worlds = 1500;
    for (const count of [0.3, 1, 3, 10, 100]) {
      let words = 0;
      for (let world = 0; world < worlds; world++) {
        const [a, b] = [0, 1].map(() => Array.from({ length: n }, () => random.poisson(count)));
        if (["better", "worse"].includes(wordOf(a, b, 1))) words++;
      }
      expect(words / worlds).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / worlds));
    }
  });
});
