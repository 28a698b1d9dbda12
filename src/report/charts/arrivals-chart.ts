import type { RunResult } from "../../world/run-result.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { type Band, bandOf, peakOf, pointAtMs, sumOver, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { SERIES_COLOURS } from "../chart-theme.js";
import { type HoverRow, hoverLayer, legendColumns } from "./hover.js";
import { firstMeasuredPoint, instantRow, scaleFromZero, timeChartSpec } from "./time-axis.js";

/** More groups than colours: the smallest are drawn together. */
const MOST_GROUPS = SERIES_COLOURS.length;
const OTHERS = "all others";

interface TrafficGroup {
  readonly label: string;
  /** Indexes into `arrivalsBySeries`. */
  readonly series: readonly number[];
}

type SeriesSpec = Scenario["traffic"]["series"][number];

/** A way to divide the traffic; `labelOf` names the group of a series. */
interface Division {
  readonly name: string;
  readonly by: string;
  readonly labelOf: (series: SeriesSpec) => string;
}

/**
 * First-attempt arrivals, stacked: by region and format, and by segment if there are several.
 * They are the same for every policy, so the runs of any policy serve.
 */
export function arrivalsCharts(runs: readonly RunResult[], scenario: Scenario, grid: TimeGrid): Chart[] {
  return divisionsOf(scenario).map((division) => arrivalsChart(runs, scenario, grid, division));
}

function divisionsOf({ traffic }: Scenario): Division[] {
  const { regions, formats, series } = traffic;
  const segments = new Set(series.map((one) => one.segment));
  const pool: Division = {
    name: "arrivals",
    by: "region and format",
    labelOf: ({ region, format }) =>
      [...(regions.length > 1 ? [regions[region]] : []), ...(formats.length > 1 ? [formats[format]] : [])].join(
        " · ",
      ) || "arrivals",
  };
  const segment: Division = { name: "arrivals-by-segment", by: "segment", labelOf: (one) => one.segment };
  return segments.size > 1 ? [pool, segment] : [pool];
}

function arrivalsChart(runs: readonly RunResult[], scenario: Scenario, grid: TimeGrid, division: Division): Chart {
  const groups = trafficGroups(scenario, division);
  const bands = groups.map(({ series }) =>
    bandOf(runs, grid, (line, from, to) => {
      const seconds = ((to - from) * line.binMs) / 1000;
      return series.reduce((sum, s) => sum + sumOver(line.arrivalsBySeries[s], from, to), 0) / seconds;
    }),
  );
  const labels = groups.map((group) => group.label);
  const { warmupMs } = scenario;
  return {
    name: division.name,
    title: `Arrivals by ${division.by}`,
    caption: "First attempts per second, mean over replications, stacked. Every policy gets the same arrivals.",
    description: `First-attempt arrivals per second over time, stacked by ${division.by}: ${labels.join(", ")}.`,
    columns: new Map([["t", "time"], ...labels.map((label, g) => [`r${g}`, `${label}, per second`] as const)]),
    spec: timeChartSpec({
      grid,
      warmupMs,
      height: 200,
      data: { values: rowsOf(bands, grid) },
      layers: [stackLayer(labels, peaksOf(bands, grid, warmupMs), grid, warmupMs), hoverLayer(hoverRows(labels), grid)],
    }),
  };
}

function rowsOf(bands: readonly Band[], grid: TimeGrid): Record<string, number>[] {
  return Array.from({ length: grid.points }, (_unused, point) => ({
    t: pointAtMs(grid, point),
    ...Object.fromEntries(bands.map((band, g) => [`r${g}`, band.mean[point] ?? 0])),
  }));
}

/** The highest sums of all groups. */
function peaksOf(bands: readonly Band[], grid: TimeGrid, warmupMs: number): { measured: number; whole: number } {
  const sums = Array.from({ length: grid.points }, (_unused, point) =>
    bands.reduce((sum, band) => sum + (band.mean[point] ?? 0), 0),
  );
  const total: Band = { mean: sums, low: sums, high: sums };
  return { measured: peakOf(total, firstMeasuredPoint(grid, warmupMs)), whole: peakOf(total) };
}

function hoverRows(labels: readonly string[]): HoverRow[] {
  const rates = labels.map((label, g) => ({ title: label, text: `format(datum.r${g}, ',.2f') + ' /s'` }));
  return [instantRow(), ...rates];
}

/** The columns become rows in the chart, so that the file holds the data once. */
function stackLayer(
  labels: readonly string[],
  peaks: { measured: number; whole: number },
  grid: TimeGrid,
  warmupMs: number,
): Record<string, unknown> {
  const scale = { domain: labels, range: SERIES_COLOURS.slice(0, labels.length) };
  return {
    transform: [
      { fold: labels.map((_label, g) => `r${g}`), as: ["column", "rate"] },
      { calculate: "toNumber(slice(datum.column, 1))", as: "order" },
      { calculate: `${JSON.stringify(labels)}[datum.order]`, as: "group" },
    ],
    mark: { type: "area", interpolate: "step", opacity: 0.9 },
    encoding: {
      y: {
        field: "rate",
        type: "quantitative",
        stack: "zero",
        scale: scaleFromZero(grid, warmupMs, peaks),
        axis: { title: "arrivals per second", format: ",~f" },
      },
      color: {
        field: "group",
        type: "nominal",
        scale,
        legend: { columns: legendColumns(labels), symbolType: "square" },
      },
      order: { field: "order", type: "quantitative" },
    },
  };
}

/** Series by the division's label, largest share first. */
function trafficGroups(scenario: Scenario, { labelOf }: Division): TrafficGroup[] {
  const groups = new Map<string, { label: string; series: number[]; share: number }>();
  scenario.traffic.series.forEach((spec, index) => {
    const label = labelOf(spec);
    const group = groups.get(label) ?? { label, series: [], share: 0 };
    group.series.push(index);
    group.share += spec.share;
    groups.set(label, group);
  });
  const sorted = [...groups.values()].sort((a, b) => b.share - a.share);
  if (sorted.length <= MOST_GROUPS) return sorted;
  const rest = sorted.slice(MOST_GROUPS - 1);
  return [...sorted.slice(0, MOST_GROUPS - 1), { label: OTHERS, series: rest.flatMap((group) => group.series) }];
}
