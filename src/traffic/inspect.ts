import type { TraceTable } from "../world/scenario/resources.js";
import { type ChangePoint, findChangePoints } from "./analysis/change-points.js";
import { type Decomposition, decompose } from "./analysis/decompose.js";
import type { FlashCrowd } from "./analysis/flash-crowds.js";
import type { Bins } from "./analysis/hour-profile.js";
import { measureNoise, type Noise } from "./analysis/noise.js";
import { seasonStrength } from "./analysis/season-strength.js";
import { totalOf } from "./fit.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** The standard error of an index of n Poisson counts is √(2/n): ± 26 % at 30 (Cox, Lewis 1966). */
const FEWEST_OF_DISPERSION = 30;

/** A stretch of unknown bins. */
interface Gap {
  readonly firstBin: number;
  readonly bins: number;
}

/**
 * Mean absolute error of a simple forecast, relative to the mean count; NaN where the trace is too
 * short.
 */
interface SimpleErrors {
  readonly lead: string;
  readonly lastValue: number;
  readonly sameTimeYesterday: number;
  readonly sameTimeLastWeek: number;
  /** The error that Poisson noise alone causes: no forecast of the mean can do better. */
  readonly floor: number;
}

export interface Inspection {
  readonly total: Bins;
  readonly parts: Decomposition;
  readonly noise: Noise;
  /** The index of dispersion (see Noise); NaN with too few known bins, or without requests. */
  readonly dispersion: number;
  readonly gaps: readonly Gap[];
  readonly meanPerSecond: number;
  readonly peakPerSecond: number;
  /** Highest over mean. */
  readonly peakToMean: number;
  /**
   * Share of the variance of demand that the season explains, without crowds and noise (see
   * SeasonStrength).
   */
  readonly dailyStrength: number;
  readonly weeklyStrength: number;
  /** Share of the variance of single bins that Poisson noise makes. */
  readonly noiseShare: number;
  readonly crowds: readonly FlashCrowd[];
  readonly changePoints: readonly ChangePoint[];
  readonly errors: readonly SimpleErrors[];
  /** The consequences for forecasts, a sentence each. */
  readonly meaning: readonly string[];
}

/**
 * What is in a trace, all series together. Unknown bins must be NaN: read the trace with `unknown:
 * "kept"`.
 */
export function inspectTrace(table: TraceTable): Inspection {
  const total = totalOf(table);
  const parts = decompose(total);
  const known = total.values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const peak = known.reduce((highest, value) => Math.max(highest, value), 0);
  const perSecond = 1000 / total.binMs;
  const noise = measureNoise(total, parts);
  const season = seasonStrength(total, parts.isQuiet, noise.dispersion);
  const facts = {
    total,
    parts,
    noise,
    dispersion: known.length < FEWEST_OF_DISPERSION || mean === 0 ? Number.NaN : noise.dispersion,
    gaps: gapsOf(total.values),
    meanPerSecond: mean * perSecond,
    peakPerSecond: peak * perSecond,
    peakToMean: mean === 0 ? Number.NaN : peak / mean,
    dailyStrength: season.daily,
    weeklyStrength: season.weekly,
    noiseShare: season.noiseShare,
    crowds: parts.crowds,
    changePoints: findChangePoints(withTrend(parts)),
    errors: [total.binMs, HOUR_MS, DAY_MS]
      .filter((lead, i, all) => lead >= total.binMs && all.indexOf(lead) === i)
      .map((lead) => simpleErrors(total, lead, mean)),
  };
  return { ...facts, meaning: meaningOf(facts) };
}

/** The days' levels before the trend is removed: a step must not be taken for a slope. */
function withTrend(parts: Decomposition): Float64Array {
  const slope = Math.log(1 + parts.trendPerWeek) / 7;
  return parts.dayLevels.map((level, day) => level + slope * day);
}

function gapsOf(values: Float64Array): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) continue;
    let end = i;
    while (end + 1 < values.length && Number.isNaN(values[end + 1])) end++;
    gaps.push({ firstBin: i, bins: end - i + 1 });
    i = end;
  }
  return gaps;
}

function simpleErrors(bins: Bins, leadMs: number, mean: number): SimpleErrors {
  const { values, binMs } = bins;
  const lag = (ms: number): number => Math.max(1, Math.round(ms / binMs));
  // A forecast uses only values known `lead` ahead: for a lead of a day, yesterday's is the
  // latest.
  const errorAt = (distance: number): number =>
    distance < lag(leadMs) ? Number.NaN : meanDistance(values, distance) / mean;
  let floor = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    // Mean absolute deviation of a Poisson variable ≈ √(2λ/π).
    floor += Math.sqrt((2 * value) / Math.PI);
    count++;
  }
  return {
    lead:
      leadMs === binMs && leadMs !== HOUR_MS && leadMs !== DAY_MS
        ? "next bin"
        : leadMs === HOUR_MS
          ? "1 h"
          : leadMs === DAY_MS
            ? "1 d"
            : "next bin",
    lastValue: errorAt(lag(leadMs)),
    sameTimeYesterday: errorAt(lag(DAY_MS)),
    sameTimeLastWeek: errorAt(lag(WEEK_MS)),
    floor: floor / Math.max(1, count) / mean,
  };
}

function meanDistance(values: Float64Array, lag: number): number {
  let sum = 0;
  let count = 0;
  for (let i = lag; i < values.length; i++) {
    const distance = Math.abs(values[i] - values[i - lag]);
    if (Number.isNaN(distance)) continue;
    sum += distance;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

type Facts = Omit<Inspection, "meaning">;

function meaningOf(facts: Facts): string[] {
  const meaning = Number.isNaN(facts.dispersion)
    ? seasonSentences(facts)
    : [...seasonSentences(facts), noiseSentence(facts)];
  const weeks = (facts.total.values.length * facts.total.binMs) / WEEK_MS;
  if (facts.crowds.length > 0) {
    const highest = Math.max(...facts.crowds.map((crowd) => crowd.height)) + 1;
    meaning.push(
      `${counted(facts.crowds.length, "flash crowd")} (${Number((facts.crowds.length / weeks).toPrecision(2))} ` +
        `a week, up to ${Number(highest.toPrecision(3))} × the expected level) that no season announces: only ` +
        "headroom or a fast reaction helps against them.",
    );
  }
  if (facts.changePoints.length > 0)
    meaning.push(
      `The level shifts ${facts.changePoints.length === 1 ? "once" : `${facts.changePoints.length} times`} ` +
        "for good: history from before a shift misleads; let the forecaster retrain.",
    );
  if (weeks < 2) meaning.push("Less than two weeks: a weekly season cannot be distinguished from chance.");
  if (facts.gaps.length > 0) meaning.push("Unknown bins are interpolated when the trace is simulated.");
  return meaning;
}

/** No advice if the trace is too short, or if only noise varies. */
function seasonSentences({ dailyStrength, weeklyStrength, noiseShare, meanPerSecond }: Facts): string[] {
  if (meanPerSecond === 0) return ["There is no request, and so no season."];
  if (Number.isNaN(dailyStrength) && Number.isNaN(weeklyStrength))
    return ["Less than two days: a daily season cannot be distinguished from chance."];
  const strongest = Math.max(dailyStrength || 0, weeklyStrength || 0);
  const which = (weeklyStrength || 0) > (dailyStrength || 0) + 0.05 ? "time of the week" : "time of day";
  const share = `${Math.round(strongest * 100)} % of the variance of demand`;
  const noise =
    noiseShare > 0.2
      ? [
          `${Math.round(noiseShare * 100)} % of the variance of single ` +
            "bins is Poisson noise, which no forecast can take away.",
        ]
      : [];
  if (strongest >= 0.8) return [`The ${which} explains ${share}: demand is well predictable hours ahead.`, ...noise];
  if (strongest >= 0.4)
    return [`The ${which} explains ${share}: a seasonal forecast helps, the latest level must correct it.`, ...noise];
  return [`The ${which} explains only ${share}: look to the last minutes, not to the season.`, ...noise];
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

function noiseSentence({ dispersion }: Facts): string {
  const shown = Number(dispersion.toPrecision(3));
  if (dispersion < 0.8)
    return (
      "About the expected level the counts are steadier than Poisson (index " +
      `of dispersion ${shown}): square-root headroom is more than enough.`
    );
  if (dispersion < 1.5)
    return (
      "About the expected level the counts are as noisy as Poisson " +
      `(index of dispersion ${shown}): square-root headroom is right.`
    );
  return (
    "About the expected level the counts are burstier than Poisson (index of " +
    `dispersion ${shown}): square-root headroom is too little, use measured quantiles.`
  );
}
