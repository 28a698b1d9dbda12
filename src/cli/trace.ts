import { command, group } from "./options/command.js";
import { instant, number, path, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues, required, withDefault } from "./options/option.js";
import { importCommand } from "./trace-import.js";

const MOST_TIMES = 1_000_000;

const generatePositionals = { model: required(path("Workload model (JSON), or a trace (CSV)")) };

const generateOptions = {
  out: required(path("Trace to write (CSV)")),
  start: instant("Model: first bin, ISO-8601 in UTC (default 2026-01-05T00:00:00Z)"),
  days: number("Model: length in days (default 21)", { above: 0 }),
  seed: whole("Instead of the model's own"),
  scale: number("Thin (below 1) or multiply (above 1) the requests", { above: 0, most: MOST_TIMES }),
  stretch: number("Stretch time by this factor; the rate stays", { above: 0, most: MOST_TIMES }),
  shift: text("Move in time, e.g. 3h or -3h"),
  spike: list(text("Burst: INSTANT,HEIGHT,DECAY, e.g. 2026-01-06T19:00:00Z,3,20min")),
  add: list(path("Another trace on top of it, over the time that both cover")),
};

export type GenerateArguments = OptionValues<typeof generatePositionals> & OptionValues<typeof generateOptions>;

const generateCommand = command({
  command: "generate <model>",
  describe: "Make a trace from a workload model, or another trace out of a trace",
  positionals: generatePositionals,
  options: generateOptions,
  examples: [
    ["trace generate traces/two-weeks.workload.json --days 30 --out month.csv", "a month of the shipped shape"],
    [
      "trace generate mine.csv --scale 2 --spike 2026-01-06T19:00:00Z,3,20min --out stress.csv",
      "twice your traffic and a crowd",
    ],
  ],
  async run(argv) {
    const { generateTraceFile } = await import("./trace-run.js");
    await generateTraceFile(argv);
  },
});

const tracePositionals = { trace: required(path("Trace (CSV)")) };

const inspectOptions = {
  json: flag("Print the findings as JSON, write no page"),
  quiet: flag("Print nothing"),
  out: path("Folder of the page (default reports/<name>-traffic)"),
};

export type InspectArguments = OptionValues<typeof tracePositionals> & OptionValues<typeof inspectOptions>;

const inspectCommand = command({
  command: "inspect <trace>",
  describe: "Describe a trace and how predictable it is; with a page of charts",
  positionals: tracePositionals,
  options: inspectOptions,
  examples: [
    ["trace inspect traffic.csv", "a page in reports/traffic-traffic"],
    ["trace inspect traffic.csv --json", "the findings for a script"],
  ],
  async run(argv) {
    const { inspectTraceFile } = await import("./trace-inspect-run.js");
    await inspectTraceFile(argv);
  },
});

const fitOptions = {
  out: required(path("Workload model to write (JSON)")),
  seed: withDefault(whole("Seed that goes into the model"), "1"),
  holding: path("File of holding times, one with its unit per line"),
};

export type FitArguments = OptionValues<typeof tracePositionals> & OptionValues<typeof fitOptions>;

const fitCommand = command({
  command: "fit <trace>",
  describe: "Fit a workload model, which can be shared without the data",
  positionals: tracePositionals,
  options: fitOptions,
  examples: [
    ["trace fit traffic.csv --out mine.workload.json", "then: traffic: {source: workload, file: mine.workload.json}"],
    ["trace fit traffic.csv --holding durations.txt --out mine.workload.json", "with measured holding times"],
  ],
  async run(argv) {
    const { fitTraceFile } = await import("./trace-inspect-run.js");
    await fitTraceFile(argv);
  },
});

export const traceCommand = group(
  "trace",
  "Import, inspect, fit and make traces",
  [importCommand, inspectCommand, fitCommand, generateCommand],
  [
    ["trace import access.log.gz --out traffic.csv", "count the requests of a log"],
    ["trace inspect traffic.csv", "what is in it, and how predictable it is"],
  ],
);
