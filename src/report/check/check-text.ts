import type { CheckDocument, CheckRow, FirstDivergence } from "../../experiment/check/check-document.js";
import type { PolicyDivergence } from "../../experiment/check/compare-figures.js";
import type { RowVerdict } from "../../experiment/check/row-verdict.js";
import { type MetricName, metricTable } from "../../world/metric-table.js";
import { formatInterval, formatNumber, metricFacts, shownValue, unitName } from "../numbers.js";

const HOUR_MS = 3_600_000;
/** Hours shown of a metric's path from the first diverging decision on. */
const PATH_HOURS = 6;

/** The verdict as a person reads it. */
export const verdictWords: Readonly<Record<RowVerdict, string>> = {
  identical: "identical",
  same: "same",
  improved: "improved",
  regressed: "regressed",
  "cannot-tell": "cannot tell",
};

/** A sentence on what the verdict means for the exit code and for the reader. */
export function verdictSentence({ verdict, rows, alpha }: CheckDocument): string {
  const count = (word: RowVerdict): number => rows.filter((row) => row.verdict === word).length;
  switch (verdict) {
    case "identical":
      return "Identical: all replications have the same decisions, and every gated figure is the same.";
    case "same":
      return "Same: decisions differ, every gated figure stays within its tolerance.";
    case "improved":
      return (
        `Improved: ${count("improved")} of ${rows.length} figures. An ` +
        "improvement can be a bug: accept it with --update --reason TEXT."
      );
    case "regressed":
      return (
        `Regressed: ${count("regressed")} of ${rows.length} figures ${count("regressed") === 1 ? "is" : "are"} ` +
        `worse by more than the tolerance (familywise error at most ${formatNumber(100 * alpha)} %).`
      );
    case "cannot-tell":
      return (
        `Cannot tell: ${count("cannot-tell")} of ${rows.length} ` +
        `figures show neither a change nor equality${needed(rows)}.`
      );
  }
}

/**
 * More runs would not decide if a policy fails in them, or if only a lower bound of a percentile
 * is known.
 */
function needed(rows: readonly CheckRow[]): string {
  const most = Math.max(...rows.map((row) => row.needs ?? 0));
  if (most > 0) return `; it would take about ${formatNumber(most, 2)} replications`;
  const bound = rows.some((row) => row.verdict === "cannot-tell" && isPercentile(row.metric));
  return `: a policy failed${bound ? ", or too many requests still wait at the end to know a percentile" : ""}`;
}

function isPercentile(metric: string): boolean {
  return metricTable[metric as MetricName].kind === "quantile";
}

/** The cells of a row: scenario, policy, metric, before, now, change, tolerance, verdict. */
export function rowCells(row: CheckRow): readonly string[] {
  const facts = metricFacts(row.metric);
  const shown = (value: number): string => formatNumber(shownValue(value, facts));
  const name = unitName(facts, row.currency);
  const unit = name === "" ? "" : ` (${name})`;
  const against = row.against === "release" ? " since the release" : "";
  return [
    row.scenario,
    row.policy,
    `${facts.label}${unit}${against}`,
    shown(row.before),
    shown(row.now),
    formatInterval(shownValue(row.delta, facts), shownValue(row.halfWidth, facts), true),
    shown(row.tolerance),
    verdictWords[row.verdict],
  ];
}

/** Rows without a change: they are folded, or come last. */
export function isQuiet({ verdict }: CheckRow): boolean {
  return verdict === "identical" || verdict === "same";
}

export const ROW_HEAD = ["Scenario", "Policy", "Metric", "Before", "Now", "Change", "Tolerance", "Verdict"];

/** What the terminal shows. */
export function checkText(document: CheckDocument, apart: readonly PolicyDivergence[]): string {
  const lines = [verdictSentence(document), "", ...table([ROW_HEAD, ...document.rows.map(rowCells)])];
  for (const failure of document.sloFailures)
    lines.push("", `SLO: ${failure.scenario}, ${failure.policy}: ${failure.text}`);
  if (document.firstDivergence !== null) {
    const found = document.firstDivergence;
    const of = apart.find((one) => one.scenario === found.scenario && one.policy === found.policy);
    lines.push("", ...divergenceLines(found), ...(of === undefined ? [] : pathLines(of)));
  } else {
    for (const one of apart)
      lines.push(
        "",
        `${one.scenario}, ${one.policy}: ${one.replications.length} of ${one.compared} replications decide ` +
          `otherwise, the first is number ${one.replications[0]}; its first differing decision is not kept.`,
      );
  }
  lines.push("", seesSentence(document));
  return lines.join("\n");
}

export function seesSentence({ sees, alpha, rows }: CheckDocument): string {
  if (sees === null) {
    const isZero = rows.every(({ before }) => before === 0);
    const why = isZero ? "its figures are 0" : "its replications are too few for any change to be shown";
    return `The least change that this gate detects is unknown: ${why}.`;
  }
  const metric = rows.some((row) => row.metric === "cost") ? "cost" : rows[0].metric;
  const label = metricFacts(metric).label.toLowerCase();
  return (
    `This gate sees a change of ${formatNumber(100 * sees, 2)} % of ${label} or more ` +
    `(with 80 % chance, at a familywise error of ${formatNumber(100 * alpha)} %).`
  );
}

/** Where, when, from what to what, and why. */
export function divergenceLines(found: FirstDivergence): string[] {
  const count = (value: number | null): string => (value === null ? "nothing yet" : formatNumber(value));
  const lines = [
    `First decision that differs: ${found.scenario}, ${found.policy}, at ${clock(found.atMs)} ` +
      `in ${found.pool}: ${count(found.from)} → ${count(found.to)} streamlets`,
  ];
  (["before", "now"] as const).forEach((side, i) => {
    const saw = found.saw[i];
    const seen =
      saw === null
        ? ""
        : `; saw ${formatNumber(saw.open)} open, ${formatNumber(saw.waiting)} waiting, ` +
          `${formatNumber(saw.ready)} ready, ${formatNumber(saw.spawning)} spawning at ${clock(saw.atMs)}`;
    lines.push(`  ${side}: ${found.reasons[i]}${seen}`);
  });
  return lines;
}

/** The path of the figures from the diverging hour on, in replication 0. */
function pathLines({ before, now, hour }: PolicyDivergence): string[] {
  if (hour === undefined) return [];
  const part = (values: readonly number[]): string =>
    values
      .slice(hour, hour + PATH_HOURS)
      .map((value) => formatNumber(value, 3))
      .join(" ");
  const line = (label: string, old: readonly number[], recent: readonly number[]): string[] =>
    part(old) === part(recent) ? [] : [`  ${label}: ${part(old)} → ${part(recent)}`];
  const lines = [
    ...line("streamlets", before.streamletsByHour, now.streamletsByHour),
    ...line("waiting", before.waitingByHour, now.waitingByHour),
    ...line("violating minutes", before.violatingByHour, now.violatingByHour),
  ];
  return lines.length === 0 ? [] : [`From hour ${hour} of replication 0 on, by hour (before → now):`, ...lines];
}

/** "1:05:30", "1 d 1:05:30": time since the start of the run. */
export function clock(atMs: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const days = Math.floor(atMs / (24 * HOUR_MS));
  const hours = Math.floor(atMs / HOUR_MS) % 24;
  const minutes = Math.floor(atMs / 60_000) % 60;
  const seconds = Math.floor(atMs / 1000) % 60;
  const ms = Math.round(atMs % 1000);
  const time = `${hours}:${two(minutes)}:${two(seconds)}${ms === 0 ? "" : `.${String(ms).padStart(3, "0")}`}`;
  return days === 0 ? time : `${days} d ${time}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]))
      .join("  ")
      .trimEnd(),
  );
}
