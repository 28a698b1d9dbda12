import type { CheckOutcome } from "../../experiment/check/check.js";
import { chartFiles, renderPage } from "../page.js";
import { writeReportFolder } from "../report-folder.js";
import { checkPage } from "./check-page.js";

/** Writes index.html, check.json and the charts' specifications of a check; all or none. */
export async function writeCheckReport(outcome: CheckOutcome, folder: string, command: string): Promise<void> {
  const page = checkPage(outcome, command);
  const files = chartFiles(page);
  files.set("check.json", `${JSON.stringify(outcome.document, null, 2)}\n`);
  files.set("index.html", await renderPage(page));
  writeReportFolder(folder, files);
}
