import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { profileHalfWidth, SeasonalProfile } from "../../../src/control/forecast/seasonal-profile.js";
import { Track } from "../../../src/control/forecast/track.js";

interface Shape {
  readonly period: number;
  readonly gain: number;
  readonly half: number;
  readonly dayBins: number;
}

const SHAPES: readonly Shape[] = [
  { period: 24, gain: 0.25, half: 0, dayBins: 24 },
  { period: 24, gain: 0.6, half: 2, dayBins: 24 },
  { period: 70, gain: 0.2, half: 1, dayBins: 10 },
  { period: 10.3, gain: 0.3, half: 1, dayBins: 10 },
  { period: 16, gain: 0.2, half: 0, dayBins: 0 },
];

function counts(bins: number): number[] {
  const random = new RandomStream("profile");
  return Array.from({ length: bins }, () => 50 + 30 * random.uniform());
}

function profileOf({ period, gain, half, dayBins }: Shape, values: readonly number[]): SeasonalProfile {
  const profile = new SeasonalProfile(period, gain, half, dayBins);
  const track = new Track();
  for (const value of values) track.append(value);
  profile.extend(track);
  return profile;
}

/** Linear between the numbers before and after a position. */
function between(at: (i: number) => number, position: number): number {
  const low = Math.floor(position);
  return position === low ? at(low) : at(low) * (low + 1 - position) + at(low + 1) * (position - low);
}

/** The usual value at bin t by the documented rule, straight from the values. */
function usualAt({ period, gain, half, dayBins }: Shape, y: readonly number[]): (t: number) => number {
  const usual = (t: number): number => {
    const window = y.slice(Math.max(0, t - half), t + half + 1);
    const now = window.reduce((sum, value) => sum + value, 0) / window.length;
    if (t < period) return now;
    const [seasons, into] = [Math.floor(t / period), t % period];
    // The first seasons are averaged evenly; a new one counts fully after an eighth of a day.
    const seen = seasons + Math.min(1, (8 * into) / (dayBins === 0 ? period : dayBins));
    const share = Math.max(gain, 1 / seen);
    return (1 - share) * between(usual, t - period) + share * now;
  };
  return usual;
}

describe("the profile of a season", () => {
  it.each(SHAPES)("is the faded mean of past seasons: period $period, half width $half", (shape) => {
    const y = counts(Math.ceil(5.4 * shape.period));
    const profile = profileOf(shape, y);
    const usual = usualAt(shape, y);
    for (const end of [profile.minimumBins, Math.ceil(2.5 * shape.period), y.length]) {
      const season = Math.ceil(shape.period);
      // The last two lie at the edge of what is known: the profile of the last `half` bins is not.
      const aheads = [
        0,
        1,
        Math.floor(shape.period / 2),
        Math.ceil(1.5 * shape.period),
        season - 1,
        season - shape.half,
      ];
      for (const ahead of aheads) {
        let back = end + ahead - shape.period;
        while (Math.ceil(back) >= end - shape.half) back -= shape.period;
        expect(profile.at(end + ahead, end)).toBeCloseTo(between(usual, back), 9);
      }
    }
  });

  it("needs one season, one bin more if that is no whole number, and half its width", () => {
    expect(profileOf(SHAPES[1], []).minimumBins).toBe(26);
    expect(profileOf(SHAPES[3], []).minimumBins).toBe(13);
  });

  it("is the same whether it grows bin by bin or at once, and reads nothing at or after the end", () => {
    const shape = SHAPES[1];
    const y = counts(80);
    const whole = profileOf(shape, y);
    const track = new Track();
    const grown = new SeasonalProfile(shape.period, shape.gain, shape.half, shape.dayBins);
    for (let t = 0; t < 80; t++) {
      track.append(y[t]);
      grown.extend(track);
      if (t >= 40) expect(grown.at(t + 3, t + 1)).toBe(whole.at(t + 3, t + 1));
    }
  });

  it("goes on after its first bins were dropped, and begins anew when it is cleared", () => {
    const shape = SHAPES[0];
    const y = counts(96);
    const [dropped, cleared] = [profileOf(shape, y), profileOf(shape, y)];
    dropped.dropFirst(24);
    expect(dropped.at(75, 72)).toBe(cleared.at(99, 96));
    cleared.clear();
    const other = new Track();
    for (let t = 0; t < 30; t++) other.append(t);
    cleared.extend(other);
    expect(cleared.at(30, 30)).toBe(profileOf(shape, [...other.data.subarray(0, 30)]).at(30, 30));
  });

  it("averages over 25 minutes of 5-minute bins, and over one bin of an hour", () => {
    expect(profileHalfWidth(new BinHistory(0, 300_000))).toBe(2);
    expect(profileHalfWidth(new BinHistory(0, 3_600_000))).toBe(0);
  });
});
