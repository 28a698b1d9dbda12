import { type Band, peakOf, pointAtMs, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { policyColour, policyDash, policyWidth } from "../chart-theme.js";
import { hoverLayer, LINE_NAME, LINE_SYMBOL_SIZE, legendColumns, named } from "./hover.js";
import { opacityOf, shownPolicies } from "./shown-policies.js";
import { firstMeasuredPoint, instantRow, scaleFromZero, timeChartSpec } from "./time-axis.js";

/** More bands than this hide each other: then there are lines only. */
const MOST_BANDS = 3;

/**
 * A chart of one quantity over time: a line for each policy, and a band from the lowest to the
 * highest replication.
 */
export interface PolicyLines {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly caption?: string;
  readonly yTitle: string;
  /** d3 format of the y axis and of tooltips. */
  readonly format: string;
  readonly height: number;
  /** Rates over bins are drawn as steps, levels as straight lines from point to point. */
  readonly interpolate?: "linear" | "step";
  readonly policies: readonly { readonly name: string; readonly band: Band }[];
  /** Runs of each policy; 1 draws no band. */
  readonly replications: number;
}

export function policyLinesChart(lines: PolicyLines, grid: TimeGrid, warmupMs: number): Chart {
  const names = lines.policies.map((policy) => policy.name);
  const hasBands = lines.replications > 1 && names.length <= MOST_BANDS;
  const look = { interpolate: lines.interpolate ?? "linear", y: yOf(lines, grid, warmupMs) };
  const rows = [
    instantRow(),
    ...lines.policies.map((policy, p) => ({
      title: policy.name,
      text: `datum.m${p} === null ? '' : format(datum.m${p}, '${lines.format}')`,
    })),
  ];
  return {
    name: lines.name,
    title: lines.title,
    description: lines.description,
    ...(lines.caption === undefined ? {} : { caption: lines.caption }),
    columns: columnsOf(names, hasBands),
    spec: timeChartSpec({
      grid,
      warmupMs,
      height: lines.height,
      params: [shownPolicies(names)],
      data: { values: rowsOf(lines, grid, hasBands) },
      layers: [
        ...(hasBands ? names.map((name, p) => bandLayer(name, p, look)) : []),
        ...names.map((name, p) => lineLayer(names, name, p, look)),
        hoverLayer(rows, grid),
      ],
    }),
  };
}

/**
 * Colour and dashes of the lines of policies, so that coinciding lines stay visible. `symbolSize`
 * in px²: lines with dots have smaller dots in their legend.
 */
export function policyStroke(
  names: readonly string[],
  field: string,
  symbolSize = LINE_SYMBOL_SIZE,
): Record<string, unknown> {
  const legend = { columns: legendColumns(names), symbolSize };
  const range = <T>(of: (policy: number) => T): T[] => names.map((_name, p) => of(p));
  return {
    color: { field, type: "nominal", scale: { domain: names, range: range(policyColour) }, legend },
    strokeDash: { field, type: "nominal", scale: { domain: names, range: range(policyDash) }, legend },
  };
}

/** What the lines and the bands of a chart share. */
interface Look {
  readonly interpolate: string;
  readonly y: Record<string, unknown>;
}

function lineLayer(names: readonly string[], name: string, policy: number, look: Look): Record<string, unknown> {
  const { interpolate, y } = look;
  return {
    transform: [named(name)],
    mark: { type: "line", interpolate, strokeWidth: policyWidth(policy), opacity: opacityOf(name, 1) },
    encoding: { y: { field: `m${policy}`, ...y }, ...policyStroke(names, LINE_NAME) },
  };
}

function bandLayer(name: string, policy: number, { interpolate, y }: Look): Record<string, unknown> {
  return {
    mark: { type: "area", interpolate, color: policyColour(policy), opacity: opacityOf(name, 0.16) },
    encoding: { y: { field: `l${policy}`, ...y }, y2: { field: `h${policy}` } },
  };
}

function yOf(lines: PolicyLines, grid: TimeGrid, warmupMs: number): Record<string, unknown> {
  const peak = (from: number): number => Math.max(...lines.policies.map(({ band }) => peakOf(band, from)));
  const peaks = { measured: peak(firstMeasuredPoint(grid, warmupMs)), whole: peak(0) };
  return {
    type: "quantitative",
    scale: scaleFromZero(grid, warmupMs, peaks),
    axis: { title: lines.yTitle, format: lines.format },
  };
}

function columnsOf(names: readonly string[], hasBands: boolean): Map<string, string> {
  const columns = new Map([["t", "time"]]);
  names.forEach((name, p) => {
    columns.set(`m${p}`, `${name}, mean`);
    if (!hasBands) return;
    columns.set(`l${p}`, `${name}, lowest replication`);
    columns.set(`h${p}`, `${name}, highest replication`);
  });
  return columns;
}

function rowsOf(lines: PolicyLines, grid: TimeGrid, hasBands: boolean): Record<string, number | null>[] {
  const rows: Record<string, number | null>[] = [];
  for (let point = 0; point < grid.points; point++) {
    const row: Record<string, number | null> = { t: pointAtMs(grid, point) };
    lines.policies.forEach(({ band }, p) => {
      row[`m${p}`] = band.mean[point];
      if (!hasBands) return;
      row[`l${p}`] = band.low[point];
      row[`h${p}`] = band.high[point];
    });
    rows.push(row);
  }
  return rows;
}
