import { command, group } from "./options/command.js";
import { path } from "./options/kinds.js";
import { flag, list, required } from "./options/option.js";

const checkCommand = command({
  command: "check <files..>",
  describe: "Check scenario files and all that they refer to",
  positionals: { files: required(list(path("Scenario files"))) },
  options: {
    json: flag("Print what was found as JSON"),
    quiet: flag("Only the exit code and the faults"),
  },
  examples: [
    ["scenario check scenarios/*.yaml", "every fault with file, line and column"],
    ["scenario check mine.yaml --quiet", "in a hook: only the faults"],
  ],
  async run({ files, ...argv }) {
    const { checkScenarios } = await import("./scenario-run.js");
    await checkScenarios(files, argv);
  },
});

const schemaCommand = command({
  command: "schema",
  describe: "Print the JSON Schema of scenarios, for editors",
  positionals: {},
  options: {},
  examples: [
    ["scenario schema > scenario.schema.json", "for an editor"],
    ["scenario schema | jq '.properties | keys'", "the sections of a scenario"],
  ],
  async run() {
    const { scenarioJsonSchema } = await import("../world/scenario/json-schema.js");
    process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  },
});

export const scenarioCommand = group(
  "scenario",
  "Check scenarios, or print their schema",
  [checkCommand, schemaCommand],
  [
    ["scenario check mine.yaml", "every fault with file, line and column"],
    ["scenario schema > scenario.schema.json", "for an editor"],
  ],
);
