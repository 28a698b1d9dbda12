import { describe, expect, it } from "vitest";
import { HourOfWeekProfile } from "../../../src/control/policies/hour-of-week.js";
import type { ArrivalHistory } from "../../../src/ports/policy.js";

const HOUR_MS = 3_600_000;
const MONDAY = Date.UTC(2026, 0, 5) / HOUR_MS;

/** Bins of half an hour that end at t=0 on a Monday at midnight; `arrivals` by hours before t=0. */
function past(hours: number, arrivals: (hoursBefore: number, half: 0 | 1) => number): ArrivalHistory {
  const length = 2 * hours;
  const at = (_: number, bin: number): number => {
    if (bin < 0 || bin >= length) return Number.NaN;
    return arrivals(Math.ceil((length - bin) / 2), (bin % 2) as 0 | 1);
  };
  return { binMs: HOUR_MS / 2, originMs: -hours * HOUR_MS, epochMs: MONDAY * HOUR_MS, length, at };
}

describe("the profile of the week", () => {
  it("has the mean of each hour of the week, not that of the hour of the day", () => {
    // Two weeks; Sundays have 3 per half hour, other days 1 in the last week, 2 in the one before.
    const history = past(336, (before) => (before % 168 >= 1 && before % 168 <= 24 ? 3 : before <= 168 ? 1 : 2));
    const profile = new HourOfWeekProfile(history, 0, 336);
    expect(profile.hours).toBe(336);
    expect([MONDAY - 1, MONDAY - 24, MONDAY - 25, MONDAY - 100].map((hour) => profile.arrivals(hour))).toEqual([
      6, 6, 3, 3,
    ]);
    // A week ahead or behind is the same hour of the week, before 1970, too.
    for (const weeks of [1, -1, -4000]) expect(profile.arrivals(MONDAY - 1 + 168 * weeks)).toBe(6);
  });

  it("looks back over the given hours at most, and over whole hours of the past", () => {
    expect(
      new HourOfWeekProfile(
        past(100, () => 1),
        0,
        40,
      ).hours,
    ).toBe(40);
    expect(
      new HourOfWeekProfile(
        past(30, () => 1),
        0,
        40,
      ).hours,
    ).toBe(30);
    // The hours before the last 24 would raise the mean.
    const profile = new HourOfWeekProfile(
      past(25, (before) => (before === 25 ? 9 : 1)),
      0,
      24,
    );
    expect(profile.arrivals(MONDAY - 1)).toBe(2);
  });

  it("takes the hour of the day for an hour of the week that it never saw", () => {
    // A Sunday and a Saturday: the last hour had 2 and 8 arrivals, the first 20 and 30.
    const history = past(
      48,
      (before) =>
        new Map([
          [1, 1],
          [25, 4],
          [24, 10],
          [48, 15],
        ]).get(before) ?? 0,
    );
    const profile = new HourOfWeekProfile(history, 0, 48);
    expect([MONDAY + 23, MONDAY, MONDAY + 12].map((hour) => profile.arrivals(hour))).toEqual([5, 25, 0]);
  });

  it("fills an hour's unknown half by its known one, and has no value without any", () => {
    const half = new HourOfWeekProfile(
      past(24, (_, part) => (part === 0 ? 7 : Number.NaN)),
      0,
      24,
    );
    expect(half.arrivals(MONDAY - 3)).toBe(14);
    const unknown = past(48, (before) => (before === 3 ? Number.NaN : 1));
    // That hour of the Sunday is that of the Saturday; all of one alone is nothing.
    expect(new HourOfWeekProfile(unknown, 0, 48).arrivals(MONDAY - 3)).toBe(2);
    expect(new HourOfWeekProfile(unknown, 0, 24).arrivals(MONDAY - 3)).toBeNaN();
  });
});
