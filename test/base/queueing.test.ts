import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stationaryDistribution } from "../../src/base/markov-chain.js";
import {
  erlangA,
  erlangB,
  erlangBServers,
  erlangC,
  erlangCMeanWaitMs,
  erlangCServers,
  erlangCServersWithin,
  erlangCWaitTail,
  halfinWhittWaitProbability,
  pollaczekKhinchineWaitMs,
  sinusoidResponseConstant,
  sinusoidResponseExponential,
  squareRootServers,
} from "../../src/base/queueing.js";

const load = fc.double({ min: 0.01, max: 60, noNaN: true });
const servers = fc.integer({ min: 1, max: 80 });

/** The birth–death chain of M/M/k+M, cut at `top` requests: nothing but its definition. */
function birthDeath(k: number, a: number, impatience: number, top: number): Float64Array {
  return stationaryDistribution({
    states: top + 1,
    bandwidth: 1,
    transitions(from, add) {
      if (from < top) add(from + 1, a);
      if (from > 0) add(from - 1, Math.min(from, k) + Math.max(from - k, 0) * impatience);
    },
  });
}

function share(probabilities: Float64Array, from: number): number {
  return probabilities.slice(from).reduce((sum, p) => sum + p, 0);
}

describe("Erlang B", () => {
  it.each([
    [10, 5, 0.018385],
    [50, 40, 0.018691],
    [100, 90, 0.026957],
  ])("of %i servers at %i erlangs is the tabulated %f", (k, a, blocking) => {
    expect(erlangB(k, a)).toBeCloseTo(blocking, 6);
  });

  it("is the last state of the chain that it describes", () => {
    fc.assert(
      fc.property(servers, load, (k, a) => {
        const chain = birthDeath(k, a, 0, k);
        expect(erlangB(k, a) / chain[k]).toBeCloseTo(1, 9);
      }),
      { numRuns: 50 },
    );
  });

  it("rejects every request without servers, and none without load", () => {
    expect(erlangB(0, 3)).toBe(1);
    expect(erlangB(3, 0)).toBe(0);
  });

  it("stays a number at a hundred thousand servers", () => {
    const blocking = erlangB(100_000, 100_000);
    // At n = a the blocking is √(2/(πa)) to first order (Jagerman 1974).
    expect(blocking / Math.sqrt(2 / (Math.PI * 100_000))).toBeCloseTo(1, 2);
  });

  it("refuses a number of servers or a load that is none", () => {
    for (const [k, a] of [
      [-1, 1],
      [1.5, 1],
      [Number.NaN, 1],
      [1, -1],
      [1, Number.NaN],
      [1, Number.POSITIVE_INFINITY],
    ])
      expect(() => erlangB(k, a)).toThrow();
  });

  it("gives the fewest servers that keep to a share", () => {
    fc.assert(
      fc.property(load, fc.double({ min: 1e-6, max: 1, noNaN: true }), (a, target) => {
        const k = erlangBServers(a, target);
        expect(erlangB(k, a)).toBeLessThanOrEqual(target);
        if (k > 0) expect(erlangB(k - 1, a)).toBeGreaterThan(target);
      }),
    );
  });
});

describe("Erlang C", () => {
  it.each([
    [5, 4, 0.554113, 0.554113],
    [50, 45, 0.363864, 0.072773],
  ])("of %i servers at %i erlangs: P(wait) %f, mean wait %f", (k, a, waiting, waitMs) => {
    expect(erlangC(k, a)).toBeCloseTo(waiting, 6);
    expect(erlangCMeanWaitMs(k, a, 1)).toBeCloseTo(waitMs, 6);
  });

  it("is the share of time that all servers of its chain are busy, and L = λW there", () => {
    fc.assert(
      fc.property(servers, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (k, utilisation) => {
        const a = utilisation * k;
        const chain = birthDeath(k, a, 0, k + 600);
        expect(erlangC(k, a) / share(chain, k)).toBeCloseTo(1, 8);
        const queue = chain.reduce((sum, p, n) => sum + p * Math.max(0, n - k), 0);
        expect((a * erlangCMeanWaitMs(k, a, 1)) / queue).toBeCloseTo(1, 8);
      }),
      { numRuns: 30 },
    );
  });

  it("has a tail that begins at P(wait) and integrates to the mean wait", () => {
    expect(erlangCWaitTail(5, 4, 1000, 0)).toBeCloseTo(erlangC(5, 4), 12);
    let sum = 0;
    for (let t = 0.5; t < 60_000; t++) sum += erlangCWaitTail(5, 4, 1000, t);
    expect(sum / erlangCMeanWaitMs(5, 4, 1000)).toBeCloseTo(1, 6);
  });

  it("has everybody wait for ever once the load reaches the servers", () => {
    expect(erlangC(4, 4)).toBe(1);
    expect(erlangCMeanWaitMs(4, 4, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(erlangCWaitTail(4, 5, 1, 1000)).toBe(1);
    expect(erlangCMeanWaitMs(4, 0, 1)).toBe(0);
  });

  it("gives the fewest servers that keep the wait to a share and a bound", () => {
    fc.assert(
      fc.property(
        load,
        fc.double({ min: 1e-6, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 3000, noNaN: true }),
        (a, target, boundMs) => {
          const k = erlangCServersWithin(a, 1000, boundMs, target);
          expect(erlangCWaitTail(k, a, 1000, boundMs)).toBeLessThanOrEqual(target);
          expect(erlangCWaitTail(k - 1, a, 1000, boundMs)).toBeGreaterThan(target);
        },
      ),
    );
    expect(erlangCServers(45, 0.37)).toBe(50);
  });
});

describe("Erlang A", () => {
  it("reproduces Garnett, Mandelbaum and Reiman's case of 100 servers at 100 erlangs", () => {
    const exact = erlangA(100, 100, 1, 1);
    expect(exact.waitProbability).toBeCloseTo(0.513299, 6);
    expect(exact.abandonProbability).toBeCloseTo(0.039861, 6);
  });

  it("is the chain that it describes, above and below capacity", () => {
    fc.assert(
      fc.property(servers, load, fc.double({ min: 0.1, max: 10, noNaN: true }), (k, a, impatience) => {
        const chain = birthDeath(k, a, impatience, k + 800);
        const exact = erlangA(k, a, 1000, 1000 / impatience);
        expect(exact.waitProbability).toBeCloseTo(share(chain, k), 9);
        const queue = chain.reduce((sum, p, n) => sum + p * Math.max(0, n - k), 0);
        expect(exact.abandonProbability).toBeCloseTo((impatience * queue) / a, 9);
        expect(exact.meanWaitMs).toBeCloseTo((queue / a) * 1000, 6);
      }),
      { numRuns: 50 },
    );
  });

  it("turns into Erlang C as patience grows, and loses the surplus under overload", () => {
    expect(erlangA(10, 8, 1, 1e9).waitProbability).toBeCloseTo(erlangC(10, 8), 7);
    // Twice the load that can be served: half of it abandons, whatever the patience.
    expect(erlangA(50, 100, 1, 10_000).abandonProbability).toBeCloseTo(0.5, 6);
  });
});

describe("the other formulas", () => {
  it("Pollaczek–Khinchine is M/M/1 for cv 1, half of it for constant holding, infinite when full", () => {
    expect(pollaczekKhinchineWaitMs(0.8, 1000, 1)).toBeCloseTo(erlangCMeanWaitMs(1, 0.8, 1000), 9);
    expect(pollaczekKhinchineWaitMs(0.8, 1000, 0)).toBeCloseTo(2000, 9);
    expect(pollaczekKhinchineWaitMs(1, 1000, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("Halfin and Whitt's limit is what Erlang C tends to as the load grows", () => {
    expect(halfinWhittWaitProbability(1)).toBeCloseTo(0.2234, 4);
    expect(erlangC(squareRootServers(100, 1), 100)).toBeCloseTo(0.237, 4);
    expect(erlangC(squareRootServers(400, 1), 400)).toBeCloseTo(0.2303, 4);
    expect(erlangC(squareRootServers(1_000_000, 1), 1_000_000)).toBeCloseTo(0.2234, 3);
    expect(halfinWhittWaitProbability(0)).toBe(1);
  });

  it("square-root staffing rounds up, and only up", () => {
    expect(squareRootServers(100, 1)).toBe(110);
    expect(squareRootServers(400, 1)).toBe(420);
    expect(squareRootServers(101, 1)).toBe(112);
    expect(squareRootServers(4, -3)).toBe(0);
  });

  it("the sinusoid's responses are the convolution of rate and survival", () => {
    const [period, holding] = [24, 4];
    const survivals: [(t: number) => number, ReturnType<typeof sinusoidResponseConstant>][] = [
      [(t) => Math.exp(-t / holding), sinusoidResponseExponential(period, holding)],
      [(t) => (t < holding ? 1 : 0), sinusoidResponseConstant(period, holding)],
    ];
    const gamma = (2 * Math.PI) / period;
    for (const [survival, { lagMs, gain }] of survivals) {
      // m(t) = ∫ λ(t − u)·P(S > u) du by the midpoint rule, for the sine and the cosine part.
      let sine = 0;
      let cosine = 0;
      for (let u = 0.0005; u < 40 * holding; u += 0.001) {
        sine += Math.sin(gamma * u) * survival(u) * 0.001;
        cosine += Math.cos(gamma * u) * survival(u) * 0.001;
      }
      expect(Math.atan2(sine, cosine) / gamma).toBeCloseTo(lagMs, 4);
      expect(Math.hypot(sine, cosine) / holding).toBeCloseTo(gain, 4);
    }
    expect(sinusoidResponseExponential(24, 4).lagMs).toBeCloseTo(Math.atan(gamma * 4) / gamma, 12);
  });
});
