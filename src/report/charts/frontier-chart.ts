import type { FrontierDocument } from "../../experiment/frontier/frontier-document.js";
import type { Chart } from "../chart.js";
import { INK, policyColour } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { LINE_SYMBOL_SIZE, legendColumns } from "./policy-lines.js";

/** What the chart draws of a policy's settings. */
export interface FrontierLine {
  readonly name: string;
  readonly knob: string | null;
  readonly points: readonly { readonly value: number | null; readonly cost: number; readonly violationRatio: number }[];
}

/** Settings dearer than this multiple of the cheapest that comes below 0.1 % only stretch the axis. */
const MOST_COST = 1.5;
const LEAST_SHOWN = 0.00005;

/** Cost against violating minutes, a line per policy along its knob; zero lies on the floor of the logarithmic axis. */
export function frontierChart(name: string, title: string, lines: readonly FrontierLine[], costTitle: string): Chart {
  const names = lines.map((line) => line.name);
  const all = lines.flatMap((line) => line.points);
  const strict = all.filter((point) => point.violationRatio <= 0.001).map((point) => point.cost);
  const dearest = MOST_COST * Math.min(...(strict.length > 0 ? strict : all.map((point) => point.cost)));
  const values = lines.flatMap((line) =>
    line.points
      .filter((point) => point.cost <= dearest)
      .map((point) => ({
        policy: line.name,
        setting: point.value === null ? "as it is" : `${line.knob} ${chartNumber(point.value)}`,
        cost: chartNumber(point.cost),
        violation: chartNumber(Math.max(LEAST_SHOWN, point.violationRatio) * 100),
        shown: chartNumber(point.violationRatio * 100),
        order: chartNumber(point.cost),
      })),
  );
  const colour = {
    field: "policy",
    type: "nominal",
    scale: { domain: names, range: names.map((_name, p) => policyColour(p)) },
    legend: { columns: legendColumns(names), symbolSize: LINE_SYMBOL_SIZE },
  };
  const tooltip =
    "{'policy': datum.policy, 'setting': datum.setting, 'cost': format(datum.cost, ',.5~r'), 'violating minutes': format(datum.shown, '.3~r') + ' %'}";
  return {
    name,
    title,
    caption:
      "Each dot is a setting of the policy’s knob, mean over the replications. Lower and further left is better; the dashed lines are 1 % and 0.1 % of the minutes.",
    description: `Cost against the share of violating minutes, on a logarithmic axis, along the knobs of ${names.join(", ")}.`,
    spec: {
      height: 330,
      data: { values },
      encoding: {
        x: {
          field: "cost",
          type: "quantitative",
          scale: { zero: false, nice: true },
          axis: { title: costTitle, grid: true },
        },
        y: {
          field: "violation",
          type: "quantitative",
          scale: { type: "log", nice: false, domainMin: LEAST_SHOWN * 100 },
          axis: {
            title: "violating minutes (%)",
            labelExpr: "format(datum.value, '~r') + ' %'",
            tickCount: 6,
            labelOverlap: "greedy",
          },
        },
      },
      layer: [
        rule(1),
        rule(0.1),
        { mark: { type: "line", strokeWidth: 1.8 }, encoding: { color: colour, order: { field: "order" } } },
        {
          mark: { type: "point", filled: true, size: 42, opacity: 1, tooltip: { expr: tooltip } },
          encoding: { color: colour },
        },
      ],
    },
  };
}

/** The lines of a frontier document. */
export function frontierLines(document: FrontierDocument): FrontierLine[] {
  return document.policies.map(({ name, knob, points }) => ({ name, knob, points }));
}

function rule(percent: number): Record<string, unknown> {
  return {
    data: { values: [{ percent }] },
    mark: { type: "rule", color: INK.muted, strokeDash: [4, 3], aria: false },
    encoding: { x: null, y: { field: "percent", type: "quantitative" } },
  };
}
