import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../base/errors.js";
import { liesNear } from "../../base/paired-verdict.js";
import { studentQuantile } from "../../base/student.js";
import { readTextFile } from "../../traffic/text-file.js";
import { stepOver } from "../../world/metric-step.js";
import { type MetricKind, metricNames, metricTable, type RunSums } from "../../world/metric-table.js";
import { metricCatalogue } from "../metric-catalogue.js";
import type { ResultDocument } from "../result.js";
import { resultSchema } from "../result-schema.js";
import type { DiffDocument, DiffRow, DiffWord } from "./diff-document.js";

type Result = ResultDocument;
type Estimate = Result["policies"][number]["metrics"][string];

/** A metric of one result, among its other metrics. */
interface Side {
  readonly estimate: Estimate;
  readonly metrics: ReadonlyMap<string, Estimate>;
}

/** A result of 100 policies has about 2 MB. */
const MOST_BYTES = 50_000_000;
/** A run log names itself in its first bytes. */
const HEAD_BYTES = 64;
/** Sums in another order differ by about 1e-15 of themselves. */
const ROUNDING = 1e-12;

/** The file of a result: itself, or `result.json` in a report's folder. */
export async function resultFileOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true ? join(path, "result.json") : path;
}

/**
 * Whether a file begins like a result document rather than a run log. True if it cannot be
 * opened: the reader then reports why.
 */
export async function looksLikeResult(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return true;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return !/^\s*\{"kind":"run"/.test(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Reads a result document; throws an InputError for any other file. */
export async function readResultFile(file: string): Promise<Result> {
  const text = await readTextFile(file, "a result of headrace simulate (JSON)", MOST_BYTES);
  const refuse = (message: string): InputError =>
    new InputError({
      code: "HR1115",
      where: file,
      got: `a file that is no result (${message.slice(0, 200)})`,
      expected: "result.json of a report, or what headrace simulate --json printed",
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) throw refuse(`${parsed.error.issues[0].path.join(".")}: ${parsed.error.issues[0].message}`);
  // What was JSON has no undefined.
  return parsed.data as Result;
}

/**
 * Compares two results. Each policy of B is compared with that of the same name in A, or the only
 * one with the only one. Results keep means and intervals, not replications. So the interval of a
 * difference is √(a² + b²) of the two half widths, as for separate samples; it is wider than the
 * paired one would be if both ran the same seeds. The words are those of judge in base.
 */
export function diffResults(nameA: string, a: Result, nameB: string, b: Result): DiffDocument {
  const pairs = b.policies.flatMap((policy) => {
    const other = a.policies.find((one) => one.name === policy.name);
    return other === undefined ? [] : [{ a: other, b: policy }];
  });
  const only = a.policies.length === 1 && b.policies.length === 1 ? [{ a: a.policies[0], b: b.policies[0] }] : [];
  const compared = pairs.length > 0 ? pairs : only;
  if (compared.length === 0) {
    throw new InputError({
      code: "HR1704",
      where: nameB,
      got: `policies ${b.policies.map((one) => one.name).join(", ")}`,
      expected: `one of ${a.policies.map((one) => one.name).join(", ")}, as in ${nameA}`,
      remedy: "Simulate both with the same policies",
    });
  }
  return {
    kind: "results",
    a: nameA,
    b: nameB,
    noise: "separate replications",
    rows: compared.flatMap((pair) => rowsOf(pair.a, pair.b)).flatMap((row) => inCurrency(row, a, b)),
    firstDivergence: null,
    paths: [],
    reasons: compared.length === 1 ? reasonsOf(compared[0].a, compared[0].b) : [],
    notes: [
      ...(a.currency === b.currency ? [] : [`costs are left out: ${moneyOf(a)} in A, ${moneyOf(b)} in B`]),
      ...compared.flatMap((pair) => missingNotes(nameA, pair.a, nameB, pair.b)),
      ...notesOf(a, b, compared.length),
    ],
  };
}

/** The currency of a row in money; undefined if the two sides have different ones. */
function inCurrency(row: DiffRow, a: Result, b: Result): DiffRow[] {
  if (metricCatalogue[row.metric]?.unit !== "currency") return [row];
  if (a.currency !== b.currency) return [];
  return [a.currency === undefined ? row : { ...row, currency: a.currency }];
}

function moneyOf({ currency }: Result): string {
  return currency ?? "no named currency";
}

function rowsOf(a: Result["policies"][number], b: Result["policies"][number]): DiffRow[] {
  const [before, after] = [a, b].map(({ metrics }) => new Map(Object.entries(metrics)));
  return [...after].flatMap(([metric, now]): DiffRow[] => {
    const was = before.get(metric);
    if (was === undefined) return [];
    const delta = now.mean - was.mean;
    const sides = [
      { estimate: was, metrics: before },
      { estimate: now, metrics: after },
    ] as const;
    const halfWidth = halfWidthOf(metric, sides);
    return [{ policy: b.name, metric, a: was.mean, b: now.mean, delta, halfWidth, word: wordOf(was, now, halfWidth) }];
  });
}

/** A start latency, for example, is there only where a request started. */
function missingNotes(
  nameA: string,
  a: Result["policies"][number],
  nameB: string,
  b: Result["policies"][number],
): string[] {
  const only = (one: typeof a, other: typeof a): string =>
    Object.keys(one.metrics)
      .filter((metric) => !Object.hasOwn(other.metrics, metric))
      .join(", ");
  const sides: readonly [string, string][] = [
    [nameA, only(a, b)],
    [nameB, only(b, a)],
  ];
  return sides.flatMap(([name, metrics]) => (metrics === "" ? [] : [`${b.name}: only ${name} has ${metrics}`]));
}

/**
 * √(a² + b²) of the two half widths, each widened by the variance of rounding a value to the
 * metric's step: step²/12 per replication, as for a paired difference (see judge in base).
 */
function halfWidthOf(metric: string, [a, b]: readonly [Side, Side]): number | null {
  if (a.estimate.halfWidth === null || b.estimate.halfWidth === null) return null;
  const name = metricNames.find((one) => one === metric);
  const steps = [a, b].map((side) => (name === undefined ? 0 : stepOver(name, side.estimate.mean, meansOf(side))));
  const step = Math.max(...steps);
  return Math.hypot(a.estimate.halfWidth, b.estimate.halfWidth, roundingOf(a, step), roundingOf(b, step));
}

/** Half the width of the interval of a mean whose values are only rounded to a step. */
function roundingOf({ estimate: { n, confidence } }: Side, step: number): number {
  return step === 0 ? 0 : (studentQuantile(0.5 + confidence / 2, n - 1) * step) / Math.sqrt(12 * n);
}

/** The means of sums, as far as the result has a metric for them. */
function meansOf({ metrics }: Side): (of: keyof RunSums) => number {
  return (of) => {
    const asked = of === "ended" ? "completed" : of;
    const name = metricNames.find((one) => {
      const kind: MetricKind = metricTable[one];
      return kind.kind === "mean" && kind.of === asked;
    });
    return name === undefined ? 0 : (metrics.get(name)?.mean ?? 0);
  };
}

function wordOf(a: Estimate, b: Estimate, halfWidth: number | null): DiffWord {
  // Two lower bounds of a percentile may be equal: both runs ended before it was known.
  if (a.atLeast === true || b.atLeast === true) return "cannot tell";
  const delta = b.mean - a.mean;
  if (isEqual(a.mean, b.mean) && isEqual(a.halfWidth ?? 0, b.halfWidth ?? 0)) return "same";
  if (halfWidth === null) return "cannot tell";
  if (Math.abs(delta) > halfWidth) return "differs";
  return liesNear(delta, halfWidth, a.mean) ? "same" : "no difference shown";
}

function isEqual(a: number, b: number): boolean {
  return Math.abs(b - a) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}

function reasonsOf(a: Result["policies"][number], b: Result["policies"][number]): DiffDocument["reasons"] {
  const before = new Map(Object.entries(a.decisionReasons));
  const now = new Map(Object.entries(b.decisionReasons));
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names
    .map((reason) => ({ reason, a: before.get(reason) ?? 0, b: now.get(reason) ?? 0 }))
    .sort((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a));
}

function notesOf(a: Result, b: Result, compared: number): string[] {
  const notes: string[] = [];
  if (a.scenario.hash !== b.scenario.hash)
    notes.push(`The scenarios differ (${a.scenario.name} ${a.scenario.hash}, ${b.scenario.name} ${b.scenario.hash})`);
  if (a.seed !== b.seed) notes.push(`The seeds differ (${a.seed}, ${b.seed})`);
  if (a.version !== b.version) notes.push(`The versions differ (${a.version}, ${b.version})`);
  const left = b.policies.length - compared;
  if (left > 0) notes.push(`${left} of ${b.policies.length} policies are in one result only`);
  notes.push("Results keep no decisions: name two run logs, or --policy and --against, for the first that differs");
  return notes;
}
