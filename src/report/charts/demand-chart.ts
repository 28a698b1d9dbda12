import { offeredLoads } from "../../experiment/plan/offered.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { SERIES_COLOURS } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { hoverLayer, LINE_NAME, legendColumns, named } from "./hover.js";
import { instantRow, timeChartSpec } from "./time-axis.js";

const MOST_POINTS = 480;

/** The offered load of each pool over the day, in open streams. */
export function demandChart(scenario: Scenario): Chart {
  const loads = offeredLoads(scenario);
  const pools = loads.pools.filter(({ load }) => load.some((value) => value > 0)).slice(0, SERIES_COLOURS.length);
  const grid = gridOf(scenario, loads.binMs, loads.pools[0].load.length);
  const names = pools.map(({ pool }) => pool);
  const values = Array.from({ length: grid.points }, (_unused, point) => {
    const bin = point * grid.binsPerPoint;
    const cells = pools.map(({ load }, p) => [`p${p}`, chartNumber(load[bin])] as const);
    return { t: grid.startMs + bin * grid.binMs, ...Object.fromEntries(cells) };
  });
  const rows = names.map((name, p) => ({ title: name, text: `format(datum.p${p}, ',.1f')` }));
  return {
    name: "demand",
    title: "Offered load",
    caption: "Mean open streams if every request found a slot at once (M_t/G/∞), reconnections included.",
    description: `Mean number of open streams over the day for the pools ${names.join(", ")}.`,
    columns: new Map([["t", "time"], ...names.map((name, p) => [`p${p}`, `${name}, open streams`] as const)]),
    spec: timeChartSpec({
      grid,
      warmupMs: scenario.warmupMs,
      height: 220,
      data: { values },
      layers: [...names.map((name, p) => lineLayer(names, name, p)), hoverLayer([instantRow(), ...rows], grid)],
    }),
  };
}

function gridOf(scenario: Scenario, binMs: number, bins: number): TimeGrid {
  const binsPerPoint = Math.max(1, Math.ceil(bins / MOST_POINTS));
  const startMs = scenario.traffic.epochMs;
  const points = Math.ceil(bins / binsPerPoint);
  return { binMs, binsPerPoint, points, bins, startMs, endMs: startMs + scenario.durationMs };
}

function lineLayer(names: readonly string[], name: string, pool: number): Record<string, unknown> {
  const scale = { domain: names, range: SERIES_COLOURS.slice(0, names.length) };
  return {
    transform: [named(name)],
    mark: { type: "line" },
    encoding: {
      y: { field: `p${pool}`, type: "quantitative", axis: { title: "open streams", format: ",~f" } },
      color: { field: LINE_NAME, type: "nominal", scale, legend: { columns: legendColumns(names) } },
    },
  };
}
