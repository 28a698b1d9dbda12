import { formatInstant, parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { formatCount, formatDuration, parseQuantity } from "../base/units.js";
import { writePiecesAtomically } from "../experiment/output.js";
import { generateTrace } from "../traffic/generate.js";
import { readTraceCsv } from "../traffic/trace-csv.js";
import { traceCsvPieces } from "../traffic/trace-writer.js";
import { endOf, type Spike, shifted, stretched, superposed, thinned, withSpike } from "../traffic/transform.js";
import { readWorkloadModel } from "../traffic/workload-file.js";
import type { TraceTable } from "../world/scenario/resources.js";
import type { GenerateArguments } from "./trace.js";

/** Ten years of minutes are 5 million rows. */
const MAX_ROWS = 5_000_000;
/** Of a trace that is made from a model. */
const FIRST_BIN_MS = Date.UTC(2026, 0, 5);
const DAYS = 21;

/**
 * `headrace trace generate`: from a model or from a trace, changed in the order stretch, scale,
 * add, spike, shift.
 */
export async function generateTraceFile(argv: GenerateArguments): Promise<void> {
  const isTrace = /\.csv$/i.test(argv.model);
  if (isTrace) refuseUnused(argv);
  let table = isTrace ? await readTraceCsv(argv.model) : await fromModel(argv);
  if (argv.stretch !== undefined) table = stretched(argv.stretch)(table);
  if (argv.scale !== undefined) table = thinned(argv.scale, argv.seed ?? 1)(table);
  for (const file of argv.add ?? []) table = superposed(await fitting(file, table))(table);
  for (const text of argv.spike ?? []) table = withSpike(spikeOf(text, table))(table);
  if (argv.shift !== undefined) table = moved(table, argv.shift);
  const rows = table.values.length * table.values[0].length;
  requireRows(rows, isTrace ? "--stretch" : "--days", String(isTrace ? argv.stretch : (argv.days ?? DAYS)));
  await writePiecesAtomically(argv.out, traceCsvPieces(table));
  process.stderr.write(`${argv.out}: ${formatCount(rows)} rows\n`);
}

/** A trace has its own start and length, and thinning alone is random. */
function refuseUnused({ start, days, seed, scale }: GenerateArguments): void {
  const unused = Object.entries({ start, days, seed: scale === undefined ? seed : undefined }).find(
    ([, value]) => value !== undefined,
  )?.[0];
  if (unused === undefined) return;
  throw new InputError({
    code: "HR1006",
    where: `--${unused}`,
    got: "a trace",
    expected: unused === "seed" ? "--scale beside it, which alone is random" : "a workload model, which has none",
    remedy: unused === "seed" ? "Leave it out" : "Leave it out, or make a model first: headrace trace fit",
  });
}

function moved(table: TraceTable, by: string): TraceTable {
  const found = shifted(signedDuration(by))(table);
  for (const atMs of [found.startMs, endOf(found)]) {
    if (!Number.isNaN(parseInstant(formatInstant(atMs)))) continue;
    throw new InputError({ code: "HR1008", where: "--shift", got: by, expected: "instants of the years 1 to 9999" });
  }
  return found;
}

async function fromModel(argv: GenerateArguments): Promise<TraceTable> {
  const model = await readWorkloadModel(argv.model);
  const days = argv.days ?? DAYS;
  requireRows((days * 86_400 * model.series.length) / model.binSeconds, "--days", String(days));
  return generateTrace(model, {
    startMs: argv.start ?? FIRST_BIN_MS,
    days,
    ...(argv.seed === undefined ? {} : { seed: argv.seed }),
  });
}

function requireRows(rows: number, option: string, got: string): void {
  if (rows >= 2 && rows <= MAX_ROWS) return;
  throw new InputError({
    code: "HR1004",
    where: option,
    got,
    expected: `a length that makes 2 to ${formatCount(MAX_ROWS)} rows`,
  });
}

async function fitting(file: string, table: TraceTable): Promise<TraceTable> {
  const other = await readTraceCsv(file);
  if (other.binMs !== table.binMs || (other.startMs - table.startMs) % table.binMs !== 0)
    throw new InputError({
      code: "HR1406",
      where: file,
      got: `bins of ${formatDuration(other.binMs)}`,
      expected: `bins of ${formatDuration(table.binMs)} on the same grid`,
    });
  const bins = (Math.min(endOf(other), endOf(table)) - Math.max(other.startMs, table.startMs)) / table.binMs;
  if (bins >= 2) return other;
  throw new InputError({
    code: "HR1414",
    where: file,
    got: "a trace of another time",
    expected: "one that overlaps",
    remedy: "Move it first with --shift",
  });
}

function spikeOf(text: string, table: TraceTable): Spike {
  const [instant, height, decay] = text.split(",");
  const atMs = parseInstant((instant ?? "").trim());
  const decayMs = parseQuantity("duration", (decay ?? "").trim());
  const times = Number(height);
  if (Number.isNaN(atMs) || !(times > 0 && times < 1e6) || typeof decayMs !== "number" || !(decayMs > 0))
    throw new InputError({
      code: "HR1005",
      where: "--spike",
      got: `"${text}"`,
      expected: "INSTANT,HEIGHT,DECAY such as 2026-01-06T19:00:00Z,3,20min",
    });
  if (atMs >= table.startMs && atMs < endOf(table)) return { atMs, height: times, decayMs };
  throw new InputError({ code: "HR1008", where: "--spike", got: instant, expected: "an instant within the trace" });
}

function signedDuration(text: string): number {
  const isNegative = text.trim().startsWith("-");
  const value = parseQuantity("duration", text.trim().replace(/^[-+]/, ""));
  if (typeof value !== "number") throw new InputError({ code: "HR1005", where: "--shift", ...value });
  return isNegative ? -value : value;
}
