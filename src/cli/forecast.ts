import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface ForecastArguments {
  readonly trace: string | undefined;
  readonly bench: string | undefined;
  readonly model: string[] | undefined;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly horizon: string | undefined;
  readonly backend: string | undefined;
  readonly holidays: string | undefined;
  readonly events: string | undefined;
  readonly threads: string | undefined;
}

export const forecastCommand: CommandModule<object, object> = {
  command: "forecast [trace]",
  describe: "Which forecaster is right for this traffic, and how far can it be trusted?",
  builder: (yargs) =>
    yargs
      .positional("trace", { type: "string", describe: "Trace (CSV with timestamp,value)" })
      .option("bench", {
        type: "string",
        requiresArg: true,
        describe: "Run the protocol of a forecasting bench (folder with origins.json) instead; needs --out FILE.jsonl",
      })
      .option("model", { type: "string", array: true, requiresArg: true, describe: "Only these forecasters" })
      .option("out", { type: "string", requiresArg: true, describe: "Folder of the report, or the bench's JSONL file" })
      .option("json", { type: "boolean", default: false, describe: "Print the result as JSON, write no report" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table" })
      .option("horizon", {
        type: "string",
        requiresArg: true,
        describe: "How far ahead capacity is provided, e.g. 5min (default: one bin)",
      })
      .option("backend", {
        type: "string",
        requiresArg: true,
        describe: "What computes the neural network: node, wasm or cpu (default: the first that is there)",
      })
      .option("holidays", {
        type: "string",
        requiresArg: true,
        describe: "Public holidays that the additive model learns: a country, e.g. DE, or DE.BY",
      })
      .option("events", {
        type: "string",
        requiresArg: true,
        describe: "Events that the additive model knows (JSON list of name, start, end, multiplier)",
      })
      .option("threads", { type: "string", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .example("$0 forecast traces/evening-peak.csv", "the backtest of a trace")
      .example("$0 forecast --bench bench --out lines.jsonl", "one line per origin, for score.mjs"),
  handler: async (given) => {
    const argv = given as unknown as ForecastArguments;
    const { forecast } = await import("./forecast-run.js");
    const place = (path: string | undefined): string | undefined => (path === undefined ? undefined : userPath(path));
    await forecast({
      ...argv,
      trace: place(argv.trace),
      bench: place(argv.bench),
      out: place(argv.out),
      events: place(argv.events),
    });
  },
};
