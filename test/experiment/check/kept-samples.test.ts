import { expect, it } from "vitest";
import { packSamples, unpackSamples } from "../../../src/experiment/check/kept-samples.js";

it("packed replications come back as they were, an empty histogram too", () => {
  const none = new Float64Array(0);
  const empty = { upperMs: none, counts: none, leastMs: Number.POSITIVE_INFINITY, mostMs: Number.NEGATIVE_INFINITY };
  const waits = { upperMs: Float64Array.of(0.1, 1 / 3), counts: Float64Array.of(2, 5), leastMs: 0.05, mostMs: 0.3 };
  const samples = [{ sums: { arrivals: 7, cost: 0.1 + 0.2 }, startLatency: waits, stillWaiting: empty }];
  expect(unpackSamples(packSamples(samples))).toEqual(samples);
  expect(unpackSamples("AAAA")).toBeUndefined();
});
