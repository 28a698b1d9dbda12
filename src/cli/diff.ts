import { command } from "./options/command.js";
import { path, policy, whole } from "./options/kinds.js";
import { flag, type OptionValues, required } from "./options/option.js";

/** A policy is a module where it has a slash or a dot. */
const MODULE = /[/\\.]/;

const positionals = {
  a: required(path("Result (file or report folder), run log, or scenario")),
  /** Undefined where two versions of a policy are compared on the scenario `a`. */
  b: path("The other result or run log"),
};

const options = {
  policy: policy("The older policy: module or kind", MODULE),
  against: policy("The newer policy: module or kind", MODULE),
  json: flag("Print the difference as JSON"),
  quiet: flag("No progress, no table"),
  out: path("Also write index.html and diff.json to this folder"),
  threads: whole("Worker threads (default: as many as the runs keep busy, up to all cores)", { least: 1 }),
};

export type DiffArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const diffCommand = command({
  command: "diff <a> [b]",
  describe: "Show what differs between two results, two run logs, or two versions of a policy on a scenario",
  positionals,
  options,
  examples: [
    ["diff reports/monday reports/tuesday", "two results"],
    ["diff scenarios/own-policy.yaml --policy old.ts --against new.ts", "two versions of a policy"],
  ],
  async run(argv) {
    const { runDiff } = await import("./diff-run.js");
    await runDiff(argv);
  },
});
