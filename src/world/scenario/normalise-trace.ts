import { formatInstant, parseInstant } from "../../base/calendar.js";
import { formatCount, formatDuration } from "../../base/units.js";
import type { TrafficNames } from "./normalise-series.js";
import type { TraceTable } from "./resources.js";
import type { ScenarioFault } from "./schema/issues.js";
import { hasOwnSeries, type SeriesSpec, type TraceSource, traceSpan, type WrittenTrace } from "./sections/traffic.js";

/** Bins of a repeated trace: 160 MB at most. */
const MAX_BINS = 20_000_000;

export interface PlacedTrace {
  readonly source: TraceSource;
  readonly epochMs: number;
  readonly historyMs: number;
  /** The series that the trace itself has; undefined = the scenario's mix applies. */
  readonly series: readonly SeriesSpec[] | undefined;
}

/**
 * Puts a trace on the run's clock: which rows are simulated, which are history, and how they are
 * scaled. Faults are pushed.
 */
export function placeTrace(
  traffic: WrittenTrace,
  durationMs: number,
  table: TraceTable,
  names: TrafficNames,
  faults: ScenarioFault[],
): PlacedTrace | undefined {
  const { speed, history: wantedMs } = traffic;
  const { end = undefined, repeat = false } = traffic.source === "trace" ? traffic : {};
  const binMs = table.binMs / speed;
  const tableEndMs = table.startMs + table.values[0].length * table.binMs;
  const endMs = end === undefined ? tableEndMs : parseInstant(end);
  const startMs = Math.max(
    traffic.source === "trace" && traffic.start === undefined ? table.startMs : Number.NEGATIVE_INFINITY,
    traceSpan(traffic, durationMs, endMs).startMs,
  );
  const before = faults.length;
  if (!repeat) checkReach(table, startMs, endMs, durationMs * speed, traffic.start !== undefined, faults);
  const series = tableSeries(table, names, faults);
  if (faults.length > before) return undefined;
  const offsetMs = (startMs - table.startMs) / speed;
  const historyMs = repeat ? wantedMs : Math.min(wantedMs, Math.max(0, offsetMs));
  const first = Math.floor((offsetMs - historyMs) / binMs + 1e-9);
  const last = Math.ceil((offsetMs + durationMs) / binMs - 1e-9);
  if (last - first > MAX_BINS) {
    faults.push(tooManyBins(last - first, table.file));
    return undefined;
  }
  const { total, shares } = placedBins(table.values, first, last, series !== undefined);
  const originMs = first * binMs - offsetMs;
  const scale = scaleOf(traffic, durationMs, total, originMs, binMs);
  if (!Number.isFinite(scale)) {
    faults.push(noRequest);
    return undefined;
  }
  return {
    source: {
      kind: "trace",
      file: table.file,
      originMs,
      binMs,
      expected: total.map((value) => value * scale),
      shares,
      exact: traffic.counts === "exact",
      interpolated: table.interpolated,
      scale,
    },
    epochMs: startMs,
    historyMs,
    series,
  };
}

const noRequest: ScenarioFault = {
  path: ["traffic", "rate"],
  got: "a trace without any request in the simulated window",
  expected: "at least one",
  remedy: "Choose another start, or set traffic.scale",
};

function tooManyBins(bins: number, file: string): ScenarioFault {
  return {
    path: ["traffic"],
    got: `${formatCount(bins)} bins of ${file}`,
    expected: `at most ${formatCount(MAX_BINS)}`,
    remedy: "Shorten duration or traffic.history, or lower traffic.speed",
  };
}

/**
 * Rows `first` to `last` − 1 of a table that repeats without end: their sums, Float64Array[bins].
 * If the table has series of its own, also each series' part, Float64Array[bins × series].
 */
function placedBins(
  columns: readonly Float64Array[],
  first: number,
  last: number,
  hasSeries: boolean,
): { readonly total: Float64Array; readonly shares: Float64Array | undefined } {
  const total = new Float64Array(last - first);
  const shares = hasSeries && columns.length > 1 ? new Float64Array(total.length * columns.length) : undefined;
  for (let i = 0; i < total.length; i++) {
    const row = modulo(first + i, columns[0].length);
    columns.forEach((column, s) => {
      total[i] += column[row];
      if (shares !== undefined) shares[i * columns.length + s] = column[row];
    });
  }
  return { total, shares };
}

function checkReach(
  table: TraceTable,
  startMs: number,
  endMs: number,
  lengthMs: number,
  startGiven: boolean,
  faults: ScenarioFault[],
): void {
  const tableEndMs = table.startMs + table.values[0].length * table.binMs;
  const fromMs = startGiven ? startMs : table.startMs;
  const haveMs = Math.min(endMs, tableEndMs) - fromMs;
  if (startGiven && (startMs < table.startMs || startMs >= tableEndMs)) {
    faults.push({
      path: ["traffic", "start"],
      got: `a start outside the trace ${table.file}`,
      expected: `an instant from ${formatInstant(table.startMs)} to before ${formatInstant(tableEndMs)}`,
    });
  } else if (haveMs < lengthMs - 0.5) {
    faults.push({
      path: ["duration"],
      got: `a trace (${table.file}) of ${formatDuration(Math.max(0, haveMs))} from its start`,
      expected: `at least the simulated ${formatDuration(lengthMs)}`,
      remedy: "Shorten duration, choose an earlier traffic.start, or set traffic.repeat: true",
    });
  }
}

function tableSeries(
  table: TraceTable,
  names: TrafficNames,
  faults: ScenarioFault[],
): readonly SeriesSpec[] | undefined {
  const { columns } = table;
  if (!hasOwnSeries(table)) return undefined;
  return table.series.map((series) => ({
    region: indexOf("region", series.region, columns.region, names.regions, table.file, faults),
    format: indexOf("format", series.format, columns.format, names.formats, table.file, faults),
    segment: columns.segment ? series.segment : "all",
    share: 1,
  }));
}

function indexOf(
  what: string,
  name: string,
  present: boolean,
  known: readonly string[],
  file: string,
  faults: ScenarioFault[],
): number {
  if (!present && known.length === 1) return 0;
  const index = known.indexOf(name);
  if (index >= 0) return index;
  const got = present ? `the ${what} "${name}" in the trace ${file}` : `a trace (${file}) without a ${what} column`;
  faults.push({ path: ["traffic"], got, expected: `one of the scenario's ${what}s: ${known.join(", ")}` });
  return 0;
}

/** `scale`, or what makes the simulated mean the scenario's rate, or 1. */
function scaleOf(
  { scale, rate }: WrittenTrace,
  durationMs: number,
  total: Float64Array,
  originMs: number,
  binMs: number,
): number {
  if (scale !== undefined) return scale;
  if (rate === undefined) return 1;
  let simulated = 0;
  for (let i = 0; i < total.length; i++) {
    const fromMs = Math.max(0, originMs + i * binMs);
    const toMs = Math.min(durationMs, originMs + (i + 1) * binMs);
    if (toMs > fromMs) simulated += (total[i] * (toMs - fromMs)) / binMs;
  }
  return (rate * durationMs) / 1000 / simulated;
}

function modulo(i: number, n: number): number {
  return ((i % n) + n) % n;
}
