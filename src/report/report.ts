import { join } from "node:path";
import { keptScenario, SCENARIO_FILE } from "../experiment/kept-scenario.js";
import type { ExperimentOutcome } from "../experiment/result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { chartFiles, renderPage } from "./page.js";
import { writeReportFolder } from "./report-folder.js";
import { resultJson } from "./result-json.js";
import { shellWord } from "./shell-word.js";
import { simulationPage } from "./simulation-page.js";
import { summaryMarkdown } from "./summary-markdown.js";

export interface ReportOptions {
  /**
   * The command line that repeats the experiment, as the page shows it. Default: `headrace simulate
   * <name>.yaml --seed N`.
   */
  readonly command?: string;
}

export interface WrittenReport {
  readonly indexHtml: string;
}

/**
 * Writes the report of an experiment: index.html (self-contained), result.json, summary.md and
 * charts/<name>.vl.json. All of them or none. Throws an InputError if the folder cannot be
 * written.
 */
export async function writeReport(
  outcome: ExperimentOutcome,
  scenario: Scenario,
  directory: string,
  options: ReportOptions = {},
): Promise<WrittenReport> {
  writeReportFolder(directory, await reportFiles(outcome, scenario, options));
  return { indexHtml: join(directory, "index.html") };
}

/** The report's files by their path within its folder; index.html last. */
export async function reportFiles(
  outcome: ExperimentOutcome,
  scenario: Scenario,
  options: ReportOptions = {},
): Promise<Map<string, string>> {
  const { document } = outcome;
  const command =
    options.command ?? `headrace simulate ${shellWord(`${document.scenario.name}.yaml`)} --seed ${document.seed}`;
  const page = simulationPage(outcome, scenario, command);
  const files = chartFiles(page);
  files.set(SCENARIO_FILE, keptScenario(document.version, scenario));
  files.set("result.json", resultJson(document));
  files.set("summary.md", summaryMarkdown(document, command));
  files.set("index.html", await renderPage(page));
  return files;
}
