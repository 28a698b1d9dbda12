import { InputError } from "../../base/errors.js";
import { formatCount } from "../../base/units.js";
import { parseJson } from "../json-text.js";
import { readTextFile } from "../text-file.js";
import { requestsOf } from "../whole-bins.js";
import { boundedAnswer } from "./bounded-answer.js";
import { requireCommonGrid } from "./common-grid.js";
import type { Imported } from "./import-log.js";
import type { LabelRule, LabelRules } from "./label-rule.js";
import { labelKey, matrixOf, type RangeSeries, warningsOf } from "./prometheus-matrix.js";
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

/**
 * Asks a Prometheus server, part by part (`query_range`). Throws InputError if it cannot be
 * reached, answers with an error, or stops answering half-way.
 */
export async function importFromPrometheus(range: PrometheusRange, how: PrometheusImport): Promise<Imported> {
  const parts: Answer[] = [];
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

/** Reads an answer of `query_range` from a file. */
export async function importPrometheusJson(file: string, how: PrometheusImport): Promise<Imported> {
  const text = parseJson(file, await readTextFile(file, "an answer of Prometheus (JSON)", MAX_FILE_BYTES));
  return gather(file, [{ series: matrixOf(text.value, text.place), warnings: warningsOf(text.value) }], how);
}

async function queryRange(range: PrometheusRange, fromMs: number, toMs: number, signal: AbortSignal): Promise<Answer> {
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
  return { series: matrixOf(document, () => range.url), warnings: warningsOf(document) };
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

/** An answer of one query. */
interface Answer {
  readonly series: readonly RangeSeries[];
  readonly warnings: readonly string[];
}

/** Series that the rules do not distinguish: they are added up. */
interface Group {
  readonly labels: RangeSeries["labels"];
  readonly members: Map<string, RangeSeries[]>;
}

/**
 * Series that the rules do not distinguish are summed, step by step. A sample at t becomes the bin
 * that ends at t.
 */
function gather(source: string, parts: readonly Answer[], how: PrometheusImport, stepMs?: number): Imported {
  const groups = groupsOf(
    parts.flatMap(({ series }) => series),
    how.rules,
  );
  if (groups.length === 0)
    throw new InputError({
      code: "HR1409",
      where: source,
      got: "no series",
      expected: "at least one",
      remedy: "Mend the query or the time range",
    });
  requireCommonGrid(
    source,
    groups.flatMap(({ members }) => [...members.values()].map(whole)),
  );
  const sampled = new SampledSeries(source, how.rules, "Ask query_range, whose steps are equal");
  let partial = 0;
  for (const { labels, members } of groups) {
    const { sums, partialSteps } = summed(members);
    partial += partialSteps;
    for (const [atMs, value] of sums) sampled.add(atMs, value, (name) => labels.get(name), source);
  }
  const { values = DEFAULT_MEANING } = how;
  const table = sampled.table((binMs) => requestsPerValue(values, binMs), stepMs);
  return {
    table: { ...table, startMs: table.startMs - table.binMs },
    requests: requestsOf(table),
    broken: sampled.unknown,
    firstBroken: undefined,
    readAs:
      `values are requests ${values === "count" ? "in" : `${values.replace("-", " ")} over`} ` +
      `the step that ends at the sample${sampled.counterWarning}`,
    notes: [...notesOf(groups, partial), ...new Set(parts.flatMap(({ warnings }) => warnings))],
  };
}

/** The parts of one series, in the order of the queries. */
function whole(parts: readonly RangeSeries[]): RangeSeries {
  return { ...parts[0], atMs: parts.flatMap(({ atMs }) => atMs), values: parts.flatMap(({ values }) => values) };
}

function groupsOf(all: readonly RangeSeries[], rules: LabelRules): Group[] {
  const groups = new Map<string, Group>();
  for (const one of all) {
    const labelOf = (rule: LabelRule | undefined): string =>
      rule === undefined ? "" : (one.labels.get(rule.field) ?? "");
    const key = JSON.stringify([rules.region, rules.format, rules.segment].map(labelOf));
    const group = groups.get(key) ?? { labels: one.labels, members: new Map<string, RangeSeries[]>() };
    groups.set(key, group);
    const own = labelKey(one.labels);
    group.members.set(own, [...(group.members.get(own) ?? []), one]);
  }
  return [...groups.values()];
}

/**
 * The sums by instant, ascending, and how many of them lack a series that has samples before and
 * after.
 */
function summed(members: Group["members"]): {
  readonly sums: (readonly [number, number])[];
  readonly partialSteps: number;
} {
  const sums = new Map<number, number>();
  const samples = new Map<number, number>();
  const lives: { fromMs: number; toMs: number }[] = [];
  for (const series of members.values()) {
    const life = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
    for (const { atMs, values } of series) {
      atMs.forEach((at, i) => {
        sums.set(at, (sums.get(at) ?? 0) + values[i]);
        samples.set(at, (samples.get(at) ?? 0) + 1);
        life.fromMs = Math.min(life.fromMs, at);
        life.toMs = Math.max(life.toMs, at);
      });
    }
    lives.push(life);
  }
  const ordered = [...sums].sort(([a], [b]) => a - b);
  const partial = ordered.filter(
    ([at]) => lives.filter(({ fromMs, toMs }) => fromMs <= at && at <= toMs).length > (samples.get(at) ?? 0),
  );
  return { sums: ordered, partialSteps: partial.length };
}

/** Labels that are named; the others are counted. */
const LABELS_NAMED = 4;

/** Reports which series were added up, and where a sum lacks a part. */
function notesOf(groups: readonly Group[], partial: number): string[] {
  const most = Math.max(...groups.map(({ members }) => members.size));
  if (most < 2) return [];
  const names = new Set(groups.flatMap(({ members }) => differingLabels([...members.values()].map(([one]) => one))));
  const named = [...names].slice(0, LABELS_NAMED).join(", ");
  const more = names.size > LABELS_NAMED ? ` and ${names.size - LABELS_NAMED} more labels` : "";
  const notes = [
    `${formatCount(most)} series that differ in ${named}${more} are ` +
      `added up (trace import --region ${[...names][0]} keeps them apart)`,
  ];
  if (partial > 0)
    notes.push(
      `CAUTION: at ${formatCount(partial)} ${partial === 1 ? "step" : "steps"} ` +
        "one of the added series has a gap, and counts as nothing there",
    );
  return notes;
}

/** The labels by which series differ. */
function differingLabels(all: readonly RangeSeries[]): string[] {
  const names = new Set(all.flatMap(({ labels }) => [...labels.keys()]));
  return [...names].filter((name) => new Set(all.map(({ labels }) => labels.get(name))).size > 1);
}
