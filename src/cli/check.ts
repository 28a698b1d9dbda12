import { command } from "./options/command.js";
import { engineOptions } from "./options/engine.js";
import { path, text } from "./options/kinds.js";
import { flag, type OptionValues, withDefault } from "./options/option.js";

const positionals = {
  file: withDefault(path("Scenarios, policies, metrics with tolerances, and the baseline (YAML)"), "regression.yaml"),
};

const options = {
  init: path("Write the gate's file and its baseline for this scenario"),
  update: flag("Accept the present figures as the baseline"),
  reason: text("Why they are accepted; kept in the baseline"),
  json: flag("Print the verdict as JSON"),
  quiet: flag("No progress, no table; only the exit code"),
  junit: path("Also write JUnit XML to this file"),
  markdown: path("Also write Markdown for a pull request to this file"),
  out: path("Also write index.html, check.json and charts to this folder"),
  annotations: flag(
    "Also print GitHub annotations (default: in GitHub Actions)",
    process.env.GITHUB_ACTIONS === "true",
  ),
  ...engineOptions,
};

export type CheckArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const checkCommand = command({
  command: "check [file]",
  describe: "Gate policies in CI: did this change make a figure worse? Exit code 1 where it did",
  positionals,
  options,
  examples: [
    ["check --init scenarios/evening-peak.yaml", "a gate for a scenario"],
    ["check --out reports/check", "the gate, with a page"],
    ['check --update --reason "higher headroom at night"', "accept what the gate shows"],
  ],
  async run(argv) {
    const { runCheckCommand } = await import("./check-run.js");
    await runCheckCommand(argv);
  },
});
