import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstDivergence } from "../../../src/experiment/check/divergence.js";
import { type KeptDecision, packDecisions, unpackDecisions } from "../../../src/experiment/check/kept-decision.js";

function decision(atMs: number, desired: number, change: Partial<KeptDecision> = {}): KeptDecision {
  const seen = { open: 4 * desired, waiting: 0, ready: desired, spawning: 0 };
  return { atMs, pool: 0, desired, reason: "above-target", refusal: "", ...seen, ...change };
}

const day = [decision(0, 2), decision(15_000, 3), decision(15_000, 5, { pool: 1 }), decision(60_000, 4)];

describe("the first decision that differs", () => {
  it("is none for equal lists", () => {
    expect(firstDivergence(day, day, 100)).toBeUndefined();
    expect(firstDivergence([], [], 100)).toBeUndefined();
  });

  it("names the instant, the pool, both counts, both reasons and what each saw", () => {
    const now = [...day.slice(0, 3), decision(60_000, 6, { reason: "panic", open: 40 })];
    expect(firstDivergence(day, now, 100)).toEqual({
      atMs: 60_000,
      pool: 0,
      from: 4,
      to: 6,
      reasons: ["above-target", "panic"],
      saw: [
        { atMs: 60_000, open: 16, waiting: 0, ready: 4, spawning: 0 },
        { atMs: 60_000, open: 40, waiting: 0, ready: 6, spawning: 0 },
      ],
    });
  });

  it("holds a decision that only one side made against the one in force on the other", () => {
    const later = firstDivergence(day, [...day.slice(0, 3), decision(75_000, 4)], 100);
    expect(later).toMatchObject({ atMs: 60_000, pool: 0, from: 4, to: 3 });
    const missing = firstDivergence(day, day.slice(0, 3), 100);
    expect(missing).toMatchObject({ atMs: 60_000, from: 4, to: 3 });
    const added = firstDivergence(day.slice(0, 3), day, 100);
    expect(added).toMatchObject({ atMs: 60_000, from: 3, to: 4 });
    const first = firstDivergence([], day, 100);
    expect(first).toMatchObject({ atMs: 0, from: null, to: 2, reasons: ["no decision yet", "above-target"] });
  });

  it("is not read into a list that was cut at its bound", () => {
    expect(firstDivergence(day, day.slice(0, 3), 3)).toBeUndefined();
  });

  it("is what a random change planted (1,000 lists)", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9000 }), fc.nat({ max: 50 })), {
          minLength: 1,
          maxLength: 40,
          size: "max",
        }),
        fc.nat(),
        (steps, pick) => {
          let atMs = 0;
          const before = steps.map(([gapMs, desired]) => {
            atMs += gapMs;
            return decision(atMs, desired);
          });
          const planted = pick % before.length;
          const now = before.map((one, i) => (i === planted ? { ...one, desired: one.desired + 1 } : one));
          const found = firstDivergence(before, now, 1000);
          expect([found?.atMs, found?.from, found?.to]).toEqual([
            before[planted].atMs,
            before[planted].desired,
            before[planted].desired + 1,
          ]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("packed decisions", () => {
  it("come back as they were", () => {
    expect(unpackDecisions(packDecisions(day))).toEqual(day);
    expect(unpackDecisions(packDecisions([]))).toEqual([]);
  });

  it("take less than 20 bytes each over a day of decisions", () => {
    const many = Array.from({ length: 2000 }, (_, i) => decision(i * 43_200, 10 + (i % 17)));
    expect(packDecisions(many).length / many.length).toBeLessThan(20);
  });

  it.each(["", "no base64 !", Buffer.from("plain").toString("base64"), packDecisions(day).slice(0, 20)])(
    "are refused where they are damaged: %s",
    (text) => {
      expect(unpackDecisions(text)).toBeUndefined();
    },
  );
});
