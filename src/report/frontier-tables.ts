import type { FrontierDocument, MatchedRow, MatchedTable } from "../experiment/frontier/frontier-document.js";
import type { MatchedEstimate, MatchedSetting } from "../experiment/frontier/matched.js";
import type { SpawnSweepDocument } from "../experiment/frontier/spawn-sweep.js";
import { type Html, html, markup } from "./html.js";
import { formatFixed, formatInterval, formatNumber, isFarFromZero } from "./numbers.js";

/** A table as text, for the terminal, Markdown and HTML alike. The first column is left-aligned. */
export interface TextTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Costs at matched SLO, violations at matched cost, and every setting that was tried. */
export function frontierTables(document: FrontierDocument): TextTable[] {
  return [
    ...document.costAtSlo.map((table) =>
      matchedText(
        document,
        table,
        `Cost at ${percent(table.at)} violating minutes`,
        costName(document),
        (value) => value,
      ),
    ),
    ...document.violationAtCost.map((table) =>
      matchedText(
        document,
        table,
        `Violating minutes at ${costText(document, table.at)} (where ${table.baseline} has at most 1 %)`,
        "violating minutes (%)",
        (value) => value * 100,
      ),
    ),
  ];
}

/** Every setting of every policy. */
export function settingsTable(document: FrontierDocument): TextTable {
  return {
    title: "Settings tried",
    head: ["policy", "knob", "value", costName(document), "violating minutes (%)"],
    rows: document.policies.flatMap(({ name, knob, points }) =>
      points.map((point) => [
        name,
        knob ?? "as it is",
        point.value === null ? "–" : formatNumber(point.value),
        formatNumber(point.cost, 5),
        point.failedDecisions === undefined ? formatNumber(point.violationRatio * 100, 3) : "– (it failed)",
      ]),
    ),
  };
}

/**
 * Where prediction pays: the saving against the best policy that does not forecast, by
 * distribution of the spawn latency.
 */
export function spawnSweepTable(document: SpawnSweepDocument): TextTable {
  return {
    title: `What prediction saves at ${percent(document.violationRatio)} violating minutes, by spawn latency`,
    head: ["spawn latency", "best reactive policy", "predictive policy", "saving", "verdict"],
    rows: document.rows.map((row) => [
      row.law,
      row.reactive ?? "no match",
      row.predictive,
      row.saving === null ? "–" : relativeText(row.saving),
      row.pays === null ? (row.saving === null ? "" : "no difference shown") : row.pays ? "pays" : "costs",
    ]),
  };
}

export function costName(document: FrontierDocument): string {
  if (document.costMetric !== "cost") return "streamlet-hours";
  return document.currency === undefined ? "cost" : `cost (${document.currency})`;
}

/** "a cost of 2.423 EUR", "195.3 streamlet-hours". */
function costText({ costMetric, currency }: FrontierDocument, value: number): string {
  if (costMetric !== "cost") return `${formatNumber(value)} streamlet-hours`;
  return `a cost of ${formatNumber(value)} ${currency ?? ""}`.trim();
}

function matchedText(
  document: FrontierDocument,
  table: MatchedTable,
  title: string,
  unit: string,
  shown: (value: number) => number,
): TextTable {
  const base = table.rows.find((row) => row.policy === table.baseline)?.value ?? null;
  const isNearZero = base !== null && !isFarFromZero({ mean: base.value, halfWidth: base.halfWidth });
  const against = (row: MatchedRow): string => {
    if (row.policy === table.baseline) return "(baseline)";
    return isNearZero ? "(baseline near zero)" : relativeText(row.relative);
  };
  return {
    title,
    head: ["policy", "at", unit, `against ${table.baseline}`, "verdict"],
    rows: table.rows.map((row) => [
      row.policy,
      settingText(document, row),
      row.value === null ? missing(document, row.policy) : interval(row.value, shown),
      against(row),
      row.verdict === "same" && row.relative?.value !== 0 ? "same within 1 %" : (row.verdict ?? ""),
    ]),
  };
}

function missing({ policies }: FrontierDocument, name: string): string {
  const points = policies.find((policy) => policy.name === name)?.points ?? [];
  return points.some(({ failedDecisions }) => failedDecisions !== undefined)
    ? "no figure: it failed"
    : "does not come there";
}

/**
 * "targetUtilisation 0.82"; with its share of violating minutes if it is the cheapest setting
 * tried that meets the SLO.
 */
export function settingText(document: FrontierDocument, row: MatchedRow): string {
  const { setting } = row;
  if (setting === null) return "–";
  const knob = document.policies.find((policy) => policy.name === row.policy)?.knob ?? null;
  const text = setting.value === null || knob === null ? "as it is" : `${knob} ${knobText(setting.value, setting.how)}`;
  if (setting.how === "interpolated") return text;
  return `${text} (tried: ${formatNumber(setting.violationRatio * 100, 2)} %)`;
}

/** Two significant digits: 0.82; values near 0 (1 − quantile) keep their digits. */
function knobText(value: number, how: MatchedSetting["how"]): string {
  if (value > 0 && value < 1e-3) return value.toExponential(1).replace("-", "−");
  // A value that was tried has four digits, and each may count: 1.001 × 10 streamlets are 11.
  return formatNumber(value, how === "tried" ? 4 : 3);
}

function interval(estimate: MatchedEstimate, shown: (value: number) => number): string {
  return formatInterval(shown(estimate.value), estimate.halfWidth === null ? null : shown(estimate.halfWidth));
}

/** "−3.1 ± 0.4 %". */
export function relativeText(relative: MatchedEstimate | null): string {
  return relative === null
    ? "–"
    : `${formatInterval(relative.value * 100, relative.halfWidth === null ? null : relative.halfWidth * 100, true)} %`;
}

function percent(share: number): string {
  return `${formatFixed(share * 100, share >= 0.01 ? 0 : 1)} %`;
}

/** In columns, for a terminal. */
export function textTableLines(table: TextTable): string[] {
  const widths = table.head.map((title, i) => Math.max(title.length, ...table.rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd();
  return [table.title, line(table.head), widths.map((width) => "─".repeat(width)).join("──"), ...table.rows.map(line)];
}

export function textTableHtml(table: TextTable): Html {
  const isNumber = table.head.map((_head, c) => isNumberColumn(table, c));
  const kind = (c: number): Html | undefined => (isNumber[c] ? NUMBER : undefined);
  const cellOf = (cell: string, c: number): Html =>
    c === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(c)}>${cell}</td>`;
  return html`<h3>${table.title}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="${table.title}"><table>
<thead><tr>${table.head.map((cell, c) =>
    cell === "" ? html`<td></td>` : html`<th scope="col"${kind(c)}>${cell}</th>`,
  )}</tr></thead>
<tbody>${table.rows.map(
    (row) => html`<tr>${row.map(cellOf)}</tr>
`,
  )}</tbody>
</table></div>`;
}

const NUMBER = markup(' class="number"');
/** A number with sign, interval and unit, and optional text in brackets. */
const NUMBER_TEXT = /^[≥≤+−-]?\s?[\d,.]+( ± [\d,.]+)?( ?[%\p{L}]{1,4})?( \([^)]*\))?$/u;

/**
 * Whether every cell of a column is a number, or marks a missing one: the column is then
 * right-aligned.
 */
function isNumberColumn({ rows }: TextTable, column: number): boolean {
  if (column === 0) return false;
  const filled = rows.map((row) => row[column]).filter((cell) => !/^(–?|\(.*\))$/.test(cell));
  return filled.length > 0 && filled.every((cell) => NUMBER_TEXT.test(cell));
}

/** A GitHub-flavoured table; `guard` escapes what a user named. */
export function textTableMarkdown(table: TextTable, guard: (text: string) => string): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    `### ${guard(table.title)}`,
    "",
    line(table.head.map(guard)),
    line(table.head.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...table.rows.map((row) => line(row.map(guard))),
    "",
  ];
}
