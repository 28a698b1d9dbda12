import { caveatsOf } from "../control/policies/caveats.js";
import type { ResultDocument } from "../experiment/result.js";
import { shortSloText } from "../experiment/slo-verdict.js";
import { comparisonGroups } from "./comparison-table.js";
import { frontierTables, spawnSweepTable, textTableMarkdown } from "./frontier-tables.js";
import { chanceNote, verdicts, warmupNote } from "./verdict.js";

/** The result in Markdown: verdicts, table, how to repeat it. Every text of a user is escaped. */
export function summaryMarkdown(document: ResultDocument, command: string): string {
  const [baseline, ...candidates] = document.policies;
  const head = [
    "Metric",
    `${baseline.name}${candidates.length === 0 ? "" : " (baseline)"}`,
    ...candidates.flatMap(({ name }) => [name, "difference", "verdict"]),
  ];
  const align = ["---", "---:", ...candidates.flatMap(() => ["---:", "---:", "---"])];
  const rows = comparisonGroups(document).flatMap((group) =>
    group.rows.map((row) => [
      row.unit === "" ? row.label : `${row.label} (${row.unit})`,
      row.baseline,
      ...row.candidates.flatMap((cell) => [cell.value, cell.difference, cell.word]),
    ]),
  );
  const found = verdicts(document).map(
    (verdict) => `- **${escapeMarkdown(verdict.sentence)}** ${escapeMarkdown(verdict.evidence)}`,
  );
  return [
    `# ${escapeMarkdown(document.scenario.name)}`,
    "",
    ...found,
    "",
    (
      `Means over ${document.replications} replication${document.replications === 1 ? "" : "s"} with 95 % ` +
      `intervals; differences are paired, candidate − baseline. ${chanceNote(document)} ${warmupNote(document)}`
    ).trim(),
    "",
    tableLine(head.map(escapeMarkdown)),
    tableLine(align),
    ...sloLine(document),
    ...rows.map((cells) => tableLine(cells.map(escapeMarkdown))),
    "",
    ...caveatsOf(document.policies).flatMap((caveat) => [escapeMarkdown(caveat), ""]),
    ...sweepTables(document),
    "To repeat it:",
    "",
    ...codeBlock(command),
    "",
    `Scenario hash ${document.scenario.hash}, seed ${document.seed}, headrace ${document.version}.`,
    "",
  ].join("\n");
}

/** In how many replications each policy meets the SLO; none without one. */
function sloLine({ policies }: ResultDocument): string[] {
  if (policies.every(({ slo }) => slo === undefined)) return [];
  const cells = policies.map(({ slo }) => (slo === undefined ? "–" : shortSloText(slo)));
  return [tableLine(["SLO", cells[0], ...cells.slice(1).flatMap((cell) => [cell, "", ""])].map(escapeMarkdown))];
}

function sweepTables({ frontier, spawnSweep }: ResultDocument): string[] {
  const tables = [
    ...(frontier === undefined ? [] : frontierTables(frontier)),
    ...(spawnSweep === undefined ? [] : [spawnSweepTable(spawnSweep)]),
  ];
  return tables.flatMap((table) => textTableMarkdown(table, escapeMarkdown));
}

/** Escapes text for Markdown: in a paragraph, a heading or a table cell it is shown unchanged. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_[\]|#~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A fence longer than any run of backticks in the code. */
function codeBlock(code: string): string[] {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return [`${fence}sh`, code.replaceAll(/[\r\n]+/g, " "), fence];
}
