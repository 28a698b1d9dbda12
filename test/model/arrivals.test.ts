import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import {
  type ArrivalProcess,
  ExactArrivals,
  PoissonArrivals,
  SinusoidArrivals,
  TraceArrivals,
} from "../../src/model/arrivals.js";

/** Four standard errors: one false alarm in 16,000. */
const Z = 4;

/** All arrivals from t=0 up to an instant, as the traffic source asks for them. */
function arrivalsUntil(process: ArrivalProcess, untilMs: number): number[] {
  const all: number[] = [];
  for (let atMs = process.nextAfter(0); atMs < untilMs; atMs = process.nextAfter(atMs)) all.push(atMs);
  return all;
}

function countsOf(arrivals: readonly number[], originMs: number, binMs: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const atMs of arrivals) counts[Math.floor((atMs - originMs) / binMs)]++;
  return counts;
}

/** A Poisson count of this mean lies within Z·√mean of it. */
function expectPoisson(count: number, mean: number): void {
  expect(Math.abs(count - mean)).toBeLessThan(Z * Math.sqrt(mean));
}

describe("Poisson arrivals", () => {
  it("come at their rate, with a variance to mean ratio of 1", () => {
    const arrivals = arrivalsUntil(new PoissonArrivals(50, new RandomStream("poisson")), 2_000_000);
    expectPoisson(arrivals.length, 100_000);
    const counts = countsOf(arrivals, 0, 1000, 2000);
    const mean = arrivals.length / 2000;
    const variance = counts.reduce((sum, n) => sum + (n - mean) * (n - mean), 0) / 1999;
    // The index of dispersion of 2,000 Poisson counts has a standard error of √(2/1999) = 0.032.
    expect(Math.abs(variance / mean - 1)).toBeLessThan(Z * 0.032);
  });
});

describe("sinusoid arrivals", () => {
  it.each([0, 0.5, 1])("follow λ·(1 + A·sin(2π(t − phase)/period)) bin by bin with A = %d", (amplitude) => {
    const periodMs = 240_000;
    const phaseMs = 60_000;
    const process = new SinusoidArrivals(
      { ratePerSecond: 100, amplitude, periodMs, phaseMs },
      new RandomStream(`sinusoid ${amplitude}`),
    );
    const arrivals = arrivalsUntil(process, periodMs * 4);
    const counts = countsOf(arrivals, 0, 10_000, 96);
    const omega = (2 * Math.PI) / periodMs;
    let chiSquare = 0;
    counts.forEach((count, i) => {
      const [from, to] = [i * 10_000 - phaseMs, (i + 1) * 10_000 - phaseMs];
      const mean = 0.1 * (10_000 + (amplitude * (Math.cos(omega * from) - Math.cos(omega * to))) / omega);
      chiSquare += ((count - mean) * (count - mean)) / mean;
    });
    // χ² with 96 degrees of freedom: mean 96, standard deviation √192 = 13.9.
    expect(Math.abs(chiSquare - 96)).toBeLessThan(Z * 13.9);
    expectPoisson(arrivals.length, 96_000);
  });
});

describe("trace arrivals", () => {
  it("follow the bins' expected counts, unit for unit, and leave empty bins empty", () => {
    const expected = Float64Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? 0 : i % 7 === 0 ? 0.5 : 3 * i));
    const process = new TraceArrivals({ originMs: 0, binMs: 777, expected }, new RandomStream("trace"));
    const arrivals = arrivalsUntil(process, Number.POSITIVE_INFINITY);
    const counts = countsOf(arrivals, 0, 777, 200);
    counts.forEach((count, i) => {
      if (expected[i] === 0) expect(count).toBe(0);
      else if (expected[i] >= 10) expectPoisson(count, expected[i]);
    });
    expectPoisson(
      arrivals.length,
      expected.reduce((sum, mean) => sum + mean, 0),
    );
  });

  it("begin in the middle of a bin when t=0 lies there, with that share of its count", () => {
    const process = new TraceArrivals(
      { originMs: -7500, binMs: 10_000, expected: Float64Array.of(40_000, 1000) },
      new RandomStream("middle"),
    );
    const arrivals = arrivalsUntil(process, 2500);
    expectPoisson(arrivals.length, 10_000);
    expect(arrivals.every((atMs) => atMs > 0)).toBe(true);
  });

  it("are unit exponentials, mapped through the inverse of the cumulative count", () => {
    const expected = Float64Array.of(0.3, 0, 0.7, 2, 0.1, 0, 5, 0.4);
    const random = new RandomStream("inverse");
    const plain: number[] = [];
    for (let mass = random.exponential(); mass < 8.5; mass += random.exponential()) {
      let [bin, before] = [0, 0];
      while (before + expected[bin] <= mass) before += expected[bin++];
      plain.push(100 * (bin + (mass - before) / expected[bin]));
    }
    const process = new TraceArrivals({ originMs: 0, binMs: 100, expected }, new RandomStream("inverse"));
    const arrivals = arrivalsUntil(process, Number.POSITIVE_INFINITY);
    expect(arrivals).toHaveLength(plain.length);
    arrivals.forEach((atMs, i) => {
      expect(atMs).toBeCloseTo(plain[i], 6);
    });
    expect(process.nextAfter(1e9)).toBe(Number.POSITIVE_INFINITY);
  });

  it("never go back, whatever the width of the bins", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), fc.integer({ min: 0, max: 1e6 }), (binMs, seed) => {
        const expected = Float64Array.from({ length: 50 }, (_, i) => (i % 3) * 4);
        const process = new TraceArrivals({ originMs: 0, binMs, expected }, new RandomStream(`bins ${seed}`));
        let lastMs = 0;
        for (let atMs = process.nextAfter(0); atMs !== Infinity; atMs = process.nextAfter(atMs)) {
          if (!(atMs >= lastMs)) return false;
          lastMs = atMs;
        }
        return lastMs <= 50 * binMs * (1 + 1e-12);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("exact arrivals", () => {
  it("give every bin its whole count exactly, in order, and spread over the bin", () => {
    const expected = Float64Array.from({ length: 100 }, (_, i) => (i * 13) % 50);
    const process = new ExactArrivals({ originMs: 0, binMs: 1000, expected }, new RandomStream("exact"), 0);
    const arrivals = arrivalsUntil(process, Number.POSITIVE_INFINITY);
    expect(countsOf(arrivals, 0, 1000, 100)).toEqual([...expected]);
    expect([process.nextAfter(), process.nextAfter()]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(arrivals.every((atMs, i) => i === 0 || atMs >= arrivals[i - 1])).toBe(true);
    // Uniform within the bin: the mean of n places has a standard error of 1/√(12·n).
    const places = arrivals.map((atMs) => (atMs % 1000) / 1000);
    const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(Z / Math.sqrt(12 * places.length));
    const early = places.filter((place) => place < 0.1).length / places.length;
    expect(Math.abs(early - 0.1)).toBeLessThan(Z * Math.sqrt(0.09 / places.length));
  });

  it("round a fraction at random: 0.25 is one arrival in a quarter of the bins", () => {
    const expected = new Float64Array(20_000).fill(2.25);
    const process = new ExactArrivals({ originMs: 0, binMs: 10, expected }, new RandomStream("fractions"), 0);
    const counts = countsOf(arrivalsUntil(process, Number.POSITIVE_INFINITY), 0, 10, 20_000);
    expect(new Set(counts)).toEqual(new Set([2, 3]));
    const share = counts.filter((count) => count === 3).length / counts.length;
    expect(Math.abs(share - 0.25)).toBeLessThan(Z * Math.sqrt((0.25 * 0.75) / counts.length));
  });

  it("begin in the middle of a bin if t=0 lies there: earlier arrivals are history", () => {
    let total = 0;
    for (let seed = 0; seed < 50; seed++) {
      const process = new ExactArrivals(
        { originMs: -7500, binMs: 10_000, expected: Float64Array.of(400, 5) },
        new RandomStream(`exact middle ${seed}`),
        0,
      );
      const arrivals = arrivalsUntil(process, Number.POSITIVE_INFINITY);
      expect(arrivals[0]).toBeGreaterThanOrEqual(0);
      expect(arrivals.filter((atMs) => atMs >= 2500)).toHaveLength(5);
      total += arrivals.length - 5;
    }
    // Each of 50 · 400 arrivals lies in the last quarter of its bin with probability 1/4.
    expect(Math.abs(total - 5000)).toBeLessThan(Z * Math.sqrt(20_000 * 0.25 * 0.75));
  });
});
