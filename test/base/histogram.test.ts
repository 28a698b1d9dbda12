import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../src/base/histogram.js";

const latencies = fc.array(
  fc.oneof(
    fc.constant(0),
    fc.double({ min: 0.001, max: 1e9, noNaN: true }),
    fc.double({ min: 1, max: 1000, noNaN: true }),
  ),
  { minLength: 1, maxLength: 500, size: "max" },
);
const probabilities = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

function filled(values: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe("the histogram", () => {
  it("gives the quantiles that sorting gives, to 0.8 %", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const histogram = filled(values);
        const sorted = values.slice().sort((a, b) => a - b);
        for (const probability of probabilities) {
          const wanted = sorted[Math.max(1, Math.ceil(probability * sorted.length - 1e-9)) - 1];
          const found = histogram.quantile(probability);
          if (!(Math.abs(found - wanted) <= 0.008 * wanted)) return false;
        }
        return true;
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("has the exact count, sum, mean, least and greatest", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const histogram = filled(values);
        const sum = values.reduce((total, value) => total + value, 0);
        expect(histogram.count).toBe(values.length);
        expect(histogram.sum).toBe(sum);
        expect(histogram.mean).toBe(sum / values.length);
        expect([histogram.min, histogram.max]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("added to another is as if all had been recorded in one", () => {
    fc.assert(
      fc.property(latencies, latencies, (some, more) => {
        const added = filled(some);
        added.add(filled(more));
        const whole = filled([...some, ...more]);
        expect(added.count).toBe(whole.count);
        expect(probabilities.map((p) => added.quantile(p))).toEqual(probabilities.map((p) => whole.quantile(p)));
        expect(added.buckets()).toEqual(whole.buckets());
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("lists its buckets in ascending order, with every record in one", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const { upperMs: upper, counts } = filled(values).buckets();
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect(upper.every((bound, i) => i === 0 || bound > upper[i - 1])).toBe(true);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("records a value many times at once, and counts values out of range in its end buckets", () => {
    const histogram = new LogHistogram();
    histogram.record(5, 1000);
    histogram.record(1e300);
    histogram.record(1e-300);
    expect(histogram.count).toBe(1002);
    expect(Math.abs(histogram.quantile(0.5) / 5 - 1)).toBeLessThan(0.008);
    expect(histogram.quantile(1)).toBeGreaterThan(1e12);
    expect(histogram.quantile(0)).toBeLessThan(0.001);
  });

  it("has no figures when it is empty", () => {
    const empty = new LogHistogram();
    for (const value of [empty.mean, empty.min, empty.max, empty.quantile(0.5)]) expect(value).toBeNaN();
    expect(empty.count).toBe(0);
  });
});
