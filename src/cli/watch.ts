import { command } from "./options/command.js";
import { path, text } from "./options/kinds.js";
import { list, type OptionValues, required } from "./options/option.js";

const positionals = {
  runs: required(
    list(text("Folder of a report or run log (JSONL), two for side by side; or the address of a live run (http://…)")),
  ),
};

const options = {
  policy: text("For a report's folder: policy to show, by name or kind (default the first)"),
  tokenFile: path("For a live run: file with the token; draining and terminating need it"),
};

export type WatchArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const watchCommand = command({
  command: "watch <runs..>",
  describe: "Watch a run in the terminal: a finished one through its time, or a live one",
  positionals,
  options,
  examples: [
    ["watch reports/evening-peak --policy predictive", "the first replication, from its start to its end"],
    ["watch reports/monday-live reports/tuesday-live", "two live runs side by side, from the start of each"],
    ["watch http://127.0.0.1:8080", "a live run, at its gateway's address"],
  ],
  async run(argv) {
    const { watchRun } = await import("./watch-run.js");
    await watchRun(argv);
  },
});
