import { INK } from "../chart-theme.js";

type Spec = Readonly<Record<string, unknown>>;

/** One line of an interval chart: a mean with its interval, in the unit of the axis. */
export interface IntervalRow {
  /** What the line shows, as in its label. */
  readonly metric: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** One of the chart's words. */
  readonly word: string;
  /** The absolute difference with its interval, for the tooltip. */
  readonly text: string;
  /** The difference in the unit of the axis, as text. */
  readonly change: string;
}

/** A word of the verdict, with the colour and the shape that show it. */
export interface IntervalWord {
  readonly word: string;
  readonly colour: string;
  readonly shape: string;
}

export interface IntervalChart {
  readonly rows: readonly IntervalRow[];
  readonly words: readonly IntervalWord[];
  /** A value beyond this is drawn as an arrow at the edge with its number. */
  readonly edge: number;
  /** The axis reaches at least this far on both sides, so that a small value looks small. */
  readonly leastReach: number;
  readonly axisTitle: string;
  /** Vega expression of an axis label. */
  readonly labelExpr: string;
  /** A shaded strip from −band to band: changes in it are accepted. */
  readonly band?: number;
}

const ROW_PX = 24;

/** A row as drawn: ends beyond an edge are cut and marked with an arrow. */
interface DrawnRow extends IntervalRow {
  /** If the mean is beyond an edge: its side and its number; else empty. */
  readonly edge: "" | "right" | "left";
  /** Whether an end of the interval is beyond an edge: drawn up to the edge with an arrow. */
  readonly cut: string;
}

/** Means with their intervals around 0, one line each. Everything beyond an edge has an arrow. */
export function intervalSpec(chart: IntervalChart): Spec {
  const { words, band } = chart;
  const rows = chart.rows.map((row) => drawnRow(row, chart.edge));
  const x = xOf(chart, rows);
  const y = {
    field: "metric",
    type: "nominal",
    sort: rows.map((row) => row.metric),
    axis: { title: null, domain: false, ticks: false, labelLimit: 170, labelColor: INK.text },
  };
  const byWord = (range: readonly string[]): Spec => ({
    field: "word",
    type: "nominal",
    scale: { domain: words.map(({ word }) => word), range },
    legend: null,
  });
  const color = byWord(words.map(({ colour }) => colour));
  const shape = byWord(words.map((one) => one.shape));
  const tooltip = "{'metric': datum.metric, 'difference': datum.text, 'relative': datum.change, 'verdict': datum.word}";
  return {
    height: ROW_PX * rows.length,
    data: { values: rows },
    layer: [
      ...(band === undefined ? [] : [bandLayer(band, x)]),
      { data: { values: [{}] }, mark: { type: "rule", color: INK.muted }, encoding: { x: { datum: 0, ...x } } },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y, color },
      },
      {
        transform: [{ filter: "datum.edge === ''" }],
        mark: { type: "point", filled: true, size: 60, opacity: 1, tooltip: { expr: tooltip } },
        encoding: { x: { field: "mean", ...x }, y, color, shape },
      },
      ...(rows.some((row) => row.edge !== "" || row.cut !== "") ? edgeLayers(x, y, color, tooltip) : []),
    ],
  };
}

function drawnRow(row: IntervalRow, edge: number): DrawnRow {
  const within = (value: number): number => Math.min(edge, Math.max(-edge, value));
  const { mean, low, high } = row;
  return {
    ...row,
    mean: within(mean),
    low: within(low),
    high: within(high),
    edge: mean > edge ? "right" : mean < -edge ? "left" : "",
    cut: `${low < -edge ? "left" : ""}${high > edge ? "right" : ""}`,
  };
}

function xOf({ leastReach, axisTitle, labelExpr }: IntervalChart, rows: readonly DrawnRow[]): Spec {
  const lowest = Math.min(-leastReach, ...rows.map((row) => row.low));
  const highest = Math.max(leastReach, ...rows.map((row) => row.high));
  return {
    type: "quantitative",
    scale: { domain: [lowest, highest], nice: true },
    axis: { title: axisTitle, grid: true, tickCount: 7, labelExpr, labelOverlap: "parity" },
  };
}

function bandLayer(band: number, x: Spec): Spec {
  return {
    data: { values: [{ from: -band, to: band }] },
    mark: { type: "rect", color: INK.rule, opacity: 0.35 },
    encoding: { x: { field: "from", ...x }, x2: { field: "to" } },
  };
}

/** Arrows at the edges: with the number for a mean, without one for the end of an interval. */
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
