import { offeredLoads } from "../../experiment/plan/offered.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { SERIES_COLOURS } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { hoverLayer, legendColumns } from "./policy-lines.js";
import { timeEncoding, warmupLayers } from "./time-axis.js";

const MOST_POINTS = 480;

/** The offered load of each pool over the day, in open streams. */
export function demandChart(scenario: Scenario): Chart {
  const loads = offeredLoads(scenario);
  const pools = loads.pools.filter(({ load }) => load.some((value) => value > 0)).slice(0, SERIES_COLOURS.length);
  const bins = loads.pools[0].load.length;
  const stride = Math.max(1, Math.ceil(bins / MOST_POINTS));
  const { epochMs } = scenario.traffic;
  const grid: TimeGrid = {
    binMs: loads.binMs,
    binsPerPoint: stride,
    points: Math.ceil(bins / stride),
    bins,
    startMs: epochMs,
    endMs: epochMs + scenario.durationMs,
  };
  const values: Record<string, unknown>[] = [];
  const totals: Record<string, unknown>[] = [];
  for (let bin = 0; bin < bins; bin += stride) {
    const t = epochMs + bin * loads.binMs;
    const row: Record<string, unknown> = { t };
    pools.forEach(({ pool, load }, p) => {
      const value = chartNumber(load[bin]);
      values.push({ t, pool, load: value });
      row[`p${p}`] = value;
    });
    totals.push(row);
  }
  const names = pools.map(({ pool }) => pool);
  return {
    name: "demand",
    title: "Offered load",
    caption: "Mean open streams if every request found a slot at once (M_t/G/∞), reconnections included.",
    description: `Mean number of open streams over the day for the pools ${names.join(", ")}.`,
    spec: {
      height: 220,
      encoding: { x: timeEncoding(grid) },
      layer: [
        ...warmupLayers(grid, scenario.warmupMs),
        {
          data: { values },
          mark: { type: "line", aria: false },
          encoding: {
            y: { field: "load", type: "quantitative", axis: { title: "open streams", format: ",~f" } },
            color: {
              field: "pool",
              type: "nominal",
              scale: { domain: names, range: SERIES_COLOURS.slice(0, names.length) },
              legend: { columns: legendColumns(names) },
            },
          },
        },
        {
          data: { values: totals },
          ...hoverLayer([
            { title: "UTC", text: "utcFormat(datum.t, '%d %b %H:%M')" },
            ...names.map((name, p) => ({ title: name, text: `format(datum.p${p}, ',.1f')` })),
          ]),
        },
      ],
    },
  };
}
