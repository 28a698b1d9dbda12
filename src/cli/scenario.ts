import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

interface CheckArguments {
  readonly files: string[];
  readonly json: boolean;
  readonly quiet: boolean;
}

const checkCommand: CommandModule<object, object> = {
  command: "check <files..>",
  describe: "Check scenario files and all that they refer to",
  builder: (yargs) =>
    yargs
      .positional("files", { type: "string", array: true, demandOption: true, describe: "Scenario files" })
      .option("json", { type: "boolean", default: false, describe: "Print what was found as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "Only the exit code and the faults" }),
  handler: async (given) => {
    const argv = given as unknown as CheckArguments;
    const { checkScenarios } = await import("./scenario-run.js");
    await checkScenarios(argv.files.map(userPath), argv);
  },
};

const schemaCommand: CommandModule = {
  command: "schema",
  describe: "Print the JSON Schema of scenarios, for editors",
  handler: async () => {
    const { scenarioJsonSchema } = await import("../world/scenario/json-schema.js");
    process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  },
};

export const scenarioCommand: CommandModule = {
  command: "scenario <action>",
  describe: "Check scenarios, or print their schema",
  builder: (yargs) =>
    yargs.command(checkCommand).command(schemaCommand).demandCommand(1, "Name an action: check or schema."),
  handler: () => undefined,
};
