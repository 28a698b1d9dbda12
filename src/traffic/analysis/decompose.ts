import { type FlashCrowd, findFlashCrowds } from "./flash-crowds.js";
import { type Bins, curveAt, hourProfile, sharpened } from "./hour-profile.js";

const DAY_MS = 86_400_000;
/** A day's level is used if at least this share of its bins is known and free of crowds. */
const KNOWN_SHARE = 0.5;
/** With fewer days than this a slope is noise, not a trend. */
const TREND_DAYS = 14;

/**
 * A decomposed series: hour of the day × kind of day, level of each day, trend, crowds. The rest
 * is noise.
 */
export interface Decomposition {
  /** Mean count per bin at the centre of each of the 48 hours. */
  readonly profile: Float64Array;
  /**
   * Logarithm of each day's level against its profile and the trend, by UTC day from `firstDay`;
   * NaN if too few of the day's bins are known.
   */
  readonly dayLevels: Float64Array;
  readonly firstDay: number;
  readonly trendPerWeek: number;
  readonly crowds: readonly FlashCrowd[];
  /** The expected count of each bin from profile, trend and day levels. */
  readonly expected: Float64Array;
  /** Is the bin known and outside every crowd? */
  readonly isQuiet: Uint8Array;
}

/** Two rounds: the first profile serves to find crowds, which the second profile leaves out. */
export function decompose(bins: Bins): Decomposition {
  const { values } = bins;
  let isQuiet = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1));
  let crowds: readonly FlashCrowd[] = [];
  let fitted = fitLevels(bins, isQuiet);
  for (let round = 0; round < 2; round++) {
    crowds = findFlashCrowds(bins, fitted.expected);
    isQuiet = quietBins(bins, crowds);
    fitted = fitLevels(bins, isQuiet);
  }
  return { ...fitted, crowds, isQuiet };
}

function fitLevels(bins: Bins, isQuiet: Uint8Array): Omit<Decomposition, "crowds" | "isQuiet"> {
  const { startMs, binMs, values } = bins;
  const profile = sharpened(hourProfile(bins, (i) => isQuiet[i] === 1));
  const curve = Float64Array.from(values, (_, i) => curveAt(profile, startMs + (i + 0.5) * binMs));
  const firstDay = Math.floor(startMs / DAY_MS);
  const levels = rawDayLevels(bins, curve, isQuiet, firstDay);
  const slope = slopeOf(levels);
  const dayLevels = levels.map((level, day) => level - slope * day);
  const centre = meanOfKnown(dayLevels);
  const expected = curve.map((level, i) => {
    const days = (startMs + (i + 0.5) * binMs) / DAY_MS - firstDay;
    return level * Math.exp(glide(dayLevels, days, centre) + slope * (days - 0.5));
  });
  return {
    profile,
    dayLevels: dayLevels.map((level) => level - centre),
    firstDay,
    trendPerWeek: Math.exp(7 * slope) - 1,
    expected,
  };
}

function rawDayLevels(bins: Bins, curve: Float64Array, isQuiet: Uint8Array, firstDay: number): Float64Array {
  const { startMs, binMs, values } = bins;
  const days = Math.floor((startMs + values.length * binMs - 1) / DAY_MS) - firstDay + 1;
  const sums = new Float64Array(days);
  const expected = new Float64Array(days);
  const known = new Float64Array(days);
  for (let i = 0; i < values.length; i++) {
    if (isQuiet[i] === 0) continue;
    const day = Math.floor((startMs + (i + 0.5) * binMs) / DAY_MS) - firstDay;
    sums[day] += values[i];
    expected[day] += curve[i];
    known[day]++;
  }
  const fewest = (KNOWN_SHARE * DAY_MS) / binMs;
  return sums.map((sum, day) =>
    known[day] >= fewest && sum > 0 && expected[day] > 0 ? Math.log(sum / expected[day]) : Number.NaN,
  );
}

/** Least squares through the known days; 0 with too few of them. */
function slopeOf(levels: Float64Array): number {
  let n = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  levels.forEach((level, day) => {
    if (Number.isNaN(level)) return;
    n++;
    sx += day;
    sy += level;
    sxx += day * day;
    sxy += day * level;
  });
  return n < TREND_DAYS ? 0 : (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

function meanOfKnown(levels: Float64Array): number {
  const known = levels.filter((level) => !Number.isNaN(level));
  return known.length === 0 ? 0 : known.reduce((sum, level) => sum + level, 0) / known.length;
}

/** Between the noons of two days; an unknown day takes `centre`. */
function glide(levels: Float64Array, days: number, centre: number): number {
  const at = (day: number): number => {
    const level = levels[Math.min(levels.length - 1, Math.max(0, day))];
    return Number.isNaN(level) ? centre : level;
  };
  const low = Math.floor(days - 0.5);
  return at(low) + (at(low + 1) - at(low)) * (days - 0.5 - low);
}

function quietBins(bins: Bins, crowds: readonly FlashCrowd[]): Uint8Array<ArrayBuffer> {
  const isQuiet = Uint8Array.from(bins.values, (value) => (Number.isNaN(value) ? 0 : 1));
  for (const { firstBin, lastBin, decayMs } of crowds) {
    isQuiet.fill(0, firstBin, lastBin + 1 + Math.ceil((2 * decayMs) / bins.binMs));
  }
  return isQuiet;
}
