import { command } from "./options/command.js";
import { path, text } from "./options/kinds.js";
import { flag, type OptionValues, required } from "./options/option.js";

const positionals = { log: required(path("Run log (JSONL) of headrace live")) };

const options = {
  policy: text("Another policy under the same arrivals: one of the scenario's by name, or a built-in kind"),
  scenario: path("Take the policy, with its knobs, from this scenario file; needs --policy"),
  json: flag("Print the outcome as JSON"),
  quiet: flag("Only the exit code and what differs"),
};

export type ReplayArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const replayCommand = command({
  command: "replay <log>",
  describe: "Replay a live run's log: the same decisions (exit code 1 if not), or those of another policy",
  positionals,
  options,
  examples: [
    ["replay reports/live-small/run.jsonl", "does every decision come out byte for byte?"],
    ["replay run.jsonl --policy hpa", "what if it had been hpa?"],
  ],
  async run(argv) {
    const { replayLog } = await import("./replay-run.js");
    await replayLog(argv);
  },
});
