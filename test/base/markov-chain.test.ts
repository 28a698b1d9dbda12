import fc from "fast-check";
import { expect, it } from "vitest";
import { stationaryDistribution } from "../../src/base/markov-chain.js";

it("the stationary distribution balances every state of a random chain", () => {
  const rate = fc.double({ min: 0.01, max: 10, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.array(rate, { minLength: 4, maxLength: 4 }), { minLength: 3, maxLength: 40, size: "max" }),
      (rows) => {
        const states = rows.length;
        const targets = (from: number): number[] =>
          [from - 2, from - 1, from + 1, from + 2].filter((to) => to >= 0 && to < states);
        const chain = {
          states,
          bandwidth: 2,
          transitions: (from: number, add: (to: number, rate: number) => void): void => {
            targets(from).forEach((to, i) => {
              add(to, rows[from][i]);
            });
          },
        };
        const p = stationaryDistribution(chain);
        expect(p.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        const net = new Float64Array(states);
        for (let from = 0; from < states; from++) {
          chain.transitions(from, (to, r) => {
            net[from] -= p[from] * r;
            net[to] += p[from] * r;
          });
        }
        for (const flow of net) expect(Math.abs(flow)).toBeLessThan(1e-12);
      },
    ),
  );
});

it("tiny probabilities keep their digits", () => {
  const p = stationaryDistribution({
    states: 101,
    bandwidth: 1,
    transitions(from, add) {
      if (from < 100) add(from + 1, 0.01);
      if (from > 0) add(from - 1, 1);
    },
  });
  expect(p[100] / (0.99 * 1e-200)).toBeCloseTo(1, 9);
});

it("a chain that falls apart, or leaves its band, is refused", () => {
  const still = { states: 3, bandwidth: 1, transitions: () => undefined };
  expect(() => stationaryDistribution(still)).toThrow(/not irreducible/);
  const far = {
    states: 3,
    bandwidth: 1,
    transitions: (_: number, add: (to: number, rate: number) => void) => add(2, 1),
  };
  expect(() => stationaryDistribution(far)).toThrow(/leaves the band/);
});
