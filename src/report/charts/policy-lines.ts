import { type Band, pointAtMs, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { policyColour } from "../chart-theme.js";
import { timeEncoding, warmupLayers } from "./time-axis.js";

/** More bands than this hide each other: then there are lines only. */
const MOST_BANDS = 3;

/** Width of the plot on a narrow page (390 px). */
const NARROW_CHART_PX = 290;

/** Length of a line in a legend, squared (px²). */
export const LINE_SYMBOL_SIZE = 260;

/** A chart of one quantity over time: a line for each policy, and a band from the lowest to the highest replication. */
export interface PolicyLines {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly caption?: string;
  readonly yTitle: string;
  /** d3 format of the y axis and of tooltips. */
  readonly format: string;
  readonly height: number;
  /** Rates over stretches of time are steps; levels are straight lines from point to point. */
  readonly interpolate?: "linear" | "step";
  readonly yDomain?: readonly [number, number];
  readonly policies: readonly { readonly name: string; readonly band: Band }[];
}

export function policyLinesChart(lines: PolicyLines, grid: TimeGrid, warmupMs: number): Chart {
  const names = lines.policies.map((policy) => policy.name);
  const interpolate = lines.interpolate ?? "linear";
  const scale = { domain: names, range: names.map((_name, p) => policyColour(p)) };
  const bands =
    lines.policies.length <= MOST_BANDS ? lines.policies.map((_policy, p) => bandLayer(p, interpolate)) : [];
  return {
    name: lines.name,
    title: lines.title,
    description: lines.description,
    ...(lines.caption === undefined ? {} : { caption: lines.caption }),
    spec: {
      height: lines.height,
      data: { values: rowsOf(lines, grid) },
      encoding: { x: timeEncoding(grid) },
      layer: [
        ...warmupLayers(grid, warmupMs),
        ...bands,
        ...lines.policies.map((policy, p) => ({
          transform: [named(policy.name)],
          mark: { type: "line", interpolate, ...strokeOf(p) },
          encoding: {
            y: yOf(`m${p}`, lines),
            color: {
              field: LINE_NAME,
              type: "nominal",
              scale,
              legend: { columns: legendColumns(names), symbolSize: LINE_SYMBOL_SIZE },
            },
          },
        })),
        hoverLayer([
          { title: "UTC", text: `utcFormat(datum.t, '%d %b %H:%M')` },
          ...lines.policies.map((policy, p) => ({
            title: policy.name,
            text: `datum.m${p} === null ? '' : format(datum.m${p}, '${lines.format}')`,
          })),
        ]),
      ],
    },
  };
}

/** The field that gives a line its name and colour: the schema of Vega-Lite allows a datum no scale and no legend. */
export const LINE_NAME = "line";

export function named(name: string): Record<string, unknown> {
  return { calculate: JSON.stringify(name), as: LINE_NAME };
}

/** As many legend columns as the chart's width holds; short legends are one row at any width. */
export function legendColumns(labels: readonly string[]): number | { readonly expr: string } {
  // 7 px a letter at 11.5 px type, at most the 260 px of the theme's label limit, and 48 px for symbol and gap.
  const columnsPx = labels.map((label) => Math.min(260, label.length * 7) + 48);
  const rowPx = columnsPx.reduce((sum, px) => sum + px, 0);
  if (rowPx <= NARROW_CHART_PX) return labels.length;
  return { expr: `width >= ${rowPx} ? ${labels.length} : max(1, floor(width / ${Math.max(...columnsPx)}))` };
}

/**
 * Invisible rules at every point, with a tooltip. Each row names itself through `text`, an expression: titles are the users' words and
 * must not be field names.
 */
export function hoverLayer(
  rows: readonly { readonly title: string; readonly text: string }[],
): Record<string, unknown> {
  const fields = rows.map((row) => `${JSON.stringify(tooltipKey(row.title))}: ${row.text}`).join(", ");
  return {
    mark: { type: "rule", strokeWidth: 4, opacity: 0, aria: false, tooltip: { expr: `{${fields}}` } },
  };
}

/** Vega refuses the names of an object's own members (constructor, toString): an invisible space makes another name. */
function tooltipKey(title: string): string {
  return title in Object.prototype ? `${title}\u200b` : title;
}

/** The baseline is drawn first and thicker, so that it stays visible below a candidate that follows it. */
function strokeOf(policy: number): Record<string, unknown> {
  return { strokeWidth: policy === 0 ? 2 : 1.6 };
}

function bandLayer(policy: number, interpolate: string): Record<string, unknown> {
  return {
    mark: { type: "area", interpolate, color: policyColour(policy), opacity: 0.16, aria: false },
    encoding: { y: { field: `l${policy}`, type: "quantitative" }, y2: { field: `h${policy}` } },
  };
}

function yOf(field: string, lines: PolicyLines): Record<string, unknown> {
  return {
    field,
    type: "quantitative",
    scale: lines.yDomain === undefined ? { zero: true } : { domain: lines.yDomain, clamp: true },
    axis: { title: lines.yTitle, format: lines.format },
  };
}

function rowsOf(lines: PolicyLines, grid: TimeGrid): Record<string, number | null>[] {
  const rows: Record<string, number | null>[] = [];
  for (let point = 0; point < grid.points; point++) {
    const row: Record<string, number | null> = { t: pointAtMs(grid, point) };
    lines.policies.forEach(({ band }, p) => {
      row[`m${p}`] = band.mean[point];
      if (lines.policies.length > MOST_BANDS) return;
      row[`l${p}`] = band.low[point];
      row[`h${p}`] = band.high[point];
    });
    rows.push(row);
  }
  return rows;
}
