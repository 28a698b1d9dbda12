import type { CheckRow } from "../../experiment/check/check-document.js";
import type { PolicyDivergence } from "../../experiment/check/compare-figures.js";
import type { PolicyFigures, ScenarioFigures } from "../../experiment/check/figures.js";
import type { Chart } from "../chart.js";
import { WORD_COLOURS } from "../chart-theme.js";
import { type IntervalRow, type IntervalWord, intervalSpec } from "../charts/interval-chart.js";
import { pathChart } from "../charts/path-chart.js";
import { chartNumber, formatInterval, formatNumber, metricFacts, shownValue, unitName } from "../numbers.js";
import { verdictWords } from "./check-text.js";

/** Drawn with shapes as well, so that colour is never the only mark. */
const WORDS: readonly IntervalWord[] = [
  { word: verdictWords.improved, colour: WORD_COLOURS.better, shape: "circle" },
  { word: verdictWords.identical, colour: WORD_COLOURS.even, shape: "square" },
  { word: verdictWords.same, colour: WORD_COLOURS.even, shape: "square" },
  { word: verdictWords["cannot-tell"], colour: WORD_COLOURS.even, shape: "diamond" },
  { word: verdictWords.regressed, colour: WORD_COLOURS.worse, shape: "triangle-up" },
];
/** A change beyond this many tolerances is an arrow at the edge with its number. */
const EDGE_TOLERANCES = 10;
/** The axis reaches at least this far either way, in tolerances. */
const LEAST_REACH = 2;

/** A gated policy in its scenario, and the anchor that its charts share. */
export interface GatedPolicy {
  readonly scenario: string;
  readonly policy: string;
  readonly key: string;
}

/**
 * The changes of one policy with their intervals, in tolerances: within −1 and 1 is accepted. A
 * metric with a tolerance of 0 stands in the caption with its own unit. None where no row is left.
 */
export function changeChart(of: GatedPolicy, rows: readonly CheckRow[]): Chart | undefined {
  const own = rows.filter((row) => row.scenario === of.scenario && row.policy === of.policy);
  const drawn = own.filter((row) => row.tolerance > 0).map(intervalRow);
  if (drawn.length === 0) return undefined;
  const exact = own.filter((row) => row.tolerance === 0 && row.delta !== 0).map(labelledChange);
  const isBeyond = drawn.some(({ low, high }) => Math.max(-low, high) > EDGE_TOLERANCES);
  const caption = [
    "Change since the baseline with its interval, in tolerances; the strip is what " +
      "the gate accepts. ● improved, ■ same or identical, ◆ cannot tell, ▲ regressed.",
    isBeyond ? `An arrow marks what lies beyond ±${EDGE_TOLERANCES} tolerances.` : "",
    exact.length === 0 ? "" : `Not drawn, since no change is accepted: ${exact.join("; ")}.`,
  ];
  return {
    name: `change-${of.key}`,
    title: `${of.policy} in ${of.scenario}: the change`,
    caption: caption.filter((text) => text !== "").join(" "),
    description:
      `Changes of ${of.policy} in tolerances: ` +
      `${drawn.map((row) => `${row.metric} ${row.change} ${row.word}`).join(", ")}.`,
    spec: intervalSpec({
      rows: drawn,
      words: WORDS,
      edge: EDGE_TOLERANCES,
      leastReach: LEAST_REACH,
      axisTitle: "change, in tolerances",
      labelExpr: "datum.value === 0 ? '0' : replace(format(datum.value, '+~r'), '-', '−')",
      band: 1,
    }),
  };
}

function intervalRow(row: CheckRow): IntervalRow {
  const tolerances = (value: number): number => chartNumber(value / row.tolerance);
  const { delta, halfWidth } = row;
  return {
    metric: labelOf(row),
    mean: tolerances(delta),
    low: tolerances(delta - halfWidth),
    high: tolerances(delta + halfWidth),
    word: verdictWords[row.verdict],
    text: changeText(row),
    change: `${delta > 0 ? "+" : ""}${formatNumber(delta / row.tolerance, 2)}`,
  };
}

function labelOf({ metric, against }: CheckRow): string {
  return `${metricFacts(metric).label}${against === "release" ? " since the release" : ""}`;
}

function labelledChange(row: CheckRow): string {
  return `${labelOf(row)} ${changeText(row)}`;
}

function changeText({ metric, currency, delta, halfWidth }: CheckRow): string {
  const facts = metricFacts(metric);
  const text = formatInterval(shownValue(delta, facts), shownValue(halfWidth, facts), true);
  return `${text} ${unitName(facts, currency)}`.trim();
}

const PATHS = [
  ["streamlets", "streamletsByHour"],
  ["violating minutes", "violatingByHour"],
  ["waiting requests", "waitingByHour"],
] as const;

/**
 * One policy by hour of replication 0: streamlets, and the other figures that differ. If no
 * decision differs, only the streamlets, once.
 */
export function courseCharts(
  of: GatedPolicy,
  apart: PolicyDivergence | undefined,
  figures: readonly ScenarioFigures[],
): Chart[] {
  const now = apart?.now ?? figuresOf(of, figures);
  if (now === undefined || now.streamletsByHour.length === 0) return [];
  const where = `${of.policy} in ${of.scenario}`;
  return PATHS.filter(
    ([_what, field], i) => i === 0 || (apart !== undefined && apart.before[field].join() !== now[field].join()),
  ).map(([what, field]) =>
    pathChart({
      name: `course-${what.replaceAll(" ", "-")}-${of.key}`,
      title: `${where}: ${what} by hour`,
      caption: "Replication 0, hour by hour.",
      what,
      sides:
        apart === undefined
          ? [{ name: "before and now", values: now[field] }]
          : [
              { name: "before", values: apart.before[field] },
              { name: "now", values: now[field] },
            ],
      ...(apart?.hour === undefined ? {} : { markedHour: apart.hour }),
    }),
  );
}

function figuresOf(of: GatedPolicy, figures: readonly ScenarioFigures[]): PolicyFigures | undefined {
  const scenario = figures.find((one) => one.file === of.scenario);
  return scenario?.policies.find((one) => one.name === of.policy);
}
