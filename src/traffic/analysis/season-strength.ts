import type { Bins } from "./hour-profile.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** A wider bin is used if at least this share of its parts is known and free of crowds. */
const KNOWN_SHARE = 0.5;
/**
 * The variance must exceed the noise by this many standard errors; else no season can explain any
 * of it.
 */
const ERRORS_ABOVE_NOISE = 3;

/** How much of the variance of demand a season explains, corrected for the share of noise. */
export interface SeasonStrength {
  /**
   * 1 − Var(rest)/Var(rest + season), in [0, 1] (Wang, Smith, Hyndman 2006); NaN below two periods.
   */
  readonly daily: number;
  readonly weekly: number;
  /**
   * Share of the variance of single bins that Poisson noise makes, in [0, 1]; NaN where nothing
   * varies.
   */
  readonly noiseShare: number;
}

/**
 * Computes the season on the bins and on their hourly sums, and takes the stronger one: the
 * narrower the bins, the more of their variance is noise, which is unrelated to demand. Bins that
 * are not `isQuiet` (unknown, or in a crowd) are left out. `dispersion` is the index of dispersion
 * about the expected level; below 1 the noise is smaller than Poisson's.
 */
export function seasonStrength(bins: Bins, isQuiet: Uint8Array, dispersion: number): SeasonStrength {
  const quiet = { ...bins, values: bins.values.map((value, i) => (isQuiet[i] === 1 ? value : Number.NaN)) };
  const widths = [quiet, ...(bins.binMs < HOUR_MS && HOUR_MS % bins.binMs === 0 ? [hourly(quiet)] : [])];
  const share = Math.min(1, dispersion);
  const strongest = (periodMs: number): number => {
    const found = widths.map((one) => strength(one, periodMs, share)).filter((one) => !Number.isNaN(one));
    return found.length === 0 ? Number.NaN : Math.max(...found);
  };
  const known = [...quiet.values].filter((value) => !Number.isNaN(value));
  const variance = varianceOf(known);
  return {
    daily: strongest(DAY_MS),
    weekly: strongest(WEEK_MS),
    noiseShare: variance === 0 ? Number.NaN : Math.min(1, (share * meanOf(known)) / variance),
  };
}

/** Sums to whole hours; an hour of which a part is missing is scaled up to the whole. */
function hourly({ startMs, binMs, values }: Bins): Bins {
  const parts = HOUR_MS / binMs;
  const firstMs = Math.ceil(startMs / HOUR_MS) * HOUR_MS;
  const skipped = Math.round((firstMs - startMs) / binMs);
  const hours = Math.max(0, Math.floor((values.length - skipped) / parts));
  const sums = Float64Array.from({ length: hours }, (_, hour) => {
    const known = values
      .subarray(skipped + hour * parts, skipped + (hour + 1) * parts)
      .filter((one) => !Number.isNaN(one));
    return known.length < KNOWN_SHARE * parts ? Number.NaN : meanOf([...known]) * parts;
  });
  return { startMs: firstMs, binMs: HOUR_MS, values: sums };
}

/**
 * The season is the mean at each phase of the period; NaN below two periods. A phase is as wide
 * as a bin and counted from the start of each period. If bins do not divide the period, phases of
 * whole bins would move by up to half a bin a day: in 60 days, bins of 25 minutes would lose half
 * of a daily season.
 */
function strength({ values, binMs }: Bins, periodMs: number, noise: number): number {
  const period = Math.ceil(periodMs / binMs);
  if (period < 2 || values.length < 2 * Math.round(periodMs / binMs)) return Number.NaN;
  const phaseOf = (bin: number): number => Math.floor(((bin * binMs) % periodMs) / binMs);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    sums[phaseOf(i)] += value;
    counts[phaseOf(i)]++;
  });
  const all: number[] = [];
  const rest: number[] = [];
  let scatter = 0;
  values.forEach((value, i) => {
    const phase = phaseOf(i);
    const count = counts[phase];
    // A phase that was seen once equals its own season: it would look perfectly seasonal.
    if (Number.isNaN(value) || count < 2) return;
    all.push(value);
    // Leave-one-out, so that few periods do not look stronger than many. Both parts contain its
    // noise.
    rest.push(((value - sums[phase] / count) * count) / (count - 1));
    scatter += (noise * value * count) / (count - 1);
  });
  if (all.length === 0) return Number.NaN;
  const ownNoise = noise * meanOf(all);
  const total = varianceOf(all);
  const error = total * Math.sqrt(2 / all.length);
  if (total - ownNoise <= ERRORS_ABOVE_NOISE * error) return 0;
  const unexplained = Math.max(0, varianceOf(rest) - scatter / all.length);
  return Math.max(0, 1 - unexplained / (total - ownNoise));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(1, values.length);
}
