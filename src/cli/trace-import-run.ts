import { dirname } from "node:path";
import { formatInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { formatCount, formatDuration, parseQuantity } from "../base/units.js";
import { checkFolder, writePiecesAtomically } from "../experiment/output.js";
import { AccessLog } from "../traffic/import/access-log.js";
import { detectLayout } from "../traffic/import/detect.js";
import { importAzureFunctions } from "../traffic/import/import-azure-functions.js";
import { importCsv } from "../traffic/import/import-csv.js";
import { type Imported, importLogs } from "../traffic/import/import-log.js";
import { importParquet } from "../traffic/import/import-parquet.js";
import { importFromPrometheus, importPrometheusJson } from "../traffic/import/import-prometheus.js";
import { importWikipedia } from "../traffic/import/import-wikipedia.js";
import { countKeyOf, importJsonCounts } from "../traffic/import/json-counts.js";
import { JsonLog } from "../traffic/import/json-log.js";
import { type LabelRule, type LabelRules, parseRule } from "../traffic/import/label-rule.js";
import type { Layout } from "../traffic/import/layout.js";
import { checkLayoutOptions } from "../traffic/import/layout-options.js";
import { LoadBalancerLog } from "../traffic/import/load-balancer-log.js";
import { S3Log } from "../traffic/import/s3-log.js";
import { TimestampReader } from "../traffic/import/timestamp.js";
import { W3cLog } from "../traffic/import/w3c-log.js";
import { traceCsvPieces } from "../traffic/trace-writer.js";
import { cutTo, requestsOf, widened } from "../traffic/whole-bins.js";
import { kebabCase } from "./options/option.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";
import { DEFAULT_FIRST_DAY, DEFAULT_STEP, DEFAULT_VALUES, type ImportArguments } from "./trace-import.js";

/** Widths of the bins of Azure's and Wikipedia's files. */
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** All inputs of one import share their layout; what is common to the layouts' options. */
interface Common {
  readonly rules: LabelRules;
  readonly binMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timestamps: TimestampReader;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * `headrace trace import`: reads the inputs, writes the trace at once or not at all, and says what
 * it found.
 */
export async function importTrace(argv: ImportArguments): Promise<void> {
  const interrupt = interruptSignal();
  const bar = new ProgressBar("importing", argv.quiet);
  try {
    await checkFolder(dirname(argv.out));
    const layout = argv.as === "auto" ? await commonLayout(argv.inputs) : argv.as;
    checkLayoutOptions(layout, isServer(argv.inputs[0]), optionsGiven(argv));
    const common = commonOf(argv, bar.show, interrupt.signal);
    const imported = inBinsAsked(await importAs(layout, argv, common), layout, argv, common);
    common.timestamps.checkUsed();
    checkRules(layout, common.rules);
    interrupt.signal.throwIfAborted();
    await writePiecesAtomically(argv.out, traceCsvPieces(imported.table));
    bar.clear();
    if (!argv.quiet) announce(argv.out, layout, imported, common.timestamps);
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

function isServer(input: string): boolean {
  return /^https?:\/\//.test(input);
}

function commonOf(argv: ImportArguments, onProgress: (share: number) => void, signal: AbortSignal): Common {
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
  return {
    rules: { region: rule("region"), format: rule("format"), segment: rule("segment") },
    binMs: duration("--bin", argv.bin ?? "1min"),
    fromMs,
    toMs,
    timestamps: new TimestampReader(argv.timezone, { unit: argv.unit, epochMs, dates: argv.dates }),
    onProgress,
    signal,
  };
}

/**
 * Counts that come ready-made are cut and summed here; single requests were counted into their bins
 * already.
 */
function inBinsAsked(imported: Imported, layout: Layout, argv: ImportArguments, common: Common): Imported {
  let { table } = imported;
  if (layout === "prometheus" || layout === "azure-functions" || layout === "wikipedia")
    table = cutTo(table, common.fromMs, common.toMs);
  if (argv.bin !== undefined) table = widened(table, common.binMs);
  return table === imported.table ? imported : { ...imported, table, requests: requestsOf(table) };
}

/** A rule that labelled nothing is refused. */
function checkRules(layout: Layout, rules: LabelRules): void {
  const fields = fieldsOf(layout);
  for (const rule of [rules.region, rules.format, rules.segment]) rule?.checkUsed(fields);
}

/** The fields that rules may name; none = any. */
function fieldsOf(layout: Layout): readonly string[] {
  if (layout === "access-log") return new AccessLog().fields;
  if (layout === "aws-load-balancer") return new LoadBalancerLog().fields;
  return layout === "aws-s3" ? new S3Log().fields : [];
}

async function commonLayout(inputs: readonly string[]): Promise<Layout> {
  const layouts = await Promise.all(inputs.map(detectLayout));
  const other = layouts.findIndex((layout) => layout !== layouts[0]);
  if (other < 0) return layouts[0];
  throw new InputError({
    code: "HR1402",
    where: inputs[other],
    got: `the layout ${layouts[other]} beside ${layouts[0]} of ${inputs[0]}`,
    expected: "inputs of one layout",
    remedy: "Import them one by one, or name the layout with --as",
  });
}

function importAs(layout: Layout, argv: ImportArguments, common: Common): Promise<Imported> {
  const { inputs, lenient } = argv;
  switch (layout) {
    case "access-log":
      return importLogs(inputs, { ...common, format: new AccessLog(), lenient });
    case "w3c-log":
      return importLogs(inputs, { ...common, format: new W3cLog(), lenient });
    case "aws-load-balancer":
      return importLogs(inputs, { ...common, format: new LoadBalancerLog(), lenient });
    case "aws-s3":
      return importLogs(inputs, { ...common, format: new S3Log(), lenient });
    case "json-log":
      return importJson(argv, common);
    case "azure-functions":
      return importAzureFunctions(inputs, instant("--first-day", argv.firstDay ?? DEFAULT_FIRST_DAY) ?? 0, {
        ...common,
        binMs: MINUTE_MS,
      });
    case "wikipedia":
      return importWikipedia(inputs, { ...common, binMs: HOUR_MS, project: argv.project });
    case "csv":
      return importCsv(single(inputs, layout), {
        ...common,
        timestamp: argv.timestamp,
        value: argv.value,
        decimal: argv.decimal,
      });
    case "parquet":
      return importParquet(single(inputs, layout), { ...common, timestamp: argv.timestamp, value: argv.value });
    case "prometheus":
      return fromPrometheus(single(inputs, layout), argv, common);
  }
}

/** Counts that come ready-made, or single requests. */
async function importJson({ inputs, lenient, timestamp, value }: ImportArguments, common: Common): Promise<Imported> {
  const format = new JsonLog(common.timestamps, timestamp);
  const probe = new JsonLog(new TimestampReader("UTC", common.timestamps.options), timestamp);
  const key = await countKeyOf(inputs[0], probe, value);
  if (key === undefined) return importLogs(inputs, { ...common, format, lenient });
  if (lenient)
    throw new InputError({
      code: "HR1006",
      where: "--lenient",
      got: `counts from "${key}"`,
      expected: "lines that are all counts: a bin that is left out would be taken for unknown",
      remedy: "Mend the lines, or leave --lenient out",
    });
  return importJsonCounts(inputs, format, key, common);
}

async function fromPrometheus(input: string, argv: ImportArguments, common: Common): Promise<Imported> {
  const { values = DEFAULT_VALUES } = argv;
  if (!isServer(input)) return importPrometheusJson(input, { ...common, values });
  if (argv.query === undefined || argv.from === undefined || argv.to === undefined) {
    throw new InputError({
      code: "HR1007",
      where: input,
      got: "no query, or no time range",
      expected: "--query, --from and --to",
    });
  }
  const stepMs = duration("--step", argv.step ?? DEFAULT_STEP);
  const fromMs = Math.floor(common.fromMs / stepMs) * stepMs;
  const toMs = Math.floor(common.toMs / stepMs) * stepMs;
  if (!(toMs > fromMs))
    throw new InputError({ code: "HR1008", where: "--to", got: argv.to, expected: "a step after --from" });
  return importFromPrometheus({ url: input, query: argv.query, fromMs, toMs, stepMs }, { ...common, values });
}

function single(inputs: readonly string[], layout: Layout): string {
  if (inputs.length === 1) return inputs[0];
  throw new InputError({
    code: "HR1402",
    got: `${inputs.length} inputs of the layout ${layout}`,
    expected: "one",
    remedy: "Import them one by one",
  });
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

function announce(out: string, layout: Layout, imported: Imported, timestamps: TimestampReader): void {
  const { table, broken, firstBroken } = imported;
  const bins = table.values[0].length;
  const unknown = table.values.reduce(
    (sum, column) => sum + column.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0),
    0,
  );
  const lines = [
    `${out}: ${formatCount(imported.requests)} requests in ${formatCount(bins)} bins of ${formatDuration(table.binMs)}, ` +
      `${formatInstant(table.startMs)} to ${formatInstant(table.startMs + bins * table.binMs)}, ${table.series.length} series (${layout})`,
  ];
  lines.push(
    `read as ${layout}: ${[imported.readAs, timestamps.description].filter((part) => part !== "").join("; ")}`,
  );
  if (unknown > 0)
    lines.push(`${formatCount(unknown)} ${unknown === 1 ? "bin" : "bins"} unknown: written as empty values`);
  if (broken > 0)
    lines.push(
      `${formatCount(broken)} broken ${firstBroken === undefined ? "values" : `lines left out; the first is ${firstBroken}`}`,
    );
  if (timestamps.ambiguous > 0)
    lines.push(
      `${formatCount(timestamps.ambiguous)} times that came twice, when clocks were put back, were taken as the first`,
    );
  process.stderr.write(`${lines.join("\n")}\n`);
}
