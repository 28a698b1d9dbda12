import type { CheckDocument, CheckRow } from "../../experiment/check/check-document.js";
import type { PolicyDivergence } from "../../experiment/check/compare-figures.js";
import { escapeMarkdown } from "../summary-markdown.js";
import { divergenceLines, isQuiet, ROW_HEAD, rowCells, seesSentence, verdictSentence } from "./check-text.js";
import { sparkline } from "./sparkline.js";

/**
 * Most charts of a comment: GitHub refuses comments above 65,536 characters, and a chart takes
 * about 2,000.
 */
const MOST_CHARTS = 6;

/**
 * A check as Markdown for a pull request: the verdict, the changes with their reasons, and small
 * charts by hour.
 */
export function checkMarkdown(document: CheckDocument, apart: readonly PolicyDivergence[]): string {
  const changed = document.rows.filter((row) => !isQuiet(row));
  const quiet = document.rows.filter(isQuiet);
  const lines = [
    `### headrace check: ${document.verdict.replace("-", " ")}`,
    "",
    escapeMarkdown(verdictSentence(document)),
    "",
  ];
  if (changed.length > 0) lines.push(...table(changed), "");
  for (const one of document.sloFailures)
    lines.push(escapeMarkdown(`SLO: ${one.scenario}, ${one.policy}: ${one.text}`), "");
  if (document.firstDivergence !== null) {
    const [head, ...rest] = divergenceLines(document.firstDivergence);
    lines.push(`**${escapeMarkdown(head)}**`, "", ...rest.map((line) => `- ${escapeMarkdown(line.trim())}`), "");
  }
  lines.push(...charts(apart));
  if (quiet.length > 0) {
    lines.push(
      `<details><summary>${quiet.length} figures within tolerance</summary>`,
      "",
      ...table(quiet),
      "",
      "</details>",
      "",
    );
  }
  lines.push(escapeMarkdown(seesSentence(document)), "");
  return lines.join("\n");
}

function table(rows: readonly CheckRow[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [
    line(ROW_HEAD),
    "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |",
    ...rows.map((row) => line(rowCells(row))),
  ];
}

/** Streamlets and violating minutes by hour of replication 0, before (grey) and now (blue). */
function charts(apart: readonly PolicyDivergence[]): string[] {
  const images = apart.flatMap(({ scenario, policy, before, now, hour }) => {
    const image = (what: string, old: readonly number[], recent: readonly number[]): string[] =>
      old.join() === recent.join()
        ? []
        : [
            `${escapeMarkdown(`${scenario}, ${policy}: ${what}`)}: ` +
              `${sparkline(old, recent, hour, `${what} by hour, before and now`)}`,
            "",
          ];
    return [
      ...image("streamlets", before.streamletsByHour, now.streamletsByHour),
      ...image("violating minutes", before.violatingByHour, now.violatingByHour),
    ];
  });
  return images.slice(0, 2 * MOST_CHARTS);
}
