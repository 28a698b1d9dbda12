import { command } from "./options/command.js";
import { text } from "./options/kinds.js";
import { flag, list, type OptionValues } from "./options/option.js";

const positionals = {
  term: list(text("A metric, key, knob, policy, reason, verdict, error code or word; none: list all")),
};
const options = { json: flag("Print as JSON") };

export type ExplainArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const explainCommand = command({
  command: "explain [term..]",
  describe: "Explain a term in a sentence: metrics, keys, knobs, policies, reasons, verdicts, errors",
  positionals,
  options,
  examples: [
    ["explain regretRatio", "what a metric means"],
    ["explain waitingRoom", "a key of a scenario, by its last part"],
  ],
  async run(argv) {
    const { explainTerm } = await import("./explain-run.js");
    explainTerm(argv);
  },
});
