import { command } from "./options/command.js";
import { engineOptions } from "./options/engine.js";
import { choice, path, quantityText, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues, withDefault } from "./options/option.js";

const PARTS = ["main", "guard", "ablation", "forecasters", "map"] as const;

const options = {
  traces: path("Folder of the public traces; left out, a small study runs on the traces that ship"),
  out: withDefault(path("Folder of the report"), "reports/policy-study"),
  only: list(text("Only these traces, e.g. nasa")),
  arms: list(text("Only these policies of the main part, by name")),
  spawn: withDefault(list(quantityText("Spawn latencies", "duration")), ["30s", "120s"]),
  replications: withDefault(whole("Paired replications", { least: 1 }), "10"),
  coarse: withDefault(whole("Replications of the coarse pass", { least: 1 }), "1"),
  parts: withDefault(list(choice("Parts of the study", PARTS)), PARTS),
  quiet: flag("No progress"),
  ...engineOptions,
};

export type StudyArguments = OptionValues<typeof options>;

export const studyCommand = command({
  command: "study",
  describe: "Every policy at its best knob on five public traces: frontiers, ablation, where prediction pays",
  positionals: {},
  options,
  examples: [
    ["study --traces ~/traces", "the full study; stopped and started again, it goes on where it was"],
    ["study --traces ~/traces --only nasa", "one of its traces"],
  ],
  async run(argv) {
    const { runStudy } = await import("./study-run.js");
    await runStudy(argv);
  },
});
