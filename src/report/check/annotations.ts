import type { CheckDocument } from "../../experiment/check/check-document.js";
import { rowCells, verdictWords } from "./check-text.js";
import { fails } from "./junit.js";

/** GitHub shows ten errors per step; the log and the summary have all. */
const MOST_ANNOTATIONS = 10;

/** Workflow commands of GitHub Actions: an error per failed row, at the scenario's file. */
export function checkAnnotations(document: CheckDocument): string[] {
  const rows = document.rows.filter(fails).map((row) => {
    const [, policy, metric, before, now, change, tolerance] = rowCells(row);
    const text = `${policy}, ${metric}: ${before} → ${now} (change ${change}, tolerance ${tolerance})`;
    return command(row.scenario, `headrace check: ${verdictWords[row.verdict]}`, text);
  });
  const slo = document.sloFailures.map((one) =>
    command(one.scenario, "headrace check: SLO", `${one.policy}: ${one.text}`),
  );
  return [...rows, ...slo].slice(0, MOST_ANNOTATIONS);
}

/** `::error file=…,title=…::message`, escaped as GitHub's toolkit does. */
function command(file: string, title: string, message: string): string {
  const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::error file=${property(file)},title=${property(title)}::${data(message)}`;
}
