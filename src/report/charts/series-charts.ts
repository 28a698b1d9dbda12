import type { ResultDocument } from "../../experiment/result.js";
import type { SloSpec } from "../../world/scenario/sections/slo.js";
import type { Chart } from "../chart.js";
import { INK, policyColour } from "../chart-theme.js";
import { chartNumber, formatEstimate, formatNumber, metricFacts, shownValue, unitName } from "../numbers.js";
import { type SeriesRow, seriesDimensions, seriesLatency, seriesRows } from "../series-service.js";
import { legendColumns, tooltipOf } from "./hover.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";

type Spec = Readonly<Record<string, unknown>>;

/** Most series in a chart, those with most arrivals; the table has all. */
const MOST_PARTS = 16;
const POLICY_PX = 11;
const PART_GAP_PX = 12;
/** Below this (ms) a latency axis is linear, so that it can show 0; above, logarithmic. */
const LINEAR_MS = 10;

/**
 * Start latency against the SLO, and violating minutes, of each series. None if the traffic has
 * one series, or too many to be recorded.
 */
export function seriesCharts(document: ResultDocument, slo: SloSpec | undefined): Chart[] {
  const rows = seriesRows(document);
  const { metric, boundMs } = seriesLatency(slo);
  return [
    seriesChart(document, rows, { name: "latency-by-series", metric, boundMs }),
    seriesChart(document, rows, { name: "violations-by-series", metric: "sloViolationMinutes", boundMs: undefined }),
  ].flatMap((chart) => chart ?? []);
}

interface SeriesMetric {
  readonly name: string;
  readonly metric: string;
  readonly boundMs: number | undefined;
}

function seriesChart(document: ResultDocument, all: readonly SeriesRow[], of: SeriesMetric): Chart | undefined {
  const facts = metricFacts(of.metric);
  const labels = [...new Set(all.map(({ label }) => label))].slice(0, MOST_PARTS);
  const values = all.flatMap(({ label, policy, series }) => {
    const estimate = series.metrics[of.metric];
    if (estimate === undefined || !labels.includes(label)) return [];
    const [mean, half] = [estimate.mean, estimate.halfWidth ?? 0].map((value) => shownValue(value, facts));
    const ends = { low: chartNumber(Math.max(0, mean - half)), high: chartNumber(mean + half) };
    const text = formatEstimate(estimate, facts);
    return [{ part: label, policy, mean: chartNumber(mean), ...ends, text }];
  });
  // A chart of zeros adds nothing to the table.
  if (values.every(({ high }) => high === 0)) return undefined;
  const names = document.policies.map(({ name }) => name);
  const by = seriesDimensions(document).join(", ");
  const cut = values.some(({ mean, low, high }) => low === 0 && high > 2 * mean) ? ", drawn from 0 on" : "";
  const interval = document.replications > 1 ? ` Lines are 95 % intervals${cut}.` : "";
  const bound = of.boundMs === undefined ? "" : ` The dashed line is the SLO’s ${formatNumber(of.boundMs)} ms.`;
  const most = new Set(all.map(({ label }) => label)).size;
  const left = most > labels.length ? ` ${most - labels.length} parts with fewer arrivals are in the table only.` : "";
  const texts = values.map(({ part, policy, text }) => `${part}, ${policy}: ${text}`);
  return {
    name: of.name,
    title: `${facts.label} by ${by}`,
    caption: `Each part of the traffic on its own.${bound}${interval}${left}`,
    description: `${facts.label} by ${by}: ${texts.join("; ")}.`,
    spec: seriesSpec(names, labels, values, of),
  };
}

function seriesSpec(
  names: readonly string[],
  labels: readonly string[],
  values: readonly Spec[],
  of: SeriesMetric,
): Spec {
  const facts = metricFacts(of.metric);
  const isLatency = of.metric !== "sloViolationMinutes";
  const x = {
    type: "quantitative",
    scale: isLatency ? { type: "symlog", constant: LINEAR_MS, domainMin: 0, nice: true } : { zero: true, nice: true },
    axis: { title: `${facts.label} (${unitName(facts)})`, grid: true, tickCount: 6, format: ",~r" },
  };
  const y = {
    field: "part",
    type: "nominal",
    sort: labels,
    scale: { paddingInner: 0.25, paddingOuter: 0.15 },
    axis: { title: null, domain: false, ticks: false, labelLimit: 190, labelColor: INK.text },
  };
  const yOffset = { field: "policy", type: "nominal", sort: names, scale: { domain: names, paddingOuter: 0.3 } };
  const scale = { domain: names, range: names.map((_name, p) => policyColour(p)) };
  const legend = { columns: legendColumns(names), symbolType: "circle" };
  const color = { field: "policy", type: "nominal", scale, legend };
  const tooltip = tooltipOf([
    { title: "part", text: "datum.part" },
    { title: "policy", text: "datum.policy" },
    { title: facts.label, text: `datum.text + ' ${unitName(facts)}'` },
  ]);
  const band = { yOffset, color };
  return {
    height: labels.length * (names.length * POLICY_PX + PART_GAP_PX),
    params: [shownPolicies(names)],
    data: { values },
    layer: [
      ...(of.boundMs === undefined ? [] : [boundLayer(of.boundMs, x)]),
      {
        transform: [ONLY_SHOWN],
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y, ...band },
      },
      {
        transform: [ONLY_SHOWN],
        mark: { type: "point", filled: true, size: 50, opacity: 1, tooltip: { expr: tooltip } },
        encoding: { x: { field: "mean", ...x }, y, ...band },
      },
    ],
  };
}

function boundLayer(boundMs: number, x: Spec): Spec {
  return {
    data: { values: [{ boundMs }] },
    mark: { type: "rule", color: INK.muted, strokeDash: [4, 3] },
    encoding: { x: { field: "boundMs", ...x } },
  };
}
