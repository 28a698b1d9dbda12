import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import type { ChartTooltip } from "./chart-tooltip.js";
import { type EmbeddedChart, embeddedChart, vegaSpec } from "./embedded-chart.js";

/** CSS pixels between the margins of an A4 sheet. */
const SHEET_WIDTH_PX = 700;

/** A chart in its place, drawn as SVG. */
export interface DrawnChart {
  readonly place: HTMLElement;
  readonly view: View;
  /** The values that its parameters have at first. */
  readonly signals: ReadonlyMap<string, unknown>;
  readonly chart: EmbeddedChart;
}

/**
 * Draws a chart in its place. Expressions are interpreted, not compiled, since the page's policy
 * forbids `eval`.
 */
export function drawChart(place: HTMLElement, tooltip: ChartTooltip): DrawnChart {
  const chart = embeddedChart(place.dataset.chart ?? "");
  const view = new View(parse(vegaSpec(chart), undefined, { ast: true }), {
    renderer: "svg",
    expr: expressionInterpreter,
    tooltip: tooltip.handler,
    hover: false,
  } as ConstructorParameters<typeof View>[1]);
  view.initialize(place);
  const signals = (chart.vega.signals ?? []).flatMap((signal) =>
    "value" in signal ? [[signal.name, signal.value] as const] : [],
  );
  return { place, view, signals: new Map(signals), chart };
}

/**
 * Lays out twice: the number of legend columns depends on the width of the plot, known after the
 * first pass.
 */
export function settle({ view }: DrawnChart): void {
  view.run();
  view.resize().run();
}

/**
 * On paper each chart is drawn again at the width of the sheet. Scaling would shrink its text.
 */
export function fitToPaper({ place, view }: DrawnChart): void {
  const width = place.dataset.size === "half" ? SHEET_WIDTH_PX / 2 - 14 : SHEET_WIDTH_PX;
  view.signal("width", width).run();
  view.resize().run();
}

/** The distance from the edges of the chart's place to its plot (px). */
export function plotOffset({ view }: DrawnChart): readonly [left: number, top: number] {
  const padding = view.padding() as { left: number; top: number };
  const [x, y] = view.origin();
  return [padding.left + x, padding.top + y];
}
