import { join } from "node:path";
import { forecastDocument, type TraceForecast } from "../forecasting/trace-forecast.js";
import { forecastPage } from "./forecast-page.js";
import { chartFiles, renderPage } from "./page.js";
import { writeReportFolder } from "./report-folder.js";

/**
 * Writes index.html (self-contained), result.json and charts/<name>.vl.json, all or none. Throws
 * InputError when the folder cannot be written.
 */
export async function writeForecastReport(
  result: TraceForecast,
  directory: string,
  command: string,
): Promise<{ readonly indexHtml: string }> {
  const page = forecastPage(result, command);
  const files = chartFiles(page);
  files.set("result.json", `${JSON.stringify(forecastDocument(result), null, 2)}\n`);
  files.set("index.html", await renderPage(page));
  writeReportFolder(directory, files);
  return { indexHtml: join(directory, "index.html") };
}
