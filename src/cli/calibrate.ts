import { command } from "./options/command.js";
import { choice, path } from "./options/kinds.js";
import { flag, type OptionValues, withDefault } from "./options/option.js";

const options = {
  out: withDefault(path("The profile"), "calibration.json"),
  quick: flag("In seconds, with wider quantiles"),
  class: withDefault(
    choice("Class of streamlets whose spawn times scenarios read from the file", ["node", "native", "zygote"]),
    "node",
  ),
  json: flag("Print the profile, write no file"),
  quiet: flag("No progress, no table"),
};

export type CalibrateArguments = OptionValues<typeof options>;

export const calibrateCommand = command({
  command: "calibrate",
  describe: "Measure this machine with real streamlet processes, for spawn: {profile: FILE} in scenarios",
  positionals: {},
  options,
  examples: [
    ["calibrate --quick", "then, in a scenario: spawn: {profile: calibration.json}"],
    ["calibrate --out mine.json --json", "the whole measurement, and its figures for a script"],
  ],
  async run(argv) {
    const { runCalibration } = await import("./calibrate-run.js");
    await runCalibration(argv);
  },
});
