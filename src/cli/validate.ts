import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface ValidateArguments {
  readonly quick: boolean;
  readonly seed: number;
  readonly only: string[] | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly write: string | undefined;
  readonly threads: number | undefined;
}

export const validateCommand: CommandModule<object, object> = {
  command: "validate",
  describe: "Hold the simulator against queueing theory; exit code 1 where it does not match",
  builder: (yargs) =>
    yargs
      .option("quick", { type: "boolean", default: false, describe: "In seconds, with wider gates" })
      .option("seed", { type: "number", default: 1, requiresArg: true, describe: "Another seed" })
      .option("only", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "Only these rows (by id, or how it begins)",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the outcome as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table" })
      .option("write", {
        type: "string",
        requiresArg: true,
        describe: "Write each row's scenario into this folder, run nothing",
      })
      .option("threads", { type: "number", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .example("$0 validate", "the whole table")
      .example("$0 validate --only erlang-b setup-10 --seed 7", "some rows, another seed")
      .example("$0 validate --write rows", "then: headrace simulate rows/erlang-c-5-4.yaml"),
  handler: async (given) => {
    const argv = given as unknown as ValidateArguments;
    const { runValidation } = await import("./validate-run.js");
    const { validationTable } = await import("../experiment/validate/table.js");
    const write = argv.write === undefined ? undefined : userPath(argv.write);
    await runValidation({ ...argv, write }, validationTable);
  },
};
