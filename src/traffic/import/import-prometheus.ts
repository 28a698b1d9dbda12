import { InputError } from "../../base/errors.js";
import { parseJson } from "../json-text.js";
import { readTextFile } from "../text-file.js";
import { boundedAnswer } from "./bounded-answer.js";
import type { Imported } from "./import-log.js";
import type { LabelRules } from "./label-rule.js";
import { SampledSeries } from "./sampled-series.js";
import { requestsPerValue, type ValueMeaning } from "./value-meaning.js";

/** Prometheus answers at most 11,000 points per series and query. */
const MAX_POINTS = 10_000;
const DEFAULT_MEANING = "per-second";
const MAX_FILE_BYTES = 256_000_000;

export interface PrometheusRange {
  readonly url: string;
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

export interface PrometheusImport {
  readonly rules: LabelRules;
  /** What a value means: a rate (of `rate()`, per second), or a count (of `increase()`). */
  readonly values: ValueMeaning | undefined;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

interface Matrix {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/**
 * Asks a Prometheus server, part by part (`query_range`). Throws InputError when it cannot be
 * reached, answers with an error, or dies half-way.
 */
export async function importFromPrometheus(range: PrometheusRange, how: PrometheusImport): Promise<Imported> {
  const parts: Matrix[][] = [];
  const partMs = MAX_POINTS * range.stepMs;
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += partMs) {
    // A sample at t belongs to the step that ends at t, and both ends of a range query are
    // included.
    const toMs = Math.min(range.toMs, fromMs + partMs);
    parts.push(await queryRange(range, fromMs + range.stepMs, toMs, how.signal));
    how.onProgress(Math.min(1, (fromMs + partMs - range.fromMs) / (range.toMs - range.fromMs)));
  }
  return gather(range.url, parts, how, range.stepMs);
}

/** Reads what `query_range` answered, from a file. */
export async function importPrometheusJson(file: string, how: PrometheusImport): Promise<Imported> {
  const { value } = parseJson(file, await readTextFile(file, "an answer of Prometheus (JSON)", MAX_FILE_BYTES));
  return gather(file, [matrixOf(file, value)], how);
}

async function queryRange(
  range: PrometheusRange,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<Matrix[]> {
  const { status, body } = await boundedAnswer(range.url, rangeUrl(range, fromMs, toMs), signal);
  if (status !== 200 && !body.startsWith("{"))
    throw new InputError({
      code: "HR1413",
      where: range.url,
      got: `HTTP status ${status}`,
      expected: "a Prometheus server",
    });
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    throw new InputError({
      code: "HR1110",
      where: range.url,
      got: "an answer that is not JSON",
      expected: "that of /api/v1/query_range",
    });
  }
  return matrixOf(range.url, document);
}

function rangeUrl(range: PrometheusRange, fromMs: number, toMs: number): URL {
  let url: URL;
  try {
    url = new URL("api/v1/query_range", range.url.endsWith("/") ? range.url : `${range.url}/`);
  } catch {
    throw new InputError({
      code: "HR1005",
      got: `the address "${range.url}"`,
      expected: "one such as http://localhost:9090",
    });
  }
  url.searchParams.set("query", range.query);
  url.searchParams.set("start", String(fromMs / 1000));
  url.searchParams.set("end", String(toMs / 1000));
  url.searchParams.set("step", String(range.stepMs / 1000));
  return url;
}

function matrixOf(source: string, document: unknown): Matrix[] {
  const { status, error, data } = (document ?? {}) as {
    status?: unknown;
    error?: unknown;
    data?: { resultType?: unknown; result?: unknown };
  };
  if (status === "error")
    throw new InputError({
      code: "HR1413",
      where: source,
      got: `the error "${String(error).slice(0, 200)}"`,
      remedy: "Mend the query",
    });
  if (status !== "success" || data?.resultType !== "matrix" || !Array.isArray(data.result)) {
    throw new InputError({
      code: "HR1413",
      where: source,
      got: `an answer of type ${String(data?.resultType ?? "unknown")}`,
      expected: "a matrix, as query_range gives it",
    });
  }
  data.result.forEach((one, i) => {
    if (isMatrix(one)) return;
    throw new InputError({
      code: "HR1409",
      where: source,
      got: `a series without values (number ${i + 1})`,
      expected: "values",
    });
  });
  return data.result as Matrix[];
}

function isMatrix(one: unknown): one is Matrix {
  const { metric, values } = (one ?? {}) as { metric?: unknown; values?: unknown };
  if (typeof metric !== "object" || metric === null || !Array.isArray(values)) return false;
  return values.every((pair) => Array.isArray(pair) && pair.length === 2 && Number.isFinite(pair[0]));
}

/** A label by its name: labels may be called `constructor`. */
function labelOf(metric: Matrix["metric"], name: string): string | undefined {
  return Object.hasOwn(metric, name) ? String(metric[name]) : undefined;
}

/**
 * Series that the rules do not distinguish are summed, step by step. A sample at t becomes the bin
 * that ends at t.
 */
function gather(
  source: string,
  parts: readonly (readonly Matrix[])[],
  how: PrometheusImport,
  stepMs?: number,
): Imported {
  refuseCounters(source, parts.flat());
  const sums = new Map<string, { metric: Matrix["metric"]; points: Map<number, number> }>();
  for (const { metric, values } of parts.flat()) {
    const key = (["region", "format", "segment"] as const)
      .map((name) => labelOf(metric, how.rules[name]?.field ?? "") ?? "")
      .join("\u0000");
    const sum = sums.get(key) ?? { metric, points: new Map<number, number>() };
    sums.set(key, sum);
    for (const [atS, text] of values) {
      const atMs = Math.round(atS * 1000);
      sum.points.set(atMs, (sum.points.get(atMs) ?? 0) + numberOf(text));
    }
  }
  if (sums.size === 0)
    throw new InputError({
      code: "HR1409",
      where: source,
      got: "no series",
      expected: "at least one",
      remedy: "Mend the query or the time range",
    });
  const sampled = new SampledSeries(source, how.rules);
  for (const { metric, points } of sums.values()) {
    for (const atMs of [...points.keys()].sort((a, b) => a - b)) {
      sampled.add(atMs, points.get(atMs) as number, (name) => labelOf(metric, name), source);
    }
  }
  const { values = DEFAULT_MEANING } = how;
  const table = sampled.table((binMs) => requestsPerValue(values, binMs), stepMs);
  const requests = table.values.reduce(
    (sum, column) => sum + column.reduce((s, value) => s + (value > 0 ? value : 0), 0),
    0,
  );
  return {
    table: { ...table, startMs: table.startMs - table.binMs },
    requests,
    broken: sampled.unknown,
    firstBroken: undefined,
    readAs: `values are requests ${values === "count" ? "in" : `${values.replace("-", " ")} over`} the step that ends at the sample${sampled.counterWarning}`,
  };
}

/**
 * A running total is no rate and no count. `rate()` and `increase()` drop the metric's name, so
 * that a name that ends as those of counters do is that of the counter itself. Throws InputError.
 */
function refuseCounters(source: string, all: readonly Matrix[]): void {
  const name = all.map(({ metric }) => labelOf(metric, "__name__")).find((one) => one?.endsWith("_total"));
  if (name === undefined) return;
  throw new InputError({
    code: "HR1404",
    where: source,
    got: `the counter ${name}, a running total`,
    expected: "requests per second, or requests in each step",
    remedy: `Ask for sum(rate(${name}[1m])), or for sum(increase(${name}[1m])) with --values count`,
  });
}

/** Prometheus writes NaN, +Inf and -Inf as words: unknown. */
function numberOf(text: unknown): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
