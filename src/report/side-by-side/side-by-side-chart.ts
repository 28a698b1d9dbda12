import type { Chart } from "../chart.js";
import { policyColour } from "../chart-theme.js";
import { legendColumns, tooltipOf } from "../charts/hover.js";
import { ONLY_SHOWN, shownPolicies } from "../charts/shown-policies.js";
import { chartNumber, formatEstimate, metricFacts, shownValue, unitName } from "../numbers.js";
import type { Side } from "./side-by-side.js";

/** Areas of the marks (px²). */
const LEAST_SIZE = 90;
const SIZE_STEP = 110;

type Spec = Readonly<Record<string, unknown>>;

/** Means of two metrics of every side, with their intervals; undefined if a side lacks one. */
export function sideBySideChart(sides: readonly Side[], costMetric: string, serviceMetric: string): Chart | undefined {
  if (sides.some(({ metrics }) => metrics[costMetric] === undefined || metrics[serviceMetric] === undefined))
    return undefined;
  const [cost, service] = [metricFacts(costMetric), metricFacts(serviceMetric)];
  const names = sides.map(({ label }) => label);
  // The first marks are the largest, so that coinciding sides are rings around each other.
  const values = sides.map(({ label, metrics }, i) => ({
    policy: label,
    size: LEAST_SIZE + (sides.length - 1 - i) * SIZE_STEP,
    costText: formatEstimate(metrics[costMetric], cost),
    serviceText: formatEstimate(metrics[serviceMetric], service),
    ...endsOf("cost", metrics[costMetric].mean, metrics[costMetric].halfWidth, (value) => shownValue(value, cost)),
    ...endsOf("service", metrics[serviceMetric].mean, metrics[serviceMetric].halfWidth, (value) =>
      shownValue(value, service),
    ),
  }));
  const titled = (label: string, unit: string): string => (unit === "" ? label : `${label} (${unit})`);
  const titles = {
    cost: titled(cost.label, unitName(cost, sides[0].currency)),
    service: titled(service.label, unitName(service)),
  };
  return {
    name: "side-by-side",
    title: `${cost.label} against ${service.label}`,
    caption: "Means with their 95 % intervals; a mean of one run has none. Lower and further left is better.",
    description:
      `${cost.label} against ${service.label}: ` +
      `${values.map((one) => `${one.policy} (${one.costText}; ${one.serviceText})`).join(", ")}.`,
    spec: specOf(values, names, titles),
  };
}

function endsOf(
  field: string,
  mean: number,
  halfWidth: number | null,
  shown: (value: number) => number,
): Record<string, number | null> {
  return {
    [field]: chartNumber(shown(mean)),
    [`${field}Low`]: halfWidth === null ? null : chartNumber(shown(Math.max(0, mean - halfWidth))),
    [`${field}High`]: halfWidth === null ? null : chartNumber(shown(mean + halfWidth)),
  };
}

function specOf(
  values: readonly Spec[],
  names: readonly string[],
  titles: { readonly cost: string; readonly service: string },
): Spec {
  const scale = { domain: names, range: names.map((_name, i) => policyColour(i)) };
  const legend = { columns: legendColumns(names), symbolType: "diamond" };
  const color = { field: "policy", type: "nominal", scale, legend };
  const position = (field: string, title: string): Spec => ({
    field,
    type: "quantitative",
    scale: { zero: false, nice: true },
    axis: { title, grid: true, tickCount: 6 },
  });
  const x = (field: string): Spec => position(field, titles.cost);
  const y = (field: string): Spec => position(field, titles.service);
  const tooltip = tooltipOf([
    { title: "result", text: "datum.policy" },
    { title: titles.cost, text: "datum.costText" },
    { title: titles.service, text: "datum.serviceText" },
  ]);
  const size = { field: "size", type: "quantitative", scale: null, legend: null };
  const rule = { type: "rule", strokeWidth: 2 };
  const known = [ONLY_SHOWN, { filter: "isValid(datum.costLow) && isValid(datum.serviceLow)" }];
  const mean = { type: "point", shape: "diamond", filled: true, opacity: 1, tooltip: { expr: tooltip } };
  return {
    height: 300,
    params: [shownPolicies(names)],
    data: { values },
    layer: [
      {
        transform: known,
        mark: rule,
        encoding: { x: x("costLow"), x2: { field: "costHigh" }, y: y("service"), color },
      },
      {
        transform: known,
        mark: rule,
        encoding: { y: y("serviceLow"), y2: { field: "serviceHigh" }, x: x("cost"), color },
      },
      { transform: [ONLY_SHOWN], mark: mean, encoding: { x: x("cost"), y: y("service"), color, size } },
    ],
  };
}
