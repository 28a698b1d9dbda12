import type { CommandModule } from "yargs";
import { positiveNumber, refuseRepeated, wholeNumber } from "./numbers.js";
import { userPath } from "./paths.js";
import { importCommand } from "./trace-import.js";

export interface GenerateArguments {
  readonly model: string;
  readonly out: string;
  readonly start: string;
  readonly days: number;
  readonly seed: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

const generateCommand: CommandModule<object, object> = {
  command: "generate <model>",
  describe: "Make a trace from a workload model",
  builder: (yargs) =>
    yargs
      .positional("model", { type: "string", demandOption: true, describe: "Workload model (JSON)" })
      .option("out", { type: "string", demandOption: true, requiresArg: true, describe: "Trace to write (CSV)" })
      .option("start", {
        type: "string",
        default: "2026-01-05T00:00:00Z",
        requiresArg: true,
        describe: "First bin, ISO-8601 in UTC",
      })
      .option("days", { type: "string", default: "21", requiresArg: true, describe: "Length in days" })
      .option("seed", { type: "string", requiresArg: true, describe: "Instead of the model's own" })
      .option("json", { type: "boolean", default: false, describe: "Print what was made as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "Say nothing" }),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, []);
    const argv = given as unknown as Omit<GenerateArguments, "days" | "seed"> & { days: string; seed?: string };
    const days = positiveNumber("days", argv.days) as number;
    const seed = wholeNumber("seed", argv.seed, Number.MIN_SAFE_INTEGER);
    const { generateTraceFile } = await import("./trace-run.js");
    await generateTraceFile({ ...argv, days, seed, model: userPath(argv.model), out: userPath(argv.out) });
  },
};

export const traceCommand: CommandModule = {
  command: "trace <action>",
  describe: "Import and make traces",
  builder: (yargs) =>
    yargs.command(importCommand).command(generateCommand).demandCommand(1, "Name an action: import or generate."),
  handler: () => undefined,
};
