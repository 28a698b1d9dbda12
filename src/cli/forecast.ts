import { command } from "./options/command.js";
import { path, quantityText, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues } from "./options/option.js";

const positionals = { trace: path("Trace (CSV with timestamp,value)") };

const options = {
  bench: path("Run the protocol of a forecasting bench (folder with origins.json) instead; needs --out FILE.jsonl"),
  model: list(text("Only these forecasters")),
  out: path("Folder of the report, or the bench's JSONL file"),
  json: flag("Print the result as JSON, write no report"),
  quiet: flag("No progress, no table"),
  horizon: quantityText("How far ahead capacity is provided, e.g. 5min (default: one bin)", "duration", { above: 0 }),
  backend: text("Backend of the neural network: node, wasm or cpu (default: the first that is installed)"),
  holidays: text("Public holidays that the additive model learns: a country, e.g. DE, or DE.BY"),
  events: path("Events that the additive model knows (JSON list of name, start, end, multiplier)"),
  threads: whole("Worker threads (default: all cores)", { least: 1 }),
};

export type ForecastArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const forecastCommand = command({
  command: "forecast [trace]",
  describe: "Which forecaster is right for this traffic, and how far can it be trusted?",
  positionals,
  options,
  examples: [
    ["forecast traces/evening-peak.csv", "the backtest of a trace"],
    ["forecast --bench bench --out lines.jsonl", "one line per origin, for score.mjs"],
  ],
  async run(argv) {
    const { forecast } = await import("./forecast-run.js");
    await forecast(argv);
  },
});
