import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";
import { importCommand } from "./trace-import.js";

export interface GenerateArguments {
  readonly model: string;
  readonly out: string;
  readonly start: string;
  readonly days: number;
  readonly seed: number | undefined;
  readonly scale: number | undefined;
  readonly stretch: number | undefined;
  readonly shift: string | undefined;
  readonly spike: string[] | undefined;
  readonly add: string[] | undefined;
}

export interface InspectArguments {
  readonly trace: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly out: string | undefined;
}

export interface FitArguments {
  readonly trace: string;
  readonly out: string;
  readonly seed: number;
  readonly holding: string | undefined;
}

const generateCommand: CommandModule<object, object> = {
  command: "generate <model>",
  describe: "Make a trace from a workload model, or another trace out of a trace",
  builder: (yargs) =>
    yargs
      .positional("model", { type: "string", demandOption: true, describe: "Workload model (JSON), or a trace (CSV)" })
      .option("out", { type: "string", demandOption: true, requiresArg: true, describe: "Trace to write (CSV)" })
      .option("start", {
        type: "string",
        default: "2026-01-05T00:00:00Z",
        requiresArg: true,
        describe: "Model: first bin, ISO-8601 in UTC",
      })
      .option("days", { type: "number", default: 21, requiresArg: true, describe: "Model: length in days" })
      .option("seed", { type: "number", requiresArg: true, describe: "Instead of the model's own" })
      .option("scale", {
        type: "number",
        requiresArg: true,
        describe: "Thin (below 1) or multiply (above 1) the requests",
      })
      .option("stretch", {
        type: "number",
        requiresArg: true,
        describe: "What took an hour takes this many; the rate stays",
      })
      .option("shift", { type: "string", requiresArg: true, describe: "Move in time, e.g. 3h or -3h" })
      .option("spike", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "Burst: INSTANT,HEIGHT,DECAY, e.g. 2026-01-06T19:00:00Z,3,20min",
      })
      .option("add", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "Another trace on top of it, over the time that both cover",
      })
      .example(
        "$0 trace generate traces/two-weeks.workload.json --days 30 --out month.csv",
        "a month of the shipped shape",
      )
      .example(
        "$0 trace generate mine.csv --scale 2 --spike 2026-01-06T19:00:00Z,3,20min --out stress.csv",
        "twice your traffic and a crowd",
      ),
  handler: async (given) => {
    const argv = given as unknown as GenerateArguments;
    const { generateTraceFile } = await import("./trace-run.js");
    const paths = { model: userPath(argv.model), out: userPath(argv.out), add: argv.add?.map(userPath) };
    await generateTraceFile({ ...argv, ...paths });
  },
};

const inspectCommand: CommandModule<object, object> = {
  command: "inspect <trace>",
  describe: "What is in a trace, and how predictable it is; with a page of charts",
  builder: (yargs) =>
    yargs
      .positional("trace", { type: "string", demandOption: true, describe: "Trace (CSV)" })
      .option("json", { type: "boolean", default: false, describe: "Print the findings as JSON, write no page" })
      .option("quiet", { type: "boolean", default: false, describe: "Print nothing" })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "Folder of the page (default reports/<name>-traffic)",
      }),
  handler: async (given) => {
    const argv = given as unknown as InspectArguments;
    const { inspectTraceFile } = await import("./trace-inspect-run.js");
    await inspectTraceFile({
      ...argv,
      trace: userPath(argv.trace),
      out: argv.out === undefined ? undefined : userPath(argv.out),
    });
  },
};

const fitCommand: CommandModule<object, object> = {
  command: "fit <trace>",
  describe: "Fit a workload model, which can be shared without the data",
  builder: (yargs) =>
    yargs
      .positional("trace", { type: "string", demandOption: true, describe: "Trace (CSV)" })
      .option("out", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "Workload model to write (JSON)",
      })
      .option("seed", { type: "number", default: 1, requiresArg: true, describe: "Seed that goes into the model" })
      .option("holding", {
        type: "string",
        requiresArg: true,
        describe: "File of holding times, one with its unit per line",
      }),
  handler: async (given) => {
    const argv = given as unknown as FitArguments;
    const { fitTraceFile } = await import("./trace-inspect-run.js");
    await fitTraceFile({
      ...argv,
      trace: userPath(argv.trace),
      out: userPath(argv.out),
      holding: argv.holding === undefined ? undefined : userPath(argv.holding),
    });
  },
};

export const traceCommand: CommandModule = {
  command: "trace <action>",
  describe: "Import, inspect, fit and make traces",
  builder: (yargs) =>
    yargs
      .command(importCommand)
      .command(inspectCommand)
      .command(fitCommand)
      .command(generateCommand)
      .demandCommand(1, "Name an action: import, inspect, fit or generate."),
  handler: () => undefined,
};
