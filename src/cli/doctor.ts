import { command } from "./options/command.js";
import { text } from "./options/kinds.js";
import { flag, type OptionValues } from "./options/option.js";

const options = {
  buildNative: flag("First compile the C streamlet (--runtime native), with $CC or cc"),
  redis: text("Also try this Redis, e.g. redis://localhost:6379"),
  json: flag("Print as JSON"),
  quiet: flag("Print only what is wrong"),
};

export type DoctorArguments = OptionValues<typeof options>;

export const doctorCommand = command({
  command: "doctor",
  describe: "List what works on this machine, and which commands need it",
  positionals: {},
  options,
  examples: [
    ["doctor", "every part, with what is missing for it"],
    ["doctor --build-native", "compile the C streamlet, then look"],
  ],
  epilog: "Exit code 1: Headrace does not run well here. What is optional and missing never fails.",
  async run(argv) {
    const { examineMachine } = await import("./doctor-run.js");
    await examineMachine(argv);
  },
});
