import { join } from "node:path";
import { forecastDocument, type TraceForecast } from "../forecasting/trace-forecast.js";
import { chartSpec } from "./chart.js";
import { forecastPage } from "./forecast-page.js";
import { chartsOf, renderPage } from "./page.js";
import { writeReportFolder } from "./report-folder.js";

/** Writes index.html (self-contained), result.json and charts/<name>.vl.json, all or none. Throws InputError when the folder cannot be written. */
export async function writeForecastReport(
  result: TraceForecast,
  directory: string,
  command: string,
): Promise<{ readonly indexHtml: string }> {
  const page = forecastPage(result, command);
  const files = new Map<string, string>();
  for (const chart of page.sections.flatMap((section) => section.blocks.flatMap(chartsOf))) {
    files.set(`charts/${chart.name}.vl.json`, `${JSON.stringify(chartSpec(chart))}\n`);
  }
  files.set("result.json", `${JSON.stringify(forecastDocument(result), null, 2)}\n`);
  files.set("index.html", await renderPage(page));
  writeReportFolder(directory, files);
  return { indexHtml: join(directory, "index.html") };
}
