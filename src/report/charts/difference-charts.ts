import type { ResultDocument } from "../../experiment/result.js";
import type { Chart } from "../chart.js";
import { INK, WORD_COLOURS } from "../chart-theme.js";
import { chartNumber, formatChange, formatInterval, metricFacts, shownValue } from "../numbers.js";

/** Drawn with shapes as well, so that colour never says anything alone. */
const WORDS = ["better", "no difference shown or same", "worse"] as const;
const COLOURS = [WORD_COLOURS.better, WORD_COLOURS.even, WORD_COLOURS.worse];
/** Worse by more than this is drawn at the edge; its number is in the table and in the tooltip. */
const EDGE_PERCENT = 150;
/** The axis reaches at least this far either way, so that a trifle looks like one. */
const LEAST_REACH_PERCENT = 10;
const ROW_PX = 24;

/** Relative paired differences with their intervals, one chart for each candidate; metrics without a better or worse are left out. */
export function differenceCharts(document: ResultDocument, keys: readonly string[]): Chart[] {
  const [baseline, ...candidates] = document.policies;
  const charts = candidates.map((candidate, c) => {
    const rows = differenceRows(document, candidate.name);
    return {
      name: `difference-${keys[c + 1]}`,
      title: `${candidate.name} against ${baseline.name}`,
      caption: "Paired differences with their 95 % intervals: ● better, ■ no difference shown or same, ▲ worse.",
      description: `Paired differences of ${candidate.name} from ${baseline.name} in per cent: ${rows.map((row) => `${row.metric} ${row.change} ${row.word}`).join(", ")}.`,
      spec: differenceSpec(rows),
      rows: rows.length,
    };
  });
  return charts.filter((chart) => chart.rows > 0).map(({ rows: _rows, ...chart }) => chart);
}

interface DifferenceRow {
  readonly metric: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly word: string;
  readonly text: string;
  readonly change: string;
}

function differenceRows(document: ResultDocument, candidate: string): DifferenceRow[] {
  const base = document.policies[0].metrics;
  return document.comparisons.flatMap((comparison) => {
    const facts = metricFacts(comparison.metric);
    const reference = base[comparison.metric]?.mean ?? 0;
    const isUseful = comparison.candidate === candidate && comparison.verdict !== undefined && reference !== 0;
    if (!isUseful || comparison.halfWidth === null) return [];
    const percent = (value: number): number => Math.min(EDGE_PERCENT, chartNumber((100 * value) / Math.abs(reference)));
    const { delta, halfWidth, better } = comparison;
    return [
      {
        metric: facts.label,
        mean: percent(delta),
        low: Math.max(-EDGE_PERCENT, percent(delta - halfWidth)),
        high: percent(delta + halfWidth),
        word: better === null ? WORDS[1] : better ? WORDS[0] : WORDS[2],
        text: formatInterval(shownValue(delta, facts), shownValue(halfWidth, facts), true),
        change: formatChange(delta, reference) ?? "",
      },
    ];
  });
}

function differenceSpec(rows: readonly DifferenceRow[]): Record<string, unknown> {
  const order = rows.map((row) => row.metric);
  const lowest = Math.min(-LEAST_REACH_PERCENT, ...rows.map((row) => row.low));
  const highest = Math.max(LEAST_REACH_PERCENT, ...rows.map((row) => row.high));
  const scale = { domain: [lowest, highest], nice: true };
  const x = {
    type: "quantitative",
    scale,
    axis: {
      title: "difference from the baseline",
      grid: true,
      tickCount: 7,
      labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+~r') + ' %'",
      labelOverlap: "greedy",
    },
  };
  const y = {
    field: "metric",
    type: "nominal",
    sort: order,
    axis: { title: null, domain: false, ticks: false, labelLimit: 170, labelColor: INK.text },
  };
  const color = {
    field: "word",
    type: "nominal",
    scale: { domain: WORDS, range: COLOURS },
    legend: null,
  };
  const shape = {
    field: "word",
    type: "nominal",
    scale: { domain: WORDS, range: ["circle", "square", "triangle-up"] },
    legend: null,
  };
  const tooltip = "{'metric': datum.metric, 'difference': datum.text, 'relative': datum.change, 'verdict': datum.word}";
  return {
    height: ROW_PX * rows.length,
    data: { values: rows },
    layer: [
      {
        data: { values: [{}] },
        mark: { type: "rule", color: INK.muted, aria: false },
        encoding: { x: { datum: 0, ...x } },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y, color },
      },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1, tooltip: { expr: tooltip } },
        encoding: { x: { field: "mean", ...x }, y, color, shape },
      },
    ],
  };
}
