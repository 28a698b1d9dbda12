import { describe, expect, it } from "vitest";
import {
  constantLaw,
  distributionOf,
  exponentialLaw,
  lognormalByMedian,
  paretoLaw,
} from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { leastTimePerSuccessMs } from "../../src/base/restart.js";

describe("leastTimePerSuccessMs", () => {
  it("is the mean where giving up gains nothing: constant and memoryless", () => {
    expect(leastTimePerSuccessMs(distributionOf(constantLaw(30)))).toBe(30);
    expect(leastTimePerSuccessMs(distributionOf(exponentialLaw(30)))).toBe(30);
  });

  it("lies between the least value and the mean of a heavy-tailed law, where giving up early pays", () => {
    const law = distributionOf(paretoLaw(30, 1.2));
    const least = leastTimePerSuccessMs(law);
    expect(least).toBeGreaterThan(law.quantile(0));
    expect(least).toBeLessThan(0.5 * law.mean);
  });

  it("is spent at least by every fixed restart time, and by racing two attempts", () => {
    const law = distributionOf(lognormalByMedian(25, 200));
    const least = leastTimePerSuccessMs(law);
    const random = new RandomStream("restart");
    for (const giveUpAt of [10, 25, 60, 400, "race"] as const) {
      let spent = 0;
      let successes = 0;
      for (let i = 0; i < 20_000; i++) {
        const first = law.sample(random);
        if (giveUpAt === "race") {
          spent += 2 * Math.min(first, law.sample(random));
          successes++;
        } else {
          spent += Math.min(first, giveUpAt);
          successes += first <= giveUpAt ? 1 : 0;
        }
      }
      // 20,000 attempts: the ratio's standard error is below 1 %; four of them.
      expect(spent / successes).toBeGreaterThan(least * 0.96);
    }
  });
});
