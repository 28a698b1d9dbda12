import { formatCount } from "../base/units.js";
import type { RowOutcome, ValidationOutcome } from "../experiment/validate/validate.js";
import type { CheckOutcome } from "../experiment/validate/verdict.js";
import { formatFixed } from "../report/numbers.js";

const COLUMNS = [22, 25, 13, 11, 19] as const;

/**
 * The table on the terminal: per row its model, source and id, then each number, simulated against
 * exact.
 */
export function renderValidation(outcome: ValidationOutcome): string {
  const checks = outcome.rows.flatMap((row) => row.checks);
  const missed = checks.filter((check) => check.verdict !== "pass").length;
  const lines = [
    cells("", "simulated", "exact", "error", "half-width (gate)", ""),
    ...outcome.rows.flatMap(rowLines),
    "",
    missed === 0
      ? `All ${checks.length} numbers lie within their intervals.`
      : `${missed} of ${checks.length} numbers MISS.`,
    `${outcome.mode === "quick" ? "Quick: wide gates. " : ""}Seed ${outcome.seed}. Intervals hold ` +
      `together at ${outcome.confidence * 100} % over the whole table (Bonferroni); run lengths are fixed in`,
    "advance; what the input's known mean explains is regressed out " +
      "(Lavenberg, Welch 1981; --json has the plain intervals, too).",
  ];
  return `${lines.join("\n")}\n`;
}

function rowLines(row: RowOutcome): string[] {
  return ["", `${row.model}   [${row.source}]`, `  --only ${row.id}: ${size(row)}`, ...row.checks.map(checkLine)];
}

function size(row: RowOutcome): string {
  return `${row.replications} replications, ${formatCount(row.arrivals)} arrivals`;
}

function checkLine(check: CheckOutcome): string {
  const unit = check.unit === "" ? "" : ` ${check.unit}`;
  const width = check.halfWidth === null ? "" : ` ± ${Number(check.halfWidth.toPrecision(2))}`;
  const relative = check.relativeHalfWidth === null ? "none" : percent(check.relativeHalfWidth);
  return cells(
    `  ${check.quantity}`,
    `${digits(check.simulated)}${width}${unit}`,
    `${digits(check.exact)}${unit}`,
    `${check.relativeError > 0 ? "+" : ""}${percent(check.relativeError)}`,
    `${relative} (≤ ${percent(check.widestHalfWidth, 0)})`,
    check.verdict === "pass" ? "pass" : `MISS: ${check.verdict}`,
  );
}

function digits(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function percent(share: number, decimals = 2): string {
  return `${formatFixed(share * 100, decimals)} %`;
}

function cells(...texts: readonly string[]): string {
  return texts
    .map((text, i) => (i < COLUMNS.length ? text.padEnd(COLUMNS[i]) : text))
    .join(" ")
    .trimEnd();
}
