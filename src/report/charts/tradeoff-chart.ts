import type { ExperimentOutcome } from "../../experiment/result.js";
import type { Chart } from "../chart.js";
import { policyColour } from "../chart-theme.js";
import { chartNumber, formatEstimate, metricFacts, shownValue, unitName } from "../numbers.js";
import { legendColumns } from "./policy-lines.js";

/** Cost against service: each replication a faint dot, each policy's mean a cross of its two 95 % intervals. */
export function tradeoffChart(outcome: ExperimentOutcome, costMetric: string, serviceMetric: string): Chart {
  const cost = metricFacts(costMetric);
  const service = metricFacts(serviceMetric);
  const { policies } = outcome.document;
  const names = policies.map((policy) => policy.name);
  const dots = outcome.runs.flatMap((runs, p) =>
    runs.map((run) => ({
      policy: names[p],
      replication: run.replication,
      cost: chartNumber(shownValue(run.metrics[costMetric], cost)),
      service: chartNumber(shownValue(run.metrics[serviceMetric], service)),
    })),
  );
  const means = policies.map(({ name, metrics }) => {
    const x = shownValue(metrics[costMetric].mean, cost);
    const y = shownValue(metrics[serviceMetric].mean, service);
    const dx = shownValue(metrics[costMetric].halfWidth ?? 0, cost);
    const dy = shownValue(metrics[serviceMetric].halfWidth ?? 0, service);
    return {
      policy: name,
      cost: x,
      service: y,
      ...{ costLow: x - dx, costHigh: x + dx, serviceLow: Math.max(0, y - dy), serviceHigh: y + dy },
      costText: formatEstimate(metrics[costMetric], cost),
      serviceText: formatEstimate(metrics[serviceMetric], service),
    };
  });
  const axis = (label: string, unit: string): Record<string, unknown> => ({
    title: unit === "" ? label : `${label} (${unit})`,
    grid: true,
  });
  const scale = { domain: names, range: names.map((_name, p) => policyColour(p)) };
  const color = {
    field: "policy",
    type: "nominal",
    scale,
    legend: { columns: legendColumns(names), symbolType: "circle" },
  };
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { zero: false, nice: true },
    axis: axis(cost.label, unitName(cost, outcome.document.currency)),
  });
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { zero: false, nice: true },
    axis: axis(service.label, unitName(service, outcome.document.currency)),
  });
  return {
    name: "cost-against-service",
    title: `${cost.label} against ${service.label}`,
    caption: "Lower and further left is better. Dots are replications, crosses the 95 % intervals of the two means.",
    description: `${cost.label} against ${service.label} for ${means.map((m) => `${m.policy} (${m.costText}; ${m.serviceText})`).join(", ")}.`,
    spec: {
      height: 270,
      layer: [
        {
          data: { values: dots },
          mark: {
            type: "circle",
            size: 34,
            opacity: 0.4,
            tooltip: {
              expr: tooltip(
                "datum.policy + ', replication ' + datum.replication",
                cost.label,
                "format(datum.cost, ',.4~r')",
                service.label,
                "format(datum.service, ',.4~r')",
              ),
            },
          },
          encoding: { x: x("cost"), y: y("service"), color },
        },
        {
          data: { values: means },
          mark: { type: "rule", strokeWidth: 2 },
          encoding: { x: x("costLow"), x2: { field: "costHigh" }, y: y("service"), color },
        },
        {
          data: { values: means },
          mark: { type: "rule", strokeWidth: 2 },
          encoding: { y: y("serviceLow"), y2: { field: "serviceHigh" }, x: x("cost"), color },
        },
        {
          data: { values: means },
          mark: {
            type: "point",
            filled: true,
            size: 95,
            opacity: 1,
            stroke: "white",
            strokeWidth: 1,
            tooltip: {
              expr: tooltip(
                "datum.policy + ', mean'",
                cost.label,
                "datum.costText",
                service.label,
                "datum.serviceText",
              ),
            },
          },
          encoding: { x: x("cost"), y: y("service"), color },
        },
      ],
    },
  };
}

function tooltip(policy: string, costLabel: string, cost: string, serviceLabel: string, service: string): string {
  return `{'policy': ${policy}, ${JSON.stringify(costLabel)}: ${cost}, ${JSON.stringify(serviceLabel)}: ${service}}`;
}
