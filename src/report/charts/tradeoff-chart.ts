import type { ExperimentOutcome } from "../../experiment/result.js";
import type { Chart } from "../chart.js";
import { policyColour } from "../chart-theme.js";
import { chartNumber, formatEstimate, metricFacts, shownValue, unitName } from "../numbers.js";
import { type HoverRow, legendColumns, tooltipOf } from "./hover.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";

type Spec = Readonly<Record<string, unknown>>;

/** A mean with its two intervals; the ends are absent if one run gives none. */
interface MeanPoint {
  readonly policy: string;
  readonly cost: number;
  readonly service: number;
  readonly costText: string;
  readonly serviceText: string;
  readonly [end: string]: number | string;
}

/** Names of both axes as a reader sees them. */
interface AxisNames {
  readonly cost: string;
  readonly service: string;
}

/**
 * Cost against service: each replication a faint dot, each policy's mean a diamond with its two 95
 * %
 * intervals. One replication has no interval and shows only the dot's value.
 */
export function tradeoffChart(outcome: ExperimentOutcome, costMetric: string, serviceMetric: string): Chart {
  const { policies, replications, currency } = outcome.document;
  const [cost, service] = [metricFacts(costMetric), metricFacts(serviceMetric)];
  const names = policies.map((policy) => policy.name);
  const means = policies.map(({ name, metrics }) => {
    const text = {
      costText: formatEstimate(metrics[costMetric], cost),
      serviceText: formatEstimate(metrics[serviceMetric], service),
    };
    return { policy: name, ...text, ...pointOf(outcome, name, costMetric, serviceMetric) };
  });
  const dots = outcome.runs.flatMap((runs, p) =>
    runs.map((run) => ({
      policy: names[p],
      replication: run.replication,
      cost: chartNumber(shownValue(run.metrics[costMetric], cost)),
      service: chartNumber(shownValue(run.metrics[serviceMetric], service)),
    })),
  );
  const axes = {
    cost: withUnit(cost.label, unitName(cost, currency)),
    service: withUnit(service.label, unitName(service, currency)),
  };
  const reading =
    replications > 1
      ? "Dots are replications, diamonds their means, crosses the 95 % intervals of the means."
      : "One run of each policy: no interval.";
  return {
    name: "cost-against-service",
    title: `${cost.label} against ${service.label}`,
    caption: `Lower and further left is better. ${reading}`,
    description:
      `${cost.label} against ${service.label} for ` +
      `${means.map((m) => `${m.policy} (${m.costText}; ${m.serviceText})`).join(", ")}.`,
    spec: {
      height: 270,
      params: [shownPolicies(names)],
      layer: layersOf(dots, means, axes, names, replications > 1),
    },
  };
}

function withUnit(label: string, unit: string): string {
  return unit === "" ? label : `${label} (${unit})`;
}

function pointOf(outcome: ExperimentOutcome, name: string, costMetric: string, serviceMetric: string) {
  const { metrics } = outcome.document.policies.find(
    (policy) => policy.name === name,
  ) as (typeof outcome.document.policies)[number];
  const [cost, service] = [metricFacts(costMetric), metricFacts(serviceMetric)];
  const [x, dx] = [metrics[costMetric].mean, metrics[costMetric].halfWidth].map((value) =>
    shownValue(value ?? 0, cost),
  );
  const [y, dy] = [metrics[serviceMetric].mean, metrics[serviceMetric].halfWidth].map((value) =>
    shownValue(value ?? 0, service),
  );
  return {
    cost: x,
    service: y,
    costLow: x - dx,
    costHigh: x + dx,
    serviceLow: Math.max(0, y - dy),
    serviceHigh: y + dy,
  };
}

function layersOf(
  dots: readonly Spec[],
  means: readonly MeanPoint[],
  axes: AxisNames,
  names: readonly string[],
  hasIntervals: boolean,
): Spec[] {
  const scale = { domain: names, range: names.map((_name, p) => policyColour(p)) };
  const color = {
    field: "policy",
    type: "nominal",
    scale,
    legend: { columns: legendColumns(names), symbolType: "circle", symbolOpacity: 1 },
  };
  const position = (field: string, title: string): Spec => ({
    field,
    type: "quantitative",
    scale: { zero: false, nice: true },
    axis: { title, grid: true, tickCount: 6 },
  });
  const x = (field: string): Spec => position(field, axes.cost);
  const y = (field: string): Spec => position(field, axes.service);
  const layer = (values: readonly Spec[], mark: Spec, encoding: Spec): Spec => ({
    data: { values },
    transform: [ONLY_SHOWN],
    mark,
    encoding: { ...encoding, color },
  });
  const at = { x: x("cost"), y: y("service") };
  const rule = { type: "rule", strokeWidth: 2 };
  const mean = {
    type: "point",
    shape: "diamond",
    filled: true,
    size: 130,
    opacity: 1,
    stroke: "white",
    strokeWidth: 1,
  };
  const dot = { type: "circle", size: hasIntervals ? 34 : 90, opacity: hasIntervals ? 0.55 : 1 };
  return [
    layer(dots, { ...dot, tooltip: { expr: tooltipOf(hoverRows(axes, "dot")) } }, at),
    ...(hasIntervals
      ? [
          layer(means, rule, { x: x("costLow"), x2: { field: "costHigh" }, y: y("service") }),
          layer(means, rule, { y: y("serviceLow"), y2: { field: "serviceHigh" }, x: x("cost") }),
          layer(means, { ...mean, tooltip: { expr: tooltipOf(hoverRows(axes, "mean")) } }, at),
        ]
      : []),
  ];
}

function hoverRows(axes: AxisNames, kind: "dot" | "mean"): HoverRow[] {
  if (kind === "mean")
    return [
      { title: "policy", text: "datum.policy + ', mean'" },
      { title: axes.cost, text: "datum.costText" },
      { title: axes.service, text: "datum.serviceText" },
    ];
  return [
    { title: "policy", text: "datum.policy + ', replication ' + datum.replication" },
    { title: axes.cost, text: "format(datum.cost, ',')" },
    { title: axes.service, text: "format(datum.service, ',')" },
  ];
}
