import { formatInstant } from "../../base/calendar.js";
import type { TraceTable } from "../../world/scenario/resources.js";

/** A rate that goes up and down with a period, in the history as well. */
export interface Wave {
  /** `sine`: rate · (1 + height · sin); `pulse`: rate × height for a quarter of each period. */
  readonly kind: "sine" | "pulse";
  /** Of a sine its amplitude in [0, 1]; of a pulse a factor of at least 1. */
  readonly height: number;
  readonly periodMs: number;
  readonly phaseMs: number;
}

/** A crowd that comes once, after t=0, and is not in the history. */
export interface Surge {
  readonly atMs: number;
  readonly lengthMs: number;
  /** Factor on the rate. */
  readonly height: number;
}

/** Generated traffic: a rate, and up to two changes to it. */
export interface TrafficShape {
  readonly ratePerSecond: number;
  readonly wave?: Wave;
  readonly surge?: Surge;
}

/** A section `traffic` of a scenario, and the trace that it names, if any. */
export interface WrittenTraffic {
  readonly section: Readonly<Record<string, unknown>>;
  readonly trace: TraceTable | undefined;
}

const MINUTE_MS = 60_000;
/** Bins of a trace, the widest that fits first: two weeks of minutes are half a megabyte. */
const BINS_MS = [60, 30, 20, 15, 10, 5, 4, 3, 2, 1].map((minutes) => minutes * MINUTE_MS);
/** Bins in a period of a sine. */
const LEAST_BINS = 24;
const EPOCH_MS = Date.UTC(2026, 0, 5);
/** The part of each period that a pulse lasts. */
const PULSE_SHARE = 0.25;

/** Arrivals per second at an instant of the run, in ms; negative instants are history. */
export function rateAt({ ratePerSecond, wave, surge }: TrafficShape, atMs: number): number {
  const surged = surge !== undefined && atMs >= surge.atMs && atMs < surge.atMs + surge.lengthMs ? surge.height : 1;
  return ratePerSecond * surged * (wave === undefined ? 1 : waveAt(wave, atMs));
}

function waveAt({ kind, height, periodMs, phaseMs }: Wave, atMs: number): number {
  const turn = (atMs - phaseMs) / periodMs;
  if (kind === "sine") return 1 + height * Math.sin(2 * Math.PI * turn);
  return turn - Math.floor(turn) < PULSE_SHARE ? height : 1;
}

/**
 * The shape as a scenario writes it: a parametric source if there is one, else a trace whose rows
 * before `start` are the history.
 */
export function writtenTraffic(
  shape: TrafficShape,
  durationMs: number,
  historyMs: number,
  traceFile: string,
): WrittenTraffic {
  const { ratePerSecond, wave, surge } = shape;
  const rate = `${ratePerSecond}/s`;
  if (surge === undefined && wave === undefined) return { section: { source: "poisson", rate }, trace: undefined };
  if (surge === undefined && wave?.kind === "sine") {
    const period = durationText(wave.periodMs);
    const phase = durationText(wave.phaseMs);
    return { section: { source: "sinusoid", rate, amplitude: wave.height, period, phase }, trace: undefined };
  }
  const binMs = binOf(shape);
  const before = Math.ceil(historyMs / binMs);
  const bins = before + Math.ceil(durationMs / binMs);
  const values = Float64Array.from({ length: bins }, (_, bin) => {
    const perBin = rateAt(shape, (bin - before + 0.5) * binMs) * (binMs / 1000);
    return Number(perBin.toPrecision(4));
  });
  const start = formatInstant(EPOCH_MS + before * binMs);
  return {
    section: { source: "trace", file: traceFile, start, scale: 1 },
    trace: {
      file: traceFile,
      startMs: EPOCH_MS,
      binMs,
      columns: { region: false, format: false, segment: false },
      series: [{ region: "", format: "", segment: "" }],
      values: [values],
      interpolated: 0,
    },
  };
}

/** The widest bin whose edges include all steps and that is narrow enough for a sine. */
function binOf({ wave, surge }: TrafficShape): number {
  const steps = surge === undefined ? [] : [surge.atMs, surge.lengthMs];
  if (wave?.kind === "pulse") steps.push(wave.phaseMs, wave.periodMs * PULSE_SHARE);
  const mostMs = wave?.kind === "sine" ? wave.periodMs / LEAST_BINS : Number.POSITIVE_INFINITY;
  const fits = (binMs: number): boolean => binMs <= mostMs && steps.every((step) => step % binMs === 0);
  return BINS_MS.find(fits) ?? MINUTE_MS;
}

/** "90s", "2h": one number and the largest unit that keeps it whole. */
export function durationText(ms: number): string {
  const units: readonly [string, number][] = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1000],
  ];
  for (const [unit, length] of units) if (ms >= length && ms % length === 0) return `${ms / length}${unit}`;
  return `${ms}ms`;
}

/** The traffic in words, for a sentence: "2 requests/s, ×4 for 15min from 30min on". */
export function shapeText({ ratePerSecond, wave, surge }: TrafficShape): string {
  const parts = [`${ratePerSecond} requests/s`];
  if (wave?.kind === "sine") parts.push(`up and down by ${wave.height * 100} % every ${durationText(wave.periodMs)}`);
  if (wave?.kind === "pulse") {
    const length = durationText(wave.periodMs * PULSE_SHARE);
    parts.push(`×${wave.height} for ${length} of every ${durationText(wave.periodMs)}`);
  }
  if (surge !== undefined)
    parts.push(`once ×${surge.height} for ${durationText(surge.lengthMs)} from ${durationText(surge.atMs)} on`);
  return parts.join(", ");
}
