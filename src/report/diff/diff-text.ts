import type { DiffDocument, DiffRow } from "../../experiment/diff/diff-document.js";
import { divergenceLines } from "../check/check-text.js";
import { formatInterval, formatNumber, metricFacts, shownValue, unitName } from "../numbers.js";

/** Reasons shown, the most different first. */
const MOST_REASONS = 8;

export const DIFF_HEAD = ["Policy", "Metric", "A", "B", "B − A", "Verdict"];

/** The cells of a row under DIFF_HEAD. */
export function diffCells(row: DiffRow): readonly string[] {
  const facts = metricFacts(row.metric);
  const name = unitName(facts, row.currency);
  const unit = name === "" ? "" : ` (${name})`;
  const shown = (value: number): string => formatNumber(shownValue(value, facts));
  const width = row.halfWidth === null ? null : shownValue(row.halfWidth, facts);
  const delta = formatInterval(shownValue(row.delta, facts), width, true);
  return [row.policy, `${facts.label}${unit}`, shown(row.a), shown(row.b), delta, wordText(row)];
}

/** A *same* of figures that are not equal names its margin. */
function wordText({ word, delta, a, b }: DiffRow): string {
  const isEqual = Math.abs(delta) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  return word === "same" && !isEqual ? "same within 1 %" : word;
}

/** The rows that differ first, then what is not known, then the rest. */
export function diffOrder(rows: readonly DiffRow[]): readonly DiffRow[] {
  const rank = ({ word }: DiffRow): number => ["differs", "cannot tell", "no difference shown", "same"].indexOf(word);
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

/** In a sentence, how many figures differ. */
export function diffSentence({ rows, noise }: DiffDocument): string {
  const differ = rows.filter((row) => row.word === "differs").length;
  const unknown = rows.filter((row) => row.word === "cannot tell").length;
  if (noise === "paired replications" && unknown === rows.length && unknown > 0)
    return "No figure can be compared: a policy failed.";
  if (unknown === rows.length || noise === "none: one run each")
    return (
      `${rows.filter((row) => row.delta !== 0).length} of ${rows.length} ` +
      "figures are not equal; one run each says nothing of noise."
    );
  const family = noise === "paired replications" ? " (paired, at most 5 % chance of a false one in the table)" : "";
  if (unknown > 0)
    return (
      `${differ} of the ${rows.length - unknown} figures that can be ` +
      `compared differ beyond noise${family}; ${unknown} can not be compared.`
    );
  return `${differ} of ${rows.length} figures differ beyond noise${family}.`;
}

/** What the terminal shows. */
export function diffText(document: DiffDocument): string {
  const lines = [`A: ${document.a}`, `B: ${document.b}`, diffSentence(document), ""];
  const rows = [DIFF_HEAD, ...diffOrder(document.rows).map(diffCells)];
  const widths = DIFF_HEAD.map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  for (const row of rows)
    lines.push(
      row
        .map((cell, c) => cell.padEnd(widths[c]))
        .join("  ")
        .trimEnd(),
    );
  if (document.firstDivergence !== null) {
    const where = { scenario: "", policy: "", ...document.firstDivergence };
    lines.push(
      "",
      ...divergenceLines(where).map((line) =>
        line
          .replace(": , , at", ": at")
          .replace(/^ {2}before:/, "  A:")
          .replace(/^ {2}now:/, "  B:"),
      ),
    );
  }
  for (const { what, a, b } of document.paths) {
    if (a.join() === b.join()) continue;
    const list = (values: readonly number[]): string => values.map((value) => formatNumber(value, 3)).join(" ");
    lines.push("", `${what} by hour`, `  A: ${list(a)}`, `  B: ${list(b)}`);
  }
  const reasons = document.reasons.filter(({ a, b }) => a !== b).slice(0, MOST_REASONS);
  if (reasons.length > 0) lines.push("", "Decisions by reason (A → B):");
  for (const { reason, a, b } of reasons) lines.push(`  ${reason}: ${formatNumber(a)} → ${formatNumber(b)}`);
  if (document.notes.length > 0) lines.push("", ...document.notes.map((note) => `Note: ${note}.`));
  return lines.join("\n");
}
