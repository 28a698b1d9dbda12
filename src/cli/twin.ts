import { command } from "./options/command.js";
import { choice, path, quantityText, text, whole } from "./options/kinds.js";
import { flag, type OptionValues, required, withDefault } from "./options/option.js";

const positionals = { file: required(path("Scenario file (YAML)")) };

const options = {
  policy: text("Policy to run, by name or kind (default the first)"),
  seed: whole("Another seed"),
  duration: quantityText("Another duration, e.g. 20s", "duration"),
  runtime: withDefault(
    choice("Node processes, the ultra-light C ones, or those forked from a zygote", ["node", "native", "zygote"]),
    "node",
  ),
  profile: path("Profile of this machine (headrace calibrate); a quick one is made if left out"),
  out: path("Folder (default reports/<name>-twin)"),
  json: flag("Print the outcome as JSON, too"),
  quiet: flag("No messages, no table"),
};

export type TwinArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const twinCommand = command({
  command: "twin <file>",
  describe: "Run a scenario live, twice, and simulated with this machine's spawn times; the error of each metric",
  positionals,
  options,
  examples: [
    ["twin scenarios/live-small.yaml", "twice with real processes, then simulated"],
    ["twin scenarios/live-small.yaml --duration 2min --runtime native", "with C streamlets"],
  ],
  async run(argv) {
    const { runTwin } = await import("./twin-run.js");
    await runTwin(argv);
  },
});
