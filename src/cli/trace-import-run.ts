import { dirname } from "node:path";
import { formatInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { formatCount, formatDuration, parseQuantity } from "../base/units.js";
import { checkFolder, writePiecesAtomically } from "../experiment/output.js";
import type { Imported } from "../traffic/import/import-log.js";
import { requireKnownBins } from "../traffic/import/known-bins.js";
import { type LabelRule, parseRule } from "../traffic/import/label-rule.js";
import { commonLayout } from "../traffic/import/layouts/detect.js";
import type { ImportRequest, Layout, LayoutReader } from "../traffic/import/layouts/layout.js";
import { checkLayoutOptions } from "../traffic/import/layouts/layout-options.js";
import { layouts } from "../traffic/import/layouts/layouts.js";
import { isServer } from "../traffic/import/layouts/prometheus.js";
import { TimestampReader } from "../traffic/import/timestamp.js";
import { refuseTotal } from "../traffic/import/total-series.js";
import { traceCsvPieces } from "../traffic/trace-writer.js";
import { cutTo, requestsOf, widened } from "../traffic/whole-bins.js";
import { kebabCase } from "./options/option.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";
import { DEFAULT_FIRST_DAY, DEFAULT_STEP, type ImportArguments } from "./trace-import.js";

/**
 * `headrace trace import`: reads the inputs and writes the trace, whole or not at all. Returns
 * notes for the reader, a sentence each.
 */
export async function importTrace(argv: ImportArguments): Promise<readonly string[]> {
  const interrupt = interruptSignal();
  const bar = new ProgressBar("importing", argv.quiet);
  try {
    await checkFolder(dirname(argv.out));
    const given = optionsGiven(argv);
    const layout = layoutNamed(argv.as, given) ?? (await commonLayout(argv.inputs));
    const reader = readerOf(layout, argv.inputs[0]);
    checkLayoutOptions(reader, given);
    const request = requestOf(argv, bar.show, interrupt.signal);
    const imported = inBinsAsked(await reader.read(request), layout, argv.bin !== undefined, request);
    const where = argv.inputs.join(", ");
    requireKnownBins(where, imported.table);
    refuseTotal(where, imported.table);
    request.timestamps.checkUsed();
    const { region, format, segment } = request.rules;
    for (const rule of [region, format, segment]) rule?.checkUsed(layout.fields);
    interrupt.signal.throwIfAborted();
    await writePiecesAtomically(argv.out, traceCsvPieces(imported.table));
    bar.clear();
    if (!argv.quiet) announce(argv.out, layout.name, imported, request.timestamps);
    return imported.notes ?? [];
  } finally {
    interrupt.dispose();
  }
}

/** The options that the command line names, by their names there. */
function optionsGiven(argv: ImportArguments): string[] {
  return Object.entries(argv)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name]) => kebabCase(name));
}

/** The layout that `--as` names, or that an option of its own selects; undefined: by the input. */
function layoutNamed(as: string, given: readonly string[]): Layout | undefined {
  if (as !== "auto") return layouts.find(({ name }) => name === as);
  return layouts.find(({ chosenBy }) => chosenBy !== undefined && given.includes(chosenBy));
}

function readerOf(layout: Layout, input: string): LayoutReader {
  return isServer(input) ? (layout.server ?? layout) : layout;
}

function requestOf(argv: ImportArguments, onProgress: (share: number) => void, signal: AbortSignal): ImportRequest {
  const rule = (name: "region" | "format" | "segment"): LabelRule | undefined => {
    const text = argv[name];
    return text === undefined ? undefined : parseRule(`--${name}`, text);
  };
  const fromMs = instant("--from", argv.from) ?? Number.NEGATIVE_INFINITY;
  const toMs = instant("--to", argv.to) ?? Number.POSITIVE_INFINITY;
  if (!(toMs > fromMs))
    throw new InputError({ code: "HR1008", where: "--to", got: String(argv.to), expected: "an instant after --from" });
  const epochMs = instant("--epoch", argv.epoch);
  if (epochMs !== undefined && argv.unit === undefined) {
    throw new InputError({
      code: "HR1007",
      where: "--epoch",
      got: "no --unit beside it",
      expected: "the unit of the numbers that count from there",
      remedy: "Say --unit s, ms, us or ns",
    });
  }
  const { inputs, timestamp, value, decimal, lenient, pattern, query, project, values } = argv;
  return {
    inputs,
    timestamp,
    value,
    decimal,
    lenient,
    pattern,
    query,
    project,
    values,
    stepMs: duration("--step", argv.step ?? DEFAULT_STEP),
    firstDayMs: instant("--first-day", argv.firstDay ?? DEFAULT_FIRST_DAY) ?? 0,
    rules: { region: rule("region"), format: rule("format"), segment: rule("segment") },
    binMs: duration("--bin", argv.bin ?? "1min"),
    fromMs,
    toMs,
    timestamps: new TimestampReader(argv.timezone, { unit: argv.unit, epochMs, dates: argv.dates }),
    onProgress,
    signal,
  };
}

/** Counts are cut and summed here; single requests were already counted into their bins. */
function inBinsAsked(imported: Imported, layout: Layout, isBinGiven: boolean, request: ImportRequest): Imported {
  let { table } = imported;
  if (layout.isCutAfterwards) table = cutTo(table, request.fromMs, request.toMs);
  if (isBinGiven) table = widened(table, request.binMs);
  return table === imported.table ? imported : { ...imported, table, requests: requestsOf(table) };
}

function duration(option: string, text: string): number {
  const value = parseQuantity("duration", text);
  if (typeof value !== "number") throw new InputError({ code: "HR1005", where: option, ...value });
  if (value >= 1000 && value <= 86_400_000 && 86_400_000 % value === 0) return value;
  throw new InputError({
    code: "HR1005",
    where: option,
    got: text,
    expected: "1 s to 1 d, a whole part of a day",
    remedy: "For example 1min, 5min or 1h",
  });
}

function instant(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = new TimestampReader("UTC").read(text);
  if (!Number.isNaN(atMs)) return atMs;
  throw new InputError({ code: "HR1005", where: option, got: text, expected: "ISO-8601 such as 2026-01-05T00:00:00Z" });
}

function announce(out: string, layout: string, imported: Imported, timestamps: TimestampReader): void {
  const { table, broken, firstBroken } = imported;
  const bins = table.values[0].length;
  const unknown = table.values.reduce(
    (sum, column) => sum + column.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0),
    0,
  );
  const lines = [
    `${out}: ${formatCount(imported.requests)} requests in ` +
      `${formatCount(bins)} bins of ${formatDuration(table.binMs)}, ` +
      `${formatInstant(table.startMs)} to ${formatInstant(table.startMs + bins * table.binMs)}, ` +
      `${table.series.length} series (${layout})`,
  ];
  lines.push(
    `read as ${layout}: ${[imported.readAs, timestamps.description].filter((part) => part !== "").join("; ")}`,
  );
  lines.push(...(imported.notes ?? []));
  if (unknown > 0) lines.push(`${counted(unknown, "bin")} unknown: written as empty values`);
  if (broken > 0)
    lines.push(
      firstBroken === undefined
        ? `${counted(broken, "broken value")} taken as unknown`
        : `${counted(broken, "broken line")} left out; the first is ${firstBroken}`,
    );
  const { ambiguous, ambiguousSecond } = timestamps;
  if (ambiguous > 0) {
    const second = ambiguousSecond === 0 ? "" : `, ${formatCount(ambiguousSecond)} as the second, by the rows' order`;
    lines.push(
      `${counted(ambiguous, "time")} that the clock showed twice, when it was put ` +
        `back: ${formatCount(ambiguous - ambiguousSecond)} taken as the first${second}`,
    );
  }
  process.stderr.write(`${lines.join("\n")}\n`);
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
