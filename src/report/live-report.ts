import { join } from "node:path";
import type { ExperimentOutcome } from "../experiment/result.js";
import type { RunResult, Timeline } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { LiveFacts } from "./live-facts.js";
import { livePage } from "./live-page.js";
import { chartFiles, renderPage } from "./page.js";
import type { WrittenReport } from "./report.js";
import { writeReportFolder } from "./report-folder.js";
import { resultJson } from "./result-json.js";

/**
 * Writes the report of a live run: index.html, result.json, charts. Throws an InputError when the
 * folder cannot be written.
 */
export async function writeLiveReport(
  outcome: ExperimentOutcome,
  scenario: Scenario,
  directory: string,
  facts: LiveFacts,
): Promise<WrittenReport> {
  const run = untilEnd(outcome.runs[0][0], facts.durationMs);
  const page = livePage(outcome.document, run, scenario, facts);
  const files = chartFiles(page);
  files.set("result.json", resultJson(outcome.document));
  files.set("index.html", await renderPage(page));
  writeReportFolder(directory, files);
  return { indexHtml: join(directory, "index.html") };
}

/**
 * The timeline has bins for the scenario's duration; those after the end of the run hold no data.
 */
function untilEnd(run: RunResult, durationMs: number): RunResult {
  const { timeline } = run;
  const bins = Math.min(timeline.open.length, Math.max(1, Math.ceil(durationMs / timeline.binMs - 1e-9)));
  const cut = (column: Float64Array): Float64Array => column.slice(0, bins);
  const { binMs, arrivalsBySeries, violationMinutes, ...columns } = timeline;
  const kept = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, cut(column)]));
  const cutTimeline = {
    binMs,
    arrivalsBySeries: arrivalsBySeries.map(cut),
    violationMinutes: violationMinutes === undefined ? undefined : cut(violationMinutes),
    ...kept,
  } as unknown as Timeline;
  return { ...run, timeline: cutTimeline };
}
