import type { RunResult } from "../../world/run-result.js";
import { type Band, bandOf, meanOver, openOnReady, peakOf, pointAtMs, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { INK, policyColour } from "../chart-theme.js";
import { hoverLayer, LINE_NAME, LINE_SYMBOL_SIZE, legendColumns, named } from "./hover.js";
import { firstMeasuredPoint, instantRow, scaleFromZero, timeChartSpec } from "./time-axis.js";

const DEMAND = "demand";
const CAPACITY = "ready slots";

type Spec = Readonly<Record<string, unknown>>;

interface CapacityBands {
  readonly demand: Band;
  readonly slots: Band;
}

/** The demand on ready streamlets and their slots, over the replications. */
export function capacityBands(runs: readonly RunResult[], grid: TimeGrid): CapacityBands {
  return {
    demand: bandOf(runs, grid, (line, from, to) => openOnReady(line, from, to) + meanOver(line.waiting, from, to)),
    slots: bandOf(runs, grid, (line, from, to) => meanOver(line.readySlots, from, to)),
  };
}

/**
 * Demand against ready capacity, one chart for each policy, all on the same scale. `keys[p]` names
 * policy p in anchors.
 */
export function capacityCharts(
  policies: readonly { readonly name: string; readonly key: string; readonly runs: readonly RunResult[] }[],
  grid: TimeGrid,
  warmupMs: number,
): Chart[] {
  const bands = policies.map(({ runs }) => capacityBands(runs, grid));
  const peak = (from: number): number =>
    Math.max(1, ...bands.map(({ demand, slots }) => Math.max(peakOf(demand, from), peakOf(slots, from))));
  const peaks = { measured: peak(firstMeasuredPoint(grid, warmupMs)), whole: peak(0) };
  const y = {
    type: "quantitative",
    scale: scaleFromZero(grid, warmupMs, peaks),
    axis: { title: "slots, streams", format: ",~f" },
  };
  return policies.map(({ name, key, runs }, p) => ({
    name: `capacity-${key}`,
    title: name,
    policy: name,
    description:
      "Open streams on ready streamlets plus waiting requests against ready slots " +
      `over time under the policy ${name}, mean of ${runs.length} replications.`,
    columns: COLUMNS,
    spec: timeChartSpec({
      grid,
      warmupMs,
      height: 210,
      data: { values: rowsOf(bands[p], grid) },
      layers: layersOf(policyColour(p), y, runs.length > 1, grid),
    }),
  }));
}

const COLUMNS = new Map([
  ["t", "time"],
  ["demand", "demand, mean"],
  ["demandLow", "demand, lowest replication"],
  ["demandHigh", "demand, highest replication"],
  ["slots", "ready slots, mean"],
  ["slotsLow", "ready slots, lowest replication"],
  ["slotsHigh", "ready slots, highest replication"],
]);

function rowsOf({ demand, slots }: CapacityBands, grid: TimeGrid): Spec[] {
  return Array.from({ length: grid.points }, (_unused, point) => ({
    t: pointAtMs(grid, point),
    demand: demand.mean[point],
    demandLow: demand.low[point],
    demandHigh: demand.high[point],
    slots: slots.mean[point],
    slotsLow: slots.low[point],
    slotsHigh: slots.high[point],
  }));
}

function layersOf(colour: string, y: Spec, hasBands: boolean, grid: TimeGrid): Spec[] {
  const scale = { domain: [CAPACITY, DEMAND], range: [colour, INK.demand] };
  const legend = { columns: legendColumns([CAPACITY, DEMAND]), symbolSize: LINE_SYMBOL_SIZE };
  const line = (field: string, label: string, strokeWidth: number): Spec => ({
    transform: [named(label)],
    mark: { type: "line", strokeWidth },
    encoding: { y: { field, ...y }, color: { field: LINE_NAME, type: "nominal", scale, legend } },
  });
  const band = (field: string, color: string, opacity: number): Spec => ({
    mark: { type: "area", color, opacity },
    encoding: { y: { field: `${field}Low`, ...y }, y2: { field: `${field}High` } },
  });
  return [
    {
      mark: { type: "area", color: colour, opacity: 0.1 },
      encoding: { y: { field: "demand", ...y }, y2: { field: "slots" } },
    },
    ...(hasBands ? [band("slots", colour, 0.3), band("demand", INK.demand, 0.16)] : []),
    line("slots", CAPACITY, 1.7),
    line("demand", DEMAND, 1.4),
    hoverLayer(
      [
        instantRow(),
        { title: "demand", text: "format(datum.demand, ',.0f')" },
        { title: "ready slots", text: "format(datum.slots, ',.0f')" },
      ],
      grid,
    ),
  ];
}
