import { describe, expect, it } from "vitest";
import type { DecisionRecord } from "../../../src/ports/telemetry.js";
import { DecisionDigest } from "../../../src/world/recorder/decision-digest.js";

const HOUR_MS = 3_600_000;

function decision(change: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    atMs: 1000,
    pool: 0,
    wanted: 3,
    desired: 3,
    reason: "above-target",
    refusal: "",
    open: 10,
    waiting: 0,
    ready: 2,
    spawning: 0,
    ...change,
  };
}

function digest(decisions: readonly DecisionRecord[], endMs = 4 * HOUR_MS) {
  const all = new DecisionDigest();
  for (const one of decisions) all.add(one);
  return all.record(endMs);
}

describe("the digest of decisions", () => {
  const day = Array.from({ length: 12 }, (_, i) => decision({ atMs: i * 1_200_000, desired: 3 + i }));

  it("is the same for the same decisions", () => {
    expect(digest(day)).toEqual(digest(day));
    expect(digest(day).count).toBe(12);
  });

  it.each([
    ["instant", { atMs: 1000.5 }],
    ["pool", { pool: 1 }],
    ["count", { desired: 4 }],
    ["reason", { reason: "below-target" }],
    ["refusal", { refusal: "above-max" }],
  ] as const)("differs where the %s differs", (_, change) => {
    expect(digest([decision(change)]).whole).not.toBe(digest([decision()]).whole);
  });

  it("differs where the same reasons come in another order", () => {
    const told = (...reasons: string[]) => digest(reasons.map((reason) => decision({ reason }))).whole;
    const orders = [
      told("a", "a", "b"),
      told("a", "b", "a"),
      told("a", "b", "b"),
      told("", "a", "b"),
      told("a", "", "b"),
    ];
    expect(new Set(orders).size).toBe(orders.length);
  });

  it("differs where two decisions swap places, or one is there twice", () => {
    const [first, second, ...rest] = day;
    expect(digest([second, first, ...rest]).whole).not.toBe(digest(day).whole);
    expect(digest([...day, day[11]]).whole).not.toBe(digest(day).whole);
  });

  it("has one entry per hour begun, and the first that differs names the hour of the first change", () => {
    const changed = day.map((one, i) => (i === 7 ? { ...one, desired: 99 } : one)); // at 2 h 20 min
    const [before, after] = [digest(day), digest(changed)];
    expect(before.hours).toHaveLength(4);
    expect(before.hours.findIndex((hash, hour) => hash !== after.hours[hour])).toBe(2);
    expect(digest(day, 3.5 * HOUR_MS).hours).toHaveLength(4);
  });

  it("counts a decision at the full hour with the hour that begins", () => {
    const [a, b] = [digest([decision({ atMs: HOUR_MS })]), digest([decision({ atMs: HOUR_MS, desired: 4 })])];
    expect(a.hours[0]).toBe(b.hours[0]);
    expect(a.hours[1]).not.toBe(b.hours[1]);
  });
});
