import { command } from "./options/command.js";
import { path } from "./options/kinds.js";
import { flag, list, type OptionValues, required } from "./options/option.js";

const positionals = { results: required(list(path("Report folders, or their result.json"))) };

const options = {
  out: path("Folder of the page (default reports/side-by-side; one result shows its own page)"),
  open: flag("Open the page in the browser"),
  json: flag("Print what the page shows as JSON, write no page"),
  quiet: flag("Print nothing"),
};

export type ReportArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const reportCommand = command({
  command: "report <results..>",
  describe: "Show a result, or put several side by side",
  positionals,
  options,
  examples: [
    ["report reports/evening-peak --open", "opens the page of a result"],
    ["report reports/monday reports/tuesday", "two results on one page"],
  ],
  async run(argv) {
    const { showResults } = await import("./report-run.js");
    await showResults(argv);
  },
});
