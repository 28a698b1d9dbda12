import type { RunResult } from "../../world/run-result.js";
import { type Band, bandOf, meanOver, openOnReady, peakOf, pointAtMs, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { INK, policyColour } from "../chart-theme.js";
import { hoverLayer, LINE_NAME, LINE_SYMBOL_SIZE, legendColumns, named } from "./policy-lines.js";
import { timeEncoding, warmupLayers } from "./time-axis.js";

const DEMAND = "demand: open streams on ready streamlets + waiting requests";
const CAPACITY = "capacity: ready slots";

/** Demand against ready capacity, one chart for each policy, all on the same scale. `keys[p]` names policy p in anchors. */
export function capacityCharts(
  policies: readonly { readonly name: string; readonly key: string; readonly runs: readonly RunResult[] }[],
  grid: TimeGrid,
  warmupMs: number,
): Chart[] {
  const bands = policies.map(({ runs }) => ({
    demand: bandOf(runs, grid, (line, from, to) => openOnReady(line, from, to) + meanOver(line.waiting, from, to)),
    slots: bandOf(runs, grid, (line, from, to) => meanOver(line.readySlots, from, to)),
  }));
  const peak = Math.max(1, ...bands.map(({ demand, slots }) => Math.max(peakOf(demand), peakOf(slots))));
  return policies.map(({ name, key, runs }, p) => ({
    name: `capacity-${key}`,
    title: name,
    description: `Open streams on ready streamlets plus waiting requests against ready slots over time under the policy ${name}, mean of ${runs.length} replications.`,
    spec: capacitySpec(bands[p].demand, bands[p].slots, policyColour(p), peak, grid, warmupMs),
  }));
}

function capacitySpec(
  demand: Band,
  slots: Band,
  colour: string,
  peak: number,
  grid: TimeGrid,
  warmupMs: number,
): Record<string, unknown> {
  const values = Array.from({ length: grid.points }, (_unused, point) => ({
    t: pointAtMs(grid, point),
    demand: demand.mean[point],
    demandLow: demand.low[point],
    demandHigh: demand.high[point],
    slots: slots.mean[point],
    slotsLow: slots.low[point],
    slotsHigh: slots.high[point],
  }));
  const scale = { domain: [CAPACITY, DEMAND], range: [colour, INK.demand] };
  const y = {
    type: "quantitative",
    scale: { domain: [0, peak], nice: true },
    axis: { title: "slots, streams", format: ",~f" },
  };
  const line = (field: string, label: string, strokeWidth: number): Record<string, unknown> => ({
    transform: [named(label)],
    mark: { type: "line", strokeWidth },
    encoding: {
      y: { field, ...y },
      color: {
        field: LINE_NAME,
        type: "nominal",
        scale,
        legend: { columns: legendColumns([CAPACITY, DEMAND]), symbolSize: LINE_SYMBOL_SIZE },
      },
    },
  });
  const band = (field: string, color: string, opacity: number): Record<string, unknown> => ({
    mark: { type: "area", color, opacity, aria: false },
    encoding: { y: { field: `${field}Low`, ...y }, y2: { field: `${field}High` } },
  });
  return {
    height: 210,
    data: { values },
    encoding: { x: timeEncoding(grid) },
    layer: [
      ...warmupLayers(grid, warmupMs),
      {
        mark: { type: "area", color: colour, opacity: 0.1, aria: false },
        encoding: { y: { field: "demand", ...y }, y2: { field: "slots" } },
      },
      band("slots", colour, 0.3),
      band("demand", INK.demand, 0.16),
      line("slots", CAPACITY, 1.7),
      line("demand", DEMAND, 1.4),
      hoverLayer([
        { title: "UTC", text: "utcFormat(datum.t, '%d %b %H:%M')" },
        { title: "demand", text: "format(datum.demand, ',.0f')" },
        { title: "ready slots", text: "format(datum.slots, ',.0f')" },
      ]),
    ],
  };
}
