import type { Comparison } from "../../experiment/comparison.js";
import type { ResultDocument } from "../../experiment/result.js";
import type { Chart } from "../chart.js";
import { INK, WORD_COLOURS } from "../chart-theme.js";
import { chartNumber, formatChange, formatInterval, metricFacts, shownValue, unitName } from "../numbers.js";

type Spec = Readonly<Record<string, unknown>>;

/** Drawn with shapes as well, so that colour never says anything alone. */
const WORDS = ["better", "no difference shown or same", "worse"] as const;
const COLOURS = [WORD_COLOURS.better, WORD_COLOURS.even, WORD_COLOURS.worse];
/** A difference beyond this is an arrow at the edge with its number. */
const EDGE_PERCENT = 150;
/** The axis reaches at least this far either way, so that a trifle looks like one. */
const LEAST_REACH_PERCENT = 10;
const ROW_PX = 24;

/**
 * Relative paired differences with their intervals, one chart for each candidate. Metrics without a
 * better or worse are left out. A metric whose baseline is near zero has no meaningful percentage:
 * it
 * stands in the caption with its own unit.
 */
export function differenceCharts(document: ResultDocument, keys: readonly string[]): Chart[] {
  const [baseline, ...candidates] = document.policies;
  return candidates.flatMap((candidate, c) => {
    const { rows, nearZero } = differenceRows(document, candidate.name);
    if (rows.length === 0) return [];
    const shapes = "Paired differences with their 95 % intervals: ● better, ■ no difference shown or same, ▲ worse.";
    const beyond = rows.some((row) => row.edge !== "") ? ` An arrow marks what lies beyond ±${EDGE_PERCENT} %.` : "";
    const left =
      nearZero.length === 0 ? "" : ` No percentage, since the baseline is near zero: ${nearZero.join("; ")}.`;
    return [
      {
        name: `difference-${keys[c + 1]}`,
        title: `${candidate.name} against ${baseline.name}`,
        policy: candidate.name,
        caption: `${shapes}${beyond}${left}`,
        description: `Paired differences of ${candidate.name} from ${baseline.name} in per cent: ${rows.map((row) => `${row.metric} ${row.change} ${row.word}`).join(", ")}.`,
        spec: differenceSpec(rows),
      },
    ];
  });
}

interface DifferenceRow {
  readonly metric: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly word: string;
  readonly text: string;
  readonly change: string;
  /** Where the mean lies beyond an edge: its side and its number. Empty for all else. */
  readonly edge: "" | "right" | "left";
  /** Where an end of the interval lies beyond: drawn up to the edge with an arrow. */
  readonly cut: string;
}

interface FoundRows {
  readonly rows: readonly DifferenceRow[];
  /** "SLO violation +0.3 ± 0.5 min". */
  readonly nearZero: readonly string[];
}

function differenceRows(document: ResultDocument, candidate: string): FoundRows {
  const rows: DifferenceRow[] = [];
  const nearZero: string[] = [];
  for (const comparison of document.comparisons) {
    if (comparison.candidate !== candidate || comparison.verdict === undefined || comparison.halfWidth === null)
      continue;
    const base = document.policies[0].metrics[comparison.metric];
    const change = base === undefined ? undefined : formatChange(comparison.delta, base);
    if (base !== undefined && change !== undefined) rows.push(rowOf(comparison, base.mean, change));
    else if (comparison.delta !== 0) nearZero.push(absoluteText(comparison, document.currency));
  }
  return { rows, nearZero };
}

function absoluteText({ metric, delta, halfWidth }: Comparison, currency: string | undefined): string {
  const facts = metricFacts(metric);
  const width = halfWidth === null ? null : shownValue(halfWidth, facts);
  return `${facts.label} ${formatInterval(shownValue(delta, facts), width, true)} ${unitName(facts, currency)}`.trim();
}

function rowOf(comparison: Comparison, base: number, change: string): DifferenceRow {
  const { metric, delta, better } = comparison;
  const halfWidth = comparison.halfWidth ?? 0;
  const facts = metricFacts(metric);
  const percent = (value: number): number => chartNumber((100 * value) / Math.abs(base));
  const within = (value: number): number => Math.min(EDGE_PERCENT, Math.max(-EDGE_PERCENT, value));
  const [mean, low, high] = [percent(delta), percent(delta - halfWidth), percent(delta + halfWidth)];
  return {
    metric: facts.label,
    mean: within(mean),
    low: within(low),
    high: within(high),
    word: better === null ? WORDS[1] : better ? WORDS[0] : WORDS[2],
    text: formatInterval(shownValue(delta, facts), shownValue(halfWidth, facts), true),
    change,
    edge: mean > EDGE_PERCENT ? "right" : mean < -EDGE_PERCENT ? "left" : "",
    cut: `${low < -EDGE_PERCENT ? "left" : ""}${high > EDGE_PERCENT ? "right" : ""}`,
  };
}

function differenceSpec(rows: readonly DifferenceRow[]): Spec {
  const lowest = Math.min(-LEAST_REACH_PERCENT, ...rows.map((row) => row.low));
  const highest = Math.max(LEAST_REACH_PERCENT, ...rows.map((row) => row.high));
  const x = {
    type: "quantitative",
    scale: { domain: [lowest, highest], nice: true },
    axis: {
      title: "difference from the baseline",
      grid: true,
      tickCount: 7,
      labelExpr: "datum.value === 0 ? '0' : replace(format(datum.value, '+~r'), '-', '−') + ' %'",
      labelOverlap: "greedy",
    },
  };
  const y = {
    field: "metric",
    type: "nominal",
    sort: rows.map((row) => row.metric),
    axis: { title: null, domain: false, ticks: false, labelLimit: 170, labelColor: INK.text },
  };
  const byWord = (range: readonly string[]): Spec => ({
    field: "word",
    type: "nominal",
    scale: { domain: WORDS, range },
    legend: null,
  });
  const color = byWord(COLOURS);
  const tooltip = "{'metric': datum.metric, 'difference': datum.text, 'relative': datum.change, 'verdict': datum.word}";
  return {
    height: ROW_PX * rows.length,
    data: { values: rows },
    layer: [
      {
        data: { values: [{}] },
        mark: { type: "rule", color: INK.muted },
        encoding: { x: { datum: 0, ...x } },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y, color },
      },
      {
        transform: [{ filter: "datum.edge === ''" }],
        mark: { type: "point", filled: true, size: 60, opacity: 1, tooltip: { expr: tooltip } },
        encoding: { x: { field: "mean", ...x }, y, color, shape: byWord(["circle", "square", "triangle-up"]) },
      },
      ...(rows.some((row) => row.edge !== "" || row.cut !== "") ? edgeLayers(x, y, color, tooltip) : []),
    ],
  };
}

/** Arrows at the edges: on a mean with its number, on the end of an interval without. */
function edgeLayers(x: Spec, y: Spec, color: Spec, tooltip: string): Spec[] {
  const sides = [
    { side: "left", shape: "triangle-left", at: "low", align: "left", dx: 9 },
    { side: "right", shape: "triangle-right", at: "high", align: "right", dx: -9 },
  ];
  return sides.flatMap(({ side, shape, at, align, dx }) => [
    {
      transform: [{ filter: `indexof(datum.cut, '${side}') >= 0 || datum.edge === '${side}'` }],
      mark: { type: "point", shape, filled: true, size: 90, opacity: 1, tooltip: { expr: tooltip } },
      encoding: { x: { field: at, ...x }, y, color },
    },
    {
      transform: [{ filter: `datum.edge === '${side}'` }],
      mark: { type: "text", align, dx, dy: -8, fontSize: 10.5 },
      encoding: { x: { field: at, ...x }, y, color, text: { field: "change", type: "nominal" } },
    },
  ]);
}
