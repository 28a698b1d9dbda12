import { LogHistogram } from "../../base/histogram.js";
import { survival } from "../../base/kaplan-meier.js";
import type { RunResult } from "../../world/run-result.js";
import type { SloSpec } from "../../world/scenario/sections/slo.js";
import type { Chart } from "../chart.js";
import { INK } from "../chart-theme.js";
import { chartNumber, formatDuration, formatNumber } from "../numbers.js";
import { decadeTicks } from "./decade-ticks.js";
import { fixedTicks } from "./fixed-ticks.js";
import { policyStroke } from "./policy-lines.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";

const MOST_POINTS = 300;
/** A simulated day has too few requests for shares below one in a million. */
const LEAST_SHARE = 1e-6;
/** The axis begins at a millisecond: shorter waits do not matter. */
const LEAST_MS = 1;

interface TailPoint {
  readonly ms: number;
  readonly share: number;
}

/**
 * Share of requests that started later than x, on logarithmic axes, since an SLO bounds the tail.
 * Undefined if none waited a millisecond.
 */
export function latencyChart(
  policies: readonly { readonly name: string; readonly runs: readonly RunResult[] }[],
  slo: SloSpec | undefined,
): Chart | undefined {
  const tails = policies.map(({ runs }) => tailOf(runs));
  const points = tails.flat();
  if (points.length === 0) return undefined;
  const bound = slo?.startLatency;
  const mostMs = Math.max(...points.map((point) => point.ms), bound === undefined ? 0 : bound.boundMs * 2);
  // P100 allows a share of 0, which a logarithmic axis does not have.
  const allowed = bound === undefined || bound.probability >= 1 ? 1 : (1 - bound.probability) / 2;
  const leastShare = Math.min(...points.map((point) => point.share), allowed);
  const names = policies.map((policy) => policy.name);
  const values = tails.flatMap((tail, p) => tail.map(({ ms, share }) => ({ ms, share, policy: names[p] })));
  const never = names.filter((_name, p) => tails[p].length === 0);
  const axes = {
    x: {
      field: "ms",
      type: "quantitative",
      scale: { type: "log", domain: [LEAST_MS, mostMs], nice: false },
      axis: {
        title: "start latency, arrival to slot (logarithmic)",
        labelExpr: msLabel,
        ...fixedTicks(decadeTicks(LEAST_MS, mostMs)),
        labelOverlap: "greedy",
        labelSeparation: 8,
      },
    },
    y: {
      field: "share",
      type: "quantitative",
      scale: { type: "log", domain: [powerOfTenBelow(leastShare), 1], nice: false },
      axis: {
        title: "requests slower than x",
        labelExpr: percentLabel,
        ...fixedTicks(decadeTicks(powerOfTenBelow(leastShare), 1)),
        labelOverlap: "greedy",
        labelSeparation: 6,
      },
    },
  };
  const boundText = bound === undefined ? "" : boundSentence(bound);
  const neverText = never.length === 0 ? "" : ` No request waited a millisecond under ${never.join(", ")}.`;
  return {
    name: "start-latency",
    title: "Start latency",
    caption:
      "Share of requests that waited longer than x for a slot (who still waits at the end has waited " +
      `at least so long); lower and further left is better.${boundText}${neverText}`,
    description:
      "Complementary distribution of the start latency on logarithmic " +
      `axes for ${names.join(", ")}, all replications together.`,
    spec: {
      height: 270,
      params: [shownPolicies(names)],
      data: { values },
      layer: [...boundLayers(slo), lineLayer(names, axes), hoverPoints(axes)],
    },
  };
}

const msLabel =
  "datum.value >= 3600000 ? format(datum.value / 3600000, '~r') + ' h' : datum.value " +
  ">= 60000 ? format(datum.value / 60000, '~r') + ' min' : datum.value >= 1000 ? " +
  "format(datum.value / 1000, '~r') + ' s' : format(datum.value, '~r') + ' ms'";
const percentLabel = "format(datum.value * 100, '~r') + ' %'";

/** Position encodings of the layers that draw the tails. */
type Axes = Readonly<Record<"x" | "y", unknown>>;

function lineLayer(names: readonly string[], axes: Axes): Record<string, unknown> {
  return {
    transform: [ONLY_SHOWN],
    mark: { type: "line", interpolate: "step-after", strokeWidth: 2 },
    encoding: { ...axes, ...policyStroke(names, "policy") },
  };
}

function hoverPoints(axes: Axes): Record<string, unknown> {
  const tooltip =
    "{'policy': datum.policy, 'slower than': format(datum.ms, ',.3~r') " +
    "+ ' ms', 'share': format(datum.share * 100, '.3~r') + ' %'}";
  return {
    mark: { type: "point", size: 60, filled: true, opacity: 0, tooltip: { expr: tooltip } },
    encoding: axes,
  };
}

type LatencyBound = NonNullable<SloSpec["startLatency"]>;

function boundSentence({ boundMs, probability }: LatencyBound): string {
  if (boundMs < LEAST_MS) return ` The SLO's bound lies left of the axis: ${formatDuration(boundMs)}.`;
  if (probability >= 1) return " The dashed line marks the bound of the SLO: a line should end before it.";
  return " The cross marks the bound of the SLO: a line should pass below it.";
}

/** The lines of the SLO within the axes; the text for P100 is at the bottom. */
function boundLayers(slo: SloSpec | undefined): Record<string, unknown>[] {
  const bound = slo?.startLatency;
  if (bound === undefined) return [];
  const allowed = 1 - bound.probability;
  const values = [{ bound: bound.boundMs, allowed }];
  const mark = { type: "rule", color: INK.muted, strokeDash: [4, 3] };
  const text = `SLO: ${formatNumber(bound.probability * 100)} % within ${formatDuration(bound.boundMs)}`;
  const x = { field: "bound", type: "quantitative" };
  const y = allowed > 0 ? { field: "allowed", type: "quantitative" } : { value: "height" };
  return [
    ...(bound.boundMs < LEAST_MS ? [] : [{ data: { values }, mark, encoding: { x } }]),
    ...(allowed > 0 ? [{ data: { values }, mark, encoding: { y } }] : []),
    { name: "note", data: { values }, mark: { ...NOTE, text }, encoding: { y } },
  ];
}

const NOTE = {
  type: "text",
  align: "right",
  baseline: "bottom",
  dx: -3,
  dy: -4,
  x: "width",
  fontSize: 10.5,
  color: INK.muted,
};

/**
 * All replications' requests together, by Kaplan and Meier (1958): a request that still waits at
 * the end has waited at least that long. Every share is at least LEAST_SHARE, since its axis is
 * logarithmic. Empty if none waited a millisecond.
 */
function tailOf(runs: readonly RunResult[]): TailPoint[] {
  const [served, waiting] = [new LogHistogram(), new LogHistogram()];
  for (const { startLatency, stillWaiting } of runs) {
    served.add(LogHistogram.of(startLatency));
    waiting.add(LogHistogram.of(stillWaiting));
  }
  const points: TailPoint[] = [];
  let slower = 1;
  for (const { upperMs, share } of survival(served, waiting)) {
    if (upperMs > LEAST_MS && points.length === 0) points.push({ ms: LEAST_MS, share: slower });
    slower = share;
    if (upperMs > LEAST_MS && share >= LEAST_SHARE) points.push({ ms: upperMs, share });
  }
  // A share of zero: the last request served had waited longer than all that still wait.
  if (waiting.count > 0 && waiting.max > LEAST_MS && slower >= LEAST_SHARE) {
    if (points.length === 0) points.push({ ms: LEAST_MS, share: slower });
    // No request is known to have started later: the share stays constant up to the longest wait.
    if (waiting.max > points[points.length - 1].ms) points.push({ ms: waiting.max, share: slower });
  }
  return thin(points).map(({ ms, share }) => ({ ms: chartNumber(ms), share: chartNumber(share) }));
}

/** At most MOST_POINTS, evenly spaced on the logarithmic axis, first and last among them. */
function thin(points: readonly TailPoint[]): TailPoint[] {
  if (points.length <= MOST_POINTS) return [...points];
  const first = Math.log(points[0].ms);
  const perPoint = (Math.log(points[points.length - 1].ms) - first) / (MOST_POINTS - 1);
  const kept = new Map<number, TailPoint>();
  for (const point of points) kept.set(Math.round((Math.log(point.ms) - first) / perPoint), point);
  return [...kept.values()];
}

function powerOfTenBelow(share: number): number {
  let power = 1;
  while (power > share) power /= 10;
  return Number(power.toPrecision(1));
}
