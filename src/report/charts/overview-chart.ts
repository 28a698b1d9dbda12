import type { RunResult } from "../../world/run-result.js";
import { type Band, peakOf, pointAtMs, type TimeGrid } from "../bands.js";
import type { Ceiling } from "../ceilings.js";
import type { Chart } from "../chart.js";
import { INK, policyColour, policyDash, policyWidth } from "../chart-theme.js";
import { formatFixed } from "../numbers.js";
import { capacityBands } from "./capacity-charts.js";
import { hoverLayer, LINE_NAME, LINE_SYMBOL_SIZE, legendColumns, named } from "./hover.js";
import { opacityOf, shownPolicies } from "./shown-policies.js";
import { firstMeasuredPoint, instantRow, scaleFromZero, timeChartSpec } from "./time-axis.js";

/**
 * A ceiling above this multiple of the highest line would flatten the lines: the caption names it
 * instead.
 */
const FARTHEST_CEILING = 1.5;
const DEMAND = "demand";

type Spec = Readonly<Record<string, unknown>>;

interface NamedRuns {
  readonly name: string;
  readonly runs: readonly RunResult[];
}

/** Demand, the ready slots of every policy, and the bounds on them, in one chart. */
export function overviewChart(
  policies: readonly NamedRuns[],
  ceilings: readonly Ceiling[],
  grid: TimeGrid,
  warmupMs: number,
): Chart {
  const bands = policies.map(({ runs }) => capacityBands(runs, grid));
  const demand = bands[0].demand;
  const lines = [demand, ...bands.map(({ slots }) => slots)];
  const near = ceilings.filter(({ slots }) => slots <= FARTHEST_CEILING * peakOfMeans(lines, 0));
  const far = ceilings.filter((ceiling) => !near.includes(ceiling));
  const highest = Math.max(0, ...near.map(({ slots }) => slots));
  const peak = (from: number): number => Math.max(1, highest, peakOfMeans(lines, from));
  const peaks = { measured: peak(firstMeasuredPoint(grid, warmupMs)), whole: peak(0) };
  const y = {
    type: "quantitative",
    scale: scaleFromZero(grid, warmupMs, peaks),
    axis: { title: "slots, streams", format: ",~f" },
  };
  const names = policies.map(({ name }) => name);
  const manyRuns = policies[0].runs.length > 1 ? ", means over the replications" : "";
  return {
    name: "demand-and-capacity",
    title: "Demand against capacity",
    caption:
      "Ready slots of each policy; demand = open streams + waiting " +
      `requests under ${names[0]}${manyRuns}. ${ceilingsText(near, far)}`,
    description: `Demand and the ready slots of ${names.join(", ")} over time. ${ceilingsText(near, far)}`,
    columns: new Map([
      ["t", "time"],
      ["demand", DEMAND],
      ...names.map((name, p) => [`s${p}`, `${name}, ready slots`] as const),
    ]),
    spec: timeChartSpec({
      grid,
      warmupMs,
      height: 270,
      params: [shownPolicies(names)],
      data: {
        values: rowsOf(
          demand,
          bands.map(({ slots }) => slots),
          grid,
        ),
      },
      layers: [
        ...near.flatMap((ceiling, i) => ceilingLayers(ceiling, i, y)),
        ...names.map((name, p) => slotsLayer(names, name, p, y)),
        {
          transform: [named(DEMAND)],
          mark: { type: "line", strokeWidth: 1.5 },
          encoding: lineEncoding(names, "demand", y),
        },
        hoverLayer(rowTexts(names), grid),
      ],
    }),
  };
}

function peakOfMeans(lines: readonly Band[], from: number): number {
  return Math.max(...lines.map(({ mean }) => peakOf({ mean, low: mean, high: mean }, from)));
}

function ceilingsText(near: readonly Ceiling[], far: readonly Ceiling[]): string {
  const list = (ceilings: readonly Ceiling[]): string =>
    ceilings.map(({ name, slots }) => `${name} ${formatFixed(slots, 0)} slots`).join(", ");
  if (near.length + far.length === 0) return "Nothing bounds the capacity.";
  const drawn = near.length === 0 ? "" : `Dashed: ceilings (${list(near)}).`;
  const above = far.length === 0 ? "" : `Ceilings above the axis: ${list(far)}.`;
  return `${drawn} ${above}`.trim();
}

function rowsOf(demand: Band, slots: readonly Band[], grid: TimeGrid): Spec[] {
  return Array.from({ length: grid.points }, (_unused, point) => ({
    t: pointAtMs(grid, point),
    demand: demand.mean[point],
    ...Object.fromEntries(slots.map((band, p) => [`s${p}`, band.mean[point]])),
  }));
}

function rowTexts(names: readonly string[]): { title: string; text: string }[] {
  const slots = names.map((name, p) => ({ title: `${name}, ready slots`, text: `format(datum.s${p}, ',.0f')` }));
  return [instantRow(), { title: DEMAND, text: "format(datum.demand, ',.0f')" }, ...slots];
}

function slotsLayer(names: readonly string[], name: string, policy: number, y: Spec): Spec {
  return {
    transform: [named(name)],
    mark: { type: "line", strokeWidth: policyWidth(policy), opacity: opacityOf(name, 1) },
    encoding: lineEncoding(names, `s${policy}`, y),
  };
}

function lineEncoding(names: readonly string[], field: string, y: Spec): Spec {
  const domain = [...names, DEMAND];
  const legend = { columns: legendColumns(domain), symbolSize: LINE_SYMBOL_SIZE };
  const line = { field: LINE_NAME, type: "nominal", legend };
  const colours = [...names.map((_name, p) => policyColour(p)), INK.demand];
  const dashes = [...names.map((_name, p) => policyDash(p)), [1, 0]];
  return {
    y: { field, ...y },
    color: { ...line, scale: { domain, range: colours } },
    strokeDash: { ...line, scale: { domain, range: dashes } },
  };
}

function ceilingLayers({ name, slots }: Ceiling, index: number, y: Spec): Spec[] {
  const data = { values: [{ slots }] };
  const encoding = { x: null, y: { field: "slots", ...y } };
  return [
    { data, mark: { type: "rule", color: INK.muted, strokeDash: [6, 4] }, encoding },
    {
      name: `note-${index}`,
      data,
      mark: {
        type: "text",
        align: "right",
        baseline: "bottom",
        x: "width",
        dx: -3,
        dy: -3,
        fontSize: 10.5,
        color: INK.muted,
        text: name,
      },
      encoding,
    },
  ];
}
