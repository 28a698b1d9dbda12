const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
/** Hours of a weekday, then hours of a weekend day (UTC). */
const PROFILE_HOURS = 48;

/**
 * The hour of an instant: 0–23 on Monday to Friday, 24–47 on Saturday and Sunday.
 */
function profileHour(atMs: number): number {
  const day = ((Math.floor((atMs - FIRST_MONDAY_MS) / DAY_MS) % 7) + 7) % 7 >= 5 ? 24 : 0;
  return day + (((Math.floor(atMs / HOUR_MS) % 24) + 24) % 24);
}

/** A regular series: bin i starts at startMs + i·binMs (ms since 1970, UTC); NaN = unknown. */
export interface Bins {
  readonly startMs: number;
  readonly binMs: number;
  readonly values: Float64Array;
}

/**
 * The mean count per bin in each of the 48 hours. `kept(i)`: whether bin i counts. An hour without
 * any takes the other kind of day's, else the overall mean. Bins wider than an hour count in the
 * hour of their middle.
 */
export function hourProfile(bins: Bins, kept: (bin: number) => boolean): Float64Array {
  const sums = new Float64Array(PROFILE_HOURS);
  const counts = new Float64Array(PROFILE_HOURS);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < bins.values.length; i++) {
    const value = bins.values[i];
    if (Number.isNaN(value) || !kept(i)) continue;
    const hour = profileHour(bins.startMs + (i + 0.5) * bins.binMs);
    sums[hour] += value;
    counts[hour]++;
    sum += value;
    count++;
  }
  const mean = count === 0 ? 0 : sum / count;
  return Float64Array.from({ length: PROFILE_HOURS }, (_, hour) => {
    if (counts[hour] > 0) return sums[hour] / counts[hour];
    const twin = (hour + 24) % PROFILE_HOURS;
    return counts[twin] > 0 ? sums[twin] / counts[twin] : mean;
  });
}

/** A cosine between the centres of the hours of a profile; `generate` draws the same curve. */
export function curveAt(profile: ArrayLike<number>, atMs: number): number {
  const hours = (atMs - HOUR_MS / 2) / HOUR_MS;
  const low = Math.floor(hours);
  const weight = (1 - Math.cos(Math.PI * (hours - low))) / 2;
  return profile[profileHour(low * HOUR_MS)] * (1 - weight) + profile[profileHour((low + 1) * HOUR_MS)] * weight;
}

/** Share of a curve's hour that each neighbour makes up in its mean: 1/4 − 1/(2π). */
const LEAK = 0.25 - 1 / (2 * Math.PI);
const SHARPENINGS = 12;

/**
 * Levels at the centres of the hours whose curve has the given hourly means. Joining the means by
 * cosines would flatten peaks. Never negative.
 */
export function sharpened(means: Float64Array): Float64Array {
  let centres = means.slice();
  for (let round = 0; round < SHARPENINGS; round++) {
    const current = centres;
    centres = means.map((mean, hour) => {
      const day = hour < 24 ? 0 : 24;
      const before = current[day + ((hour - day + 23) % 24)];
      const after = current[day + ((hour - day + 1) % 24)];
      const flattened = current[hour] * (1 - 2 * LEAK) + (before + after) * LEAK;
      return Math.max(0, current[hour] + mean - flattened);
    });
  }
  return centres;
}
