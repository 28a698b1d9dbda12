import { InputError } from "../base/errors.js";
import type { TraceTable } from "../world/scenario/resources.js";
import { decompose } from "./analysis/decompose.js";
import { type Bins, hourProfile, sharpened } from "./analysis/hour-profile.js";
import { measureNoise } from "./analysis/noise.js";
import { generateTrace } from "./generate.js";
import type { WorkloadModel } from "./workload-model.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

export interface FitOptions {
  readonly seed: number;
  readonly holding?: { readonly meanSeconds: number; readonly cv: number };
}

/** All series of a table in one, bin by bin; unknown where any is unknown. */
export function totalOf(table: TraceTable): Bins {
  const values = Float64Array.from(table.values[0], (_, i) => table.values.reduce((sum, column) => sum + column[i], 0));
  return { startMs: table.startMs, binMs: table.binMs, values };
}

/**
 * A compact model of a trace: per series its mean and its profile by hour and kind of day; for
 * all together noise, day-to-day spread, trend and flash crowds. It holds some hundred numbers,
 * none of them the count of a bin. Throws InputError for less than two days, or if bins do not
 * divide an hour.
 */
export function fitWorkload(table: TraceTable, options: FitOptions): WorkloadModel {
  const bins = totalOf(table);
  requireEnough(table);
  const parts = decompose(bins);
  const noise = measureNoise(bins, parts);
  const weeks = (bins.values.length * bins.binMs) / WEEK_MS;
  const crowds = parts.crowds;
  const grown = meanGrowth(parts.trendPerWeek, weeks);
  const meanOf = (pick: (crowd: (typeof crowds)[number]) => number): number =>
    crowds.reduce((sum, crowd) => sum + pick(crowd), 0) / Math.max(1, crowds.length);
  const model: WorkloadModel = {
    kind: "workload",
    binSeconds: table.binMs / 1000,
    seed: options.seed,
    series: table.series.map((labels, s) =>
      seriesModel(labels, { ...bins, values: table.values[s] }, parts.isQuiet, grown),
    ),
    noise: { sigma: rounded(noise.sigma), correlation: noise.correlation, white: rounded(noise.white) },
    dayToDaySigma: rounded(daySpread(parts.dayLevels, noise, DAY_MS / bins.binMs)),
    trendPerWeek: rounded(parts.trendPerWeek),
    flashCrowds: {
      perWeek: rounded(crowds.length / weeks),
      height: rounded(meanOf((crowd) => crowd.height)),
      decayMinutes: crowds.length === 0 ? 30 : rounded(meanOf((crowd) => crowd.decayMs) / 60_000),
    },
    ...(options.holding === undefined ? {} : { holding: options.holding }),
  };
  return withDispersion(model, table, noise.dispersion);
}

/** Rounds of matching, and traces drawn in each. */
const MATCHING_ROUNDS = 3;
const MATCHING_TRACES = 4;

/**
 * Scales the noise until traces from the model are as dispersed about their season as the
 * original (indirect inference; Gouriéroux, Monfort, Renault 1993). The decomposition removes
 * some of the noise, and counts effects that hours cannot explain as noise.
 */
function withDispersion(model: WorkloadModel, table: TraceTable, target: number): WorkloadModel {
  const days = (table.values[0].length * table.binMs) / DAY_MS;
  let matched = model;
  for (let round = 0; round < MATCHING_ROUNDS; round++) {
    let made = 0;
    for (let seed = 1; seed <= MATCHING_TRACES; seed++) {
      const bins = totalOf(generateTrace(matched, { startMs: table.startMs, days, seed }));
      made += measureNoise(bins, decompose(bins)).dispersion / MATCHING_TRACES;
    }
    // What exceeds Poisson grows with the square of the noise.
    const ratio = Math.sqrt(Math.max(0, target - 1) / Math.max(1e-6, made - 1));
    const scale = Math.min(2, Math.max(0.25, ratio));
    const { sigma, correlation, white = 0 } = matched.noise;
    matched = { ...matched, noise: { sigma: rounded(sigma * scale), correlation, white: rounded(white * scale) } };
  }
  return matched;
}

function requireEnough(table: TraceTable): void {
  const lengthMs = table.values[0].length * table.binMs;
  if (lengthMs < 2 * DAY_MS)
    throw new InputError({
      code: "HR1407",
      where: table.file,
      got: `${Number((lengthMs / DAY_MS).toPrecision(3))} days`,
      expected: "at least two days",
    });
  if (HOUR_MS % table.binMs !== 0)
    throw new InputError({
      code: "HR1406",
      where: table.file,
      got: `bins of ${table.binMs / 1000} s`,
      expected: "bins that divide an hour",
    });
  const sum = table.values.reduce(
    (total, column) => total + column.reduce((part, value) => part + (value > 0 ? value : 0), 0),
    0,
  );
  if (!(sum > 0))
    throw new InputError({ code: "HR1409", where: table.file, got: "no request at all", expected: "some traffic" });
}

function seriesModel(
  labels: { region: string; format: string; segment: string },
  bins: Bins,
  isQuiet: Uint8Array,
  grown: number,
): WorkloadModel["series"][number] {
  const means = hourProfile(bins, (i) => isQuiet[i] === 1);
  const centres = sharpened(means);
  const weekMean = means.reduce((sum, mean, hour) => sum + mean * (hour < 24 ? 5 : 2), 0) / 168;
  const top = Math.max(...centres, 1e-12);
  const relative = (from: number): number[] =>
    Array.from(centres.subarray(from, from + 24), (level) => rounded((100 * level) / top));
  const named = Object.fromEntries(Object.entries(labels).filter(([, label]) => label !== ""));
  // A series without any request in this trace still has a rate above 0: one request in its whole
  // length.
  const perBin = Math.max(weekMean / grown, 1 / bins.values.length);
  return {
    ...named,
    meanPerSecond: rounded((perBin * 1000) / bins.binMs, 6),
    weekday: relative(0),
    weekend: relative(24),
  };
}

/** Mean of the trend's factor over the trace: the model's level is that of its first bin. */
function meanGrowth(perWeek: number, weeks: number): number {
  const exponent = weeks * Math.log(1 + perWeek);
  return Math.abs(exponent) < 1e-9 ? 1 : (Math.exp(exponent) - 1) / exponent;
}

/**
 * Spread of the day levels, less the spread that autocorrelated noise alone gives to a day's
 * mean.
 */
function daySpread(
  levels: Float64Array,
  noise: { readonly sigma: number; readonly correlation: number },
  binsPerDay: number,
): number {
  const known = levels.filter((level) => !Number.isNaN(level));
  if (known.length < 3) return 0;
  const variance = known.reduce((sum, level) => sum + level * level, 0) / (known.length - 1);
  const { sigma, correlation } = noise;
  const ofNoise = (sigma * sigma * (1 + correlation)) / (1 - correlation) / binsPerDay;
  return Math.sqrt(Math.max(0, variance - ofNoise));
}

function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}
