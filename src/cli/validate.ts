import { command } from "./options/command.js";
import { path, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues, withDefault } from "./options/option.js";

const options = {
  quick: flag("In seconds, with wider gates"),
  seed: withDefault(whole("Another seed"), "1"),
  only: list(text("Only these rows (by id, or how it begins)")),
  json: flag("Print the outcome as JSON"),
  quiet: flag("No progress, no table"),
  write: path("Write each row's scenario into this folder, run nothing"),
  threads: whole("Worker threads (default: as many as the runs keep busy, up to all cores)", { least: 1 }),
};

export type ValidateArguments = OptionValues<typeof options>;

export const validateCommand = command({
  command: "validate",
  describe: "Hold the simulator against queueing theory; exit code 1 where it does not match",
  positionals: {},
  options,
  examples: [
    ["validate", "the whole table"],
    ["validate --only erlang-b setup-10 --seed 7", "some rows, another seed"],
    ["validate --write rows", "then: headrace simulate rows/erlang-c-5-4.yaml"],
  ],
  async run(argv) {
    const { runValidation } = await import("./validate-run.js");
    const { validationTable } = await import("../experiment/validate/table.js");
    await runValidation(argv, validationTable);
  },
});
