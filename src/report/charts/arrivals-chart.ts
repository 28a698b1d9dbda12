import type { RunResult } from "../../world/run-result.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { bandOf, pointAtMs, sumOver, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { SERIES_COLOURS } from "../chart-theme.js";
import { hoverLayer, legendColumns } from "./policy-lines.js";
import { timeEncoding, warmupLayers } from "./time-axis.js";

/** More groups than colours: the smallest are drawn together. */
const MOST_GROUPS = SERIES_COLOURS.length;
const OTHERS = "all others";

interface TrafficGroup {
  readonly label: string;
  /** Indexes into `arrivalsBySeries`. */
  readonly series: readonly number[];
}

/** First-attempt arrivals by region and format, stacked; the same for every policy, so that any policy's runs will do. */
export function arrivalsChart(runs: readonly RunResult[], scenario: Scenario, grid: TimeGrid): Chart {
  const groups = trafficGroups(scenario);
  const bands = groups.map(({ series }) =>
    bandOf(runs, grid, (line, from, to) => {
      const seconds = ((to - from) * line.binMs) / 1000;
      return series.reduce((sum, s) => sum + sumOver(line.arrivalsBySeries[s], from, to), 0) / seconds;
    }),
  );
  const labels = groups.map((group) => group.label);
  const values: Record<string, unknown>[] = [];
  const totals: Record<string, number>[] = [];
  for (let point = 0; point < grid.points; point++) {
    const t = pointAtMs(grid, point);
    const rates = bands.map((band) => band.mean[point] ?? 0);
    rates.forEach((rate, order) => {
      values.push({ t, group: labels[order], rate, order });
    });
    totals.push({ t, ...Object.fromEntries(rates.map((rate, g) => [`r${g}`, rate])) });
  }
  return {
    name: "arrivals",
    title: "Arrivals by region and format",
    caption: "First attempts per second, mean over replications, stacked. Every policy meets the same arrivals.",
    description: `First-attempt arrivals per second over time, stacked by region and format: ${labels.join(", ")}.`,
    spec: {
      height: 200,
      encoding: { x: timeEncoding(grid) },
      layer: [
        ...warmupLayers(grid, scenario.warmupMs),
        {
          data: { values },
          mark: { type: "area", opacity: 0.85, aria: false },
          encoding: {
            y: {
              field: "rate",
              type: "quantitative",
              stack: "zero",
              axis: { title: "arrivals per second", format: ",~f" },
            },
            color: {
              field: "group",
              type: "nominal",
              scale: { domain: labels, range: SERIES_COLOURS.slice(0, labels.length) },
              legend: { columns: legendColumns(labels), symbolType: "square" },
            },
            order: { field: "order", type: "quantitative" },
          },
        },
        {
          data: { values: totals },
          ...hoverLayer([
            { title: "UTC", text: "utcFormat(datum.t, '%d %b %H:%M')" },
            ...labels.map((label, g) => ({ title: label, text: `format(datum.r${g}, ',.2f') + ' /s'` })),
          ]),
        },
      ],
    },
  };
}

/** Series by region × format, segments together, largest share first; a dimension with one value is left out of the label. */
function trafficGroups(scenario: Scenario): TrafficGroup[] {
  const { regions, formats, series } = scenario.traffic;
  const groups = new Map<string, { label: string; series: number[]; share: number }>();
  series.forEach((spec, index) => {
    const region = regions.length > 1 ? [regions[spec.region]] : [];
    const format = formats.length > 1 ? [formats[spec.format]] : [];
    const label = [...region, ...format].join(" · ") || "arrivals";
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
