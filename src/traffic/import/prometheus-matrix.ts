import { formatInstant } from "../../base/calendar.js";
import { InputError, type SourcePlace } from "../../base/errors.js";
import { MOST_REQUESTS } from "../whole-bins.js";
import { linesOf, listKeyOf } from "./json-list.js";

/** One series of an answer to `query_range`. */
export interface RangeSeries {
  readonly labels: ReadonlyMap<string, string>;
  readonly atMs: readonly number[];
  /** NaN = unknown. */
  readonly values: readonly number[];
}

type Path = readonly (string | number)[];
/** The place of a path in the answer: in a file, or the server's address. */
export type PlaceOf = (path: Path) => SourcePlace | string;
type PlaceOfValue = (index: number) => SourcePlace | string;

/** Seconds since 1970 beyond this (in the year 5138) are milliseconds. */
const MOST_SECONDS = 1e11;
/** How Prometheus writes what is no finite number: unknown. */
const UNKNOWN_VALUES: readonly unknown[] = ["NaN", "+Inf", "-Inf", "Inf", null];

/**
 * The series of an answer to `query_range`. Throws InputError for an error, for another type of
 * answer, for values that are no numbers, and for series that hold no requests: running totals,
 * buckets and quantiles.
 */
export function matrixOf(document: unknown, placeOf: PlaceOf): RangeSeries[] {
  refuseOtherObject(document, placeOf);
  const { status, error, data } = (document ?? {}) as {
    status?: unknown;
    error?: unknown;
    data?: { resultType?: unknown; result?: unknown };
  };
  if (status === "error")
    throw new InputError({
      code: "HR1413",
      where: placeOf([]),
      got: `the error "${String(error).slice(0, 200)}"`,
      remedy: "Mend the query",
    });
  if (status !== "success" || data?.resultType !== "matrix" || !Array.isArray(data.result)) {
    throw new InputError({
      code: "HR1413",
      where: placeOf([]),
      got: `an answer of type ${String(data?.resultType ?? "unknown")}`,
      expected: "a matrix, as query_range gives it",
      remedy: "Ask /api/v1/query_range with a start, an end and a step",
    });
  }
  if ((document as { isPartial?: unknown }).isPartial === true)
    throw new InputError({
      code: "HR1413",
      where: placeOf(["isPartial"]),
      got: "a partial answer: some storage nodes did not answer (VictoriaMetrics)",
      expected: "a whole answer",
      remedy: "Ask again with deny_partial_response=1, or when all nodes are up",
    });
  const all = data.result.map((one: unknown, i) => seriesOf(one, ["data", "result", i], placeOf));
  refuseOther(all, placeOf);
  return all;
}

/** Most characters of one warning that are shown. */
const WARNING_SHOWN = 200;

/** The warnings in an answer, such as "partial response" of Thanos, as notes for the user. */
export function warningsOf(document: unknown): string[] {
  const { warnings } = (document ?? {}) as { warnings?: unknown };
  if (!Array.isArray(warnings)) return [];
  return warnings.map((one) => `CAUTION: the server warned: ${String(one).slice(0, WARNING_SHOWN)}`);
}

/** A JSON object that is written on several lines is taken for an answer of Prometheus. */
function refuseOtherObject(document: unknown, placeOf: PlaceOf): void {
  if (typeof document !== "object" || document === null || "status" in document || "data" in document) return;
  const list = listKeyOf(document);
  const keys = Object.keys(document).slice(0, 8).join(", ");
  throw new InputError({
    code: "HR1401",
    where: placeOf([]),
    got: `a JSON object with the keys ${keys}`,
    expected: "an answer of Prometheus (status, data), or one object per line",
    remedy: list === undefined ? "Write one object per line: jq -c . FILE > lines.json" : linesOf(list),
  });
}

function seriesOf(one: unknown, path: Path, placeOf: PlaceOf): RangeSeries {
  const { metric, values, histograms } = (one ?? {}) as { metric?: unknown; values?: unknown; histograms?: unknown };
  if (typeof metric !== "object" || metric === null || !Array.isArray(values)) {
    throw new InputError({
      code: "HR1409",
      where: placeOf(path),
      got: histograms === undefined ? "a series without values" : "a native histogram",
      expected: "values",
      ...(histograms === undefined ? {} : { remedy: "Ask for sum(histogram_count(rate(NAME[1m])))" }),
    });
  }
  const placeOfValue: PlaceOfValue = (i) => placeOf([...path, "values", i]);
  const atMs: number[] = [];
  const numbers: number[] = [];
  values.forEach((pair: unknown, i) => {
    const [at, value] = Array.isArray(pair) ? pair : [];
    atMs.push(instantOf(at, i, placeOfValue));
    numbers.push(numberOf(value, i, placeOfValue));
  });
  refuseTwice(atMs, placeOfValue);
  const labels = new Map(Object.entries(metric).map(([name, value]) => [name, String(value)]));
  return { labels, atMs, values: numbers };
}

function instantOf(seconds: unknown, i: number, placeOf: PlaceOfValue): number {
  if (typeof seconds === "number" && Math.abs(seconds) <= MOST_SECONDS) return Math.round(seconds * 1000);
  throw new InputError({
    code: "HR1405",
    where: placeOf(i),
    got: `the time ${JSON.stringify(seconds)?.slice(0, 40) ?? "nothing"}`,
    expected: "seconds since 1970",
    remedy: "If these are milliseconds, divide them by 1000",
  });
}

function numberOf(written: unknown, i: number, placeOf: PlaceOfValue): number {
  if (UNKNOWN_VALUES.includes(written)) return Number.NaN;
  const isNumber = typeof written === "number" || (typeof written === "string" && written.trim() !== "");
  const value = isNumber ? Number(written) : Number.NaN;
  if (value >= 0 && value <= MOST_REQUESTS) return value;
  throw new InputError({
    code: "HR1404",
    where: placeOf(i),
    got: `the value ${JSON.stringify(written)?.slice(0, 40) ?? "nothing"}`,
    expected: `a number from 0 to ${MOST_REQUESTS.toExponential()}; NaN or null = unknown`,
    ...(value < 0 ? { remedy: "rate() and increase() are never negative; delta() and deriv() may be" } : {}),
  });
}

function refuseTwice(atMs: readonly number[], placeOf: PlaceOfValue): void {
  const seen = new Set<number>();
  atMs.forEach((at, i) => {
    if (seen.has(at))
      throw new InputError({
        code: "HR1406",
        where: placeOf(i),
        got: `a second value for ${formatInstant(at)}`,
        expected: "one value per series and step",
      });
    seen.add(at);
  });
}

/** Refuses series that are certainly no rate or count of requests. */
function refuseOther(all: readonly RangeSeries[], placeOf: PlaceOf): void {
  refuseCounters(all, placeOf);
  const limits = new Set(all.map(({ labels }) => labels.get("le")));
  const bucket = all.findIndex(({ labels }) => labels.has("le"));
  if (bucket >= 0 && limits.size > 1) {
    throw new InputError({
      code: "HR1404",
      where: placeOf(["data", "result", bucket]),
      got: `the buckets of a histogram (label le, ${limits.size} values)`,
      expected: "requests: each bucket counts those of the smaller ones again",
      remedy: "Ask for the histogram's own count: sum(rate(NAME_count[1m]))",
    });
  }
  const quantile = all.findIndex(({ labels }) => labels.has("quantile"));
  if (quantile >= 0) {
    throw new InputError({
      code: "HR1404",
      where: placeOf(["data", "result", quantile]),
      got: "quantiles of a summary (label quantile)",
      expected: "requests per second, or requests in each step",
      remedy: "Ask for the summary's own count: sum(rate(NAME_count[1m]))",
    });
  }
  const keys = all.map(({ labels }) => labelKey(labels));
  const twin = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  if (twin < 0) return;
  throw new InputError({
    code: "HR1406",
    where: placeOf(["data", "result", twin]),
    got: "a second series with the same labels",
    expected: "each series once",
  });
}

/**
 * A running total is no rate and no count. `rate()` and `increase()` drop the metric's name, so a
 * name that ends like a counter's is that of the counter itself.
 */
function refuseCounters(all: readonly RangeSeries[], placeOf: PlaceOf): void {
  const counter = all.findIndex(({ labels }) => /_(?:total|bucket)$/.test(labels.get("__name__") ?? ""));
  if (counter < 0) return;
  const name = all[counter].labels.get("__name__") ?? "";
  const asked = name.replace(/_bucket$/, "_count");
  throw new InputError({
    code: "HR1404",
    where: placeOf(["data", "result", counter]),
    got: `the counter ${name}, a running total`,
    expected: "requests per second, or requests in each step",
    remedy: `Ask for sum(rate(${asked}[1m])), or for sum(increase(${asked}[1m])) with --values count`,
  });
}

/** Equal for series of the same labels. */
export function labelKey(labels: ReadonlyMap<string, string>): string {
  return JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}
