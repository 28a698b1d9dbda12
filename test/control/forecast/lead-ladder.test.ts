import { describe, expect, it } from "vitest";
import {
  isBeginning,
  LeadLadder,
  leadsUpTo,
  rungsUpTo,
  scoredLeads,
} from "../../../src/control/forecast/lead-ladder.js";
import { seasonOf } from "../../../src/control/forecast/season.js";

const HOUR = 3_600_000;

describe("the leads that are scored", () => {
  it("reach up to a day, or to a dozen bins where a day has fewer", () => {
    expect([...scoredLeads(seasonOf(HOUR / 12))]).toEqual([1, 2, 3, 5, 9, 18, 36, 72, 144, 240]);
    expect([...scoredLeads(seasonOf(HOUR / 3))]).toEqual([1, 2, 3, 5, 9, 18, 36, 72]);
    expect([...scoredLeads(seasonOf(HOUR))]).toEqual([1, 2, 3, 5, 9, 18]);
    expect([...scoredLeads(seasonOf(48 * HOUR))]).toEqual([1, 2, 3, 5, 9]);
  });

  it("end with the first that reaches the longest lead", () => {
    const season = seasonOf(HOUR / 12);
    expect([...scoredLeads(season, 12)]).toEqual([1, 2, 3, 5, 9, 18]);
    expect([...scoredLeads(season, 9)]).toEqual([1, 2, 3, 5, 9]);
    expect([...scoredLeads(season, 1)]).toEqual([1]);
    expect([...rungsUpTo([4, 8], 1)]).toEqual([4]);
  });

  it("are every bin for a forecast", () => {
    expect([...leadsUpTo(4)]).toEqual([1, 2, 3, 4]);
  });

  it("begin the scored ones, or do not", () => {
    const scored = Int32Array.of(1, 2, 3, 5, 9);
    const begins = [leadsUpTo(0), leadsUpTo(3), leadsUpTo(4), scored, leadsUpTo(9), Int32Array.of(2)];
    expect(begins.map((leads) => isBeginning(leads, scored))).toEqual([true, true, false, true, false, false]);
  });
});

describe("the place of a lead between rungs", () => {
  it("is by the logarithm of the lead: of rungs 1, 2, 8, lead 4 lies half-way between 2 and 8", () => {
    const ladder = new LeadLadder(Int32Array.of(1, 2, 8));
    expect(ladder.place(4).low).toBe(1);
    expect(ladder.place(4).share).toBeCloseTo(0.5, 12);
    expect(ladder.place(7).low).toBe(1);
    expect(ladder.place(7).share).toBeCloseTo(Math.log2(7 / 2) / 2, 12);
  });

  it("is a rung itself for its lead, and the last rung for any longer lead", () => {
    const ladder = new LeadLadder(Int32Array.of(1, 2, 8));
    expect([1, 2, 8, 9, 1000].map((lead) => ladder.place(lead))).toEqual(
      [0, 1, 2, 2, 2].map((low) => ({ low, share: 0 })),
    );
  });

  it("is computed once per lead", () => {
    const ladder = new LeadLadder(Int32Array.of(1, 2, 8));
    const first = ladder.place(5);
    expect(ladder.place(5)).toBe(first);
    expect(ladder.place(6)).not.toEqual(first);
  });
});
