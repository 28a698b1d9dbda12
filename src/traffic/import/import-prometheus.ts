import { InputError } from "../../base/errors.js";
import { parseJson } from "../json-text.js";
import { readTextFile } from "../text-file.js";
import type { Imported } from "./import-log.js";
import type { LabelRules } from "./label-rule.js";
import { SampledSeries } from "./sampled-series.js";

/** Prometheus answers at most 11,000 points per series and query. */
const MAX_POINTS = 10_000;
const TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 256_000_000;

export interface PrometheusRange {
  readonly url: string;
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

export interface PrometheusImport {
  readonly rules: LabelRules;
  /** What a value means: requests per second (of `rate()`), or requests in the step (of `increase()`). */
  readonly values: "per-second" | "count";
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

interface Matrix {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** Asks a Prometheus server, part by part (`query_range`). Throws InputError when it cannot be reached, answers with an error, or dies half-way. */
export async function importFromPrometheus(range: PrometheusRange, how: PrometheusImport): Promise<Imported> {
  const parts: Matrix[][] = [];
  const partMs = MAX_POINTS * range.stepMs;
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += partMs) {
    // A sample at t speaks of the step that ends at t, and both ends of a range query are included.
    const toMs = Math.min(range.toMs, fromMs + partMs);
    parts.push(await queryRange(range, fromMs + range.stepMs, toMs, how.signal));
    how.onProgress(Math.min(1, (fromMs + partMs - range.fromMs) / (range.toMs - range.fromMs)));
  }
  return gather(range.url, parts, how);
}

/** Reads what `query_range` answered, from a file. */
export async function importPrometheusJson(file: string, how: PrometheusImport): Promise<Imported> {
  const { value } = parseJson(file, await readTextFile(file, "an answer of Prometheus (JSON)", MAX_ANSWER_BYTES));
  return gather(file, [matrixOf(file, value)], how);
}

async function queryRange(
  range: PrometheusRange,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<Matrix[]> {
  const url = rangeUrl(range, fromMs, toMs);
  let body: string;
  let answered = false;
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    answered = true;
    body = await answer.text();
    if (!answer.ok && !body.startsWith("{"))
      throw new InputError({ where: range.url, got: `HTTP status ${answer.status}`, expected: "a Prometheus server" });
  } catch (error) {
    if (error instanceof InputError || signal.aborted) throw error;
    throw new InputError({
      where: range.url,
      got: answered ? `an answer that breaks off (${reasonOf(error)})` : `no answer (${reasonOf(error)})`,
      expected: answered ? "a Prometheus server that stays up" : "a Prometheus server that answers",
      remedy: answered ? "Try again once it is up; nothing was written" : "Check the address; nothing was written",
    });
  }
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    throw new InputError({
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
    throw new InputError({ got: `the address "${range.url}"`, expected: "one such as http://localhost:9090" });
  }
  url.searchParams.set("query", range.query);
  url.searchParams.set("start", String(fromMs / 1000));
  url.searchParams.set("end", String(toMs / 1000));
  url.searchParams.set("step", String(range.stepMs / 1000));
  return url;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `none within ${TIMEOUT_MS / 1000} s`;
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}

function matrixOf(source: string, document: unknown): Matrix[] {
  const { status, error, data } = (document ?? {}) as {
    status?: unknown;
    error?: unknown;
    data?: { resultType?: unknown; result?: unknown };
  };
  if (status === "error")
    throw new InputError({
      where: source,
      got: `the error "${String(error).slice(0, 200)}"`,
      remedy: "Mend the query",
    });
  if (status !== "success" || data?.resultType !== "matrix" || !Array.isArray(data.result)) {
    throw new InputError({
      where: source,
      got: `an answer of type ${String(data?.resultType ?? "unknown")}`,
      expected: "a matrix, as query_range gives it",
    });
  }
  return data.result as Matrix[];
}

/** Series that the rules do not tell apart are summed, step by step; a sample at t becomes the bin that ends at t. */
function gather(source: string, parts: readonly (readonly Matrix[])[], how: PrometheusImport): Imported {
  const sums = new Map<string, { metric: Matrix["metric"]; points: Map<number, number> }>();
  for (const { metric, values } of parts.flat()) {
    const key = (["region", "format", "segment"] as const)
      .map((name) => metric[how.rules[name]?.field ?? ""] ?? "")
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
      where: source,
      got: "no series",
      expected: "at least one",
      remedy: "Mend the query or the time range",
    });
  const sampled = new SampledSeries(source, how.rules);
  for (const { metric, points } of sums.values()) {
    for (const atMs of [...points.keys()].sort((a, b) => a - b)) {
      sampled.add(atMs, points.get(atMs) as number, (name) => metric[name], source);
    }
  }
  const table = sampled.table((binMs) => (how.values === "count" ? 1 : binMs / 1000));
  const requests = table.values.reduce(
    (sum, column) => sum + column.reduce((s, value) => s + (value > 0 ? value : 0), 0),
    0,
  );
  return {
    table: { ...table, startMs: table.startMs - table.binMs },
    requests,
    broken: sampled.unknown,
    firstBroken: undefined,
  };
}

/** Prometheus writes NaN, +Inf and -Inf as words: unknown. */
function numberOf(text: unknown): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
