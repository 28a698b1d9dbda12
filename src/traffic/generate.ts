import { RandomStream } from "../base/random.js";
import type { TraceTable } from "../world/scenario/resources.js";
import type { WorkloadModel } from "./workload-model.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

export interface GenerateOptions {
  /** ms since 1970 (UTC); a multiple of the bin. */
  readonly startMs: number;
  readonly days: number;
  /** Instead of the model's own. */
  readonly seed?: number;
}

/**
 * Whole counts, Poisson around the model's level with its noise. The same model and seed give the
 * same trace.
 */
export function generateTrace(model: WorkloadModel, options: GenerateOptions): TraceTable {
  const seed = `${options.seed ?? model.seed}/workload`;
  const level = workloadLevel(model, options);
  const values = level.values.map((expected, s) => {
    const random = new RandomStream(`${seed}/counts/${s}`);
    return expected.map((mean) => random.poisson(mean));
  });
  return { ...level, values };
}

/**
 * The level itself: expected requests per bin and series, day factors, noise, trend and flash
 * crowds included.
 */
export function workloadLevel(model: WorkloadModel, options: GenerateOptions): TraceTable {
  const binMs = model.binSeconds * 1000;
  const bins = Math.round((options.days * DAY_MS) / binMs);
  const common = commonLevel(model, options.startMs, bins, `${options.seed ?? model.seed}/workload`);
  const values = model.series.map((series) => {
    const weekday = normalised(series.weekday, series.weekend);
    return Float64Array.from({ length: bins }, (_, i) => {
      const middleMs = options.startMs + (i + 0.5) * binMs;
      return series.meanPerSecond * model.binSeconds * profileAt(series, weekday, middleMs) * common[i];
    });
  });
  const series = model.series.map(({ region = "", format = "", segment = "" }) => ({ region, format, segment }));
  const has = (key: "region" | "format" | "segment"): boolean => series.some((one) => one[key] !== "");
  const columns = { region: has("region"), format: has("format"), segment: has("segment") };
  return { file: "", startMs: options.startMs, binMs, columns, series, values, interpolated: 0 };
}

/**
 * What all series share, per bin: day factors, autocorrelated noise, trend and flash crowds; mean
 * about 1.
 */
function commonLevel(model: WorkloadModel, startMs: number, bins: number, seed: string): Float64Array {
  const binMs = model.binSeconds * 1000;
  const noiseRandom = new RandomStream(`${seed}/noise`);
  const whiteRandom = new RandomStream(`${seed}/white`);
  const dayRandom = new RandomStream(`${seed}/days`);
  const crowdRandom = new RandomStream(`${seed}/crowds`);
  const { sigma, correlation, white: whiteSigma = 0 } = model.noise;
  const innovation = sigma * Math.sqrt(1 - correlation * correlation);
  const level = new Float64Array(bins);
  let noise = sigma * noiseRandom.normal();
  let day = Math.floor(startMs / DAY_MS);
  let today = dayFactor(model, dayRandom);
  let yesterday = today;
  let tomorrow = dayFactor(model, dayRandom);
  let crowd = 0;
  const decay = Math.exp(-binMs / 60_000 / model.flashCrowds.decayMinutes);
  for (let i = 0; i < bins; i++) {
    const atMs = startMs + i * binMs;
    if (Math.floor(atMs / DAY_MS) !== day) {
      day = Math.floor(atMs / DAY_MS);
      yesterday = today;
      today = tomorrow;
      tomorrow = dayFactor(model, dayRandom);
    }
    // The factor changes gradually from noon to noon: real traffic has no step at midnight.
    const phase = (atMs % DAY_MS) / DAY_MS;
    const factor =
      phase < 0.5 ? yesterday + (today - yesterday) * (phase + 0.5) : today + (tomorrow - today) * (phase - 0.5);
    noise = correlation * noise + innovation * noiseRandom.normal();
    const white = whiteSigma * whiteRandom.normal() - (whiteSigma * whiteSigma) / 2;
    crowd *= decay;
    if (crowdRandom.uniform() < (model.flashCrowds.perWeek * binMs) / (7 * DAY_MS))
      crowd += model.flashCrowds.height * (0.5 + crowdRandom.uniform());
    const weeks = (atMs - startMs) / (7 * DAY_MS);
    const trend = weeks * Math.log(1 + model.trendPerWeek);
    level[i] = Math.exp(factor + noise - (sigma * sigma) / 2 + white + trend) * (1 + crowd);
  }
  return level;
}

function dayFactor(model: WorkloadModel, random: RandomStream): number {
  return model.dayToDaySigma * random.normal() - (model.dayToDaySigma * model.dayToDaySigma) / 2;
}

/** The two profiles are divided by this, so that their mean over a week is 1. */
function normalised(weekday: readonly number[], weekend: readonly number[]): number {
  const sum = (hours: readonly number[]): number => hours.reduce((total, hour) => total + hour, 0);
  return (5 * sum(weekday) + 2 * sum(weekend)) / 168;
}

/**
 * The relative level at an instant: a cosine between the centres of the hours, so that the curve
 * has no corners.
 */
function profileAt(series: WorkloadModel["series"][number], mean: number, atMs: number): number {
  const hours = (atMs - HOUR_MS / 2) / HOUR_MS;
  const low = Math.floor(hours);
  const weight = (1 - Math.cos(Math.PI * (hours - low))) / 2;
  return (hourLevel(series, low) * (1 - weight) + hourLevel(series, low + 1) * weight) / mean;
}

function hourLevel(series: WorkloadModel["series"][number], hour: number): number {
  const day = Math.floor((hour * HOUR_MS - FIRST_MONDAY_MS) / DAY_MS);
  const weekend = ((day % 7) + 7) % 7 >= 5;
  return (weekend ? series.weekend : series.weekday)[((hour % 24) + 24) % 24];
}
