import type { FrontierDocument } from "../../experiment/frontier/frontier-document.js";
import type { Chart } from "../chart.js";
import { INK } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { decadeTicks } from "./decade-ticks.js";
import { fixedTicks } from "./fixed-ticks.js";
import { DOT_SYMBOL_SIZE, tooltipOf } from "./hover.js";
import { policyStroke } from "./policy-lines.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";

/** What the chart draws of a policy's settings. */
export interface FrontierLine {
  readonly name: string;
  readonly knob: string | null;
  readonly points: readonly { readonly value: number | null; readonly cost: number; readonly violationRatio: number }[];
}

/**
 * Settings that cost more than this multiple of the cheapest one below 0.1 % would stretch the
 * axis.
 */
const MOST_COST = 1.5;
const LEAST_SHOWN = 0.00005;

type Spec = Readonly<Record<string, unknown>>;

/**
 * Cost against violating minutes, a line per policy along its knob. A logarithmic axis has no
 * zero: such a value is a triangle at the lower edge.
 */
export function frontierChart(name: string, title: string, lines: readonly FrontierLine[], costTitle: string): Chart {
  const names = lines.map((line) => line.name);
  const { values, left } = frontierRows(lines);
  const dearer = left === 0 ? "" : ` ${left} dearer setting${left === 1 ? " is" : "s are"} in the table only.`;
  const floor = values.some((value) => value.floor) ? " ▼ on the floor: no violating minute, or next to none." : "";
  return {
    name,
    title,
    caption:
      "Each dot is a setting of the policy’s knob, mean over the replications. Lower and further " +
      `left is better; the dashed lines are 1 % and 0.1 % of the minutes.${floor}${dearer}`,
    description:
      "Cost against the share of violating minutes, on a " +
      `logarithmic axis, along the knobs of ${names.join(", ")}.`,
    spec: frontierSpec(names, values, costTitle),
  };
}

interface FrontierRow {
  readonly policy: string;
  readonly setting: string;
  readonly cost: number;
  /** In per cent, at least the floor of the axis. */
  readonly violation: number;
  /** In per cent, not clipped. */
  readonly shown: number;
  readonly floor: boolean;
}

function frontierRows(lines: readonly FrontierLine[]): { values: FrontierRow[]; left: number } {
  const all = lines.flatMap((line) => line.points);
  const strict = all.filter((point) => point.violationRatio <= 0.001).map((point) => point.cost);
  // If no setting is below 0.1 %, all settings are drawn.
  const dearest = strict.length === 0 ? Number.POSITIVE_INFINITY : MOST_COST * Math.min(...strict);
  const values = lines.flatMap((line) =>
    line.points
      .filter((point) => point.cost <= dearest)
      .map((point) => ({
        policy: line.name,
        setting: point.value === null ? "as it is" : `${line.knob} ${chartNumber(point.value)}`,
        cost: chartNumber(point.cost),
        violation: chartNumber(Math.max(LEAST_SHOWN, point.violationRatio) * 100),
        shown: chartNumber(point.violationRatio * 100),
        floor: point.violationRatio < LEAST_SHOWN,
      })),
  );
  return { values, left: all.length - values.length };
}

function frontierSpec(names: readonly string[], values: readonly FrontierRow[], costTitle: string): Spec {
  const { color, strokeDash } = policyStroke(names, "policy", DOT_SYMBOL_SIZE);
  const tooltip = tooltipOf([
    { title: "policy", text: "datum.policy" },
    { title: "setting", text: "datum.setting" },
    { title: costTitle, text: "format(datum.cost, ',.5~r')" },
    { title: "violating minutes", text: "format(datum.shown, '.3~r') + ' %'" },
  ]);
  const dots = (filter: string, shape: string, size: number): Spec => ({
    transform: [{ filter }, ONLY_SHOWN],
    mark: { type: "point", shape, filled: true, size, opacity: 1, tooltip: { expr: tooltip } },
    encoding: { color },
  });
  return {
    height: 330,
    params: [shownPolicies(names)],
    data: { values },
    encoding: {
      x: {
        field: "cost",
        type: "quantitative",
        scale: { zero: false, nice: true },
        axis: { title: costTitle, grid: true, tickCount: 8 },
      },
      y: {
        field: "violation",
        type: "quantitative",
        scale: { type: "log", nice: false, domainMin: LEAST_SHOWN * 100 },
        axis: {
          title: "violating minutes (%)",
          labelExpr: "format(datum.value, '~r') + ' %'",
          ...fixedTicks(percentTicks(values)),
          labelOverlap: "greedy",
        },
      },
    },
    layer: [
      rule(1),
      rule(0.1),
      {
        transform: [ONLY_SHOWN],
        mark: { type: "line", strokeWidth: 1.8 },
        encoding: { color, strokeDash, order: { field: "cost" } },
      },
      dots("!datum.floor", "circle", 42),
      dots("datum.floor", "triangle-down", 70),
    ],
  };
}

/** Ones, or ones, twos and fives, from the floor up. */
function percentTicks(values: readonly FrontierRow[]): number[] {
  const most = values.reduce((largest, { violation }) => Math.max(largest, violation), 1);
  const least = LEAST_SHOWN * 100;
  return [least, ...decadeTicks(0.001, most).filter((tick) => tick > least)];
}

/** The lines of a frontier document, without settings at which the policy failed. */
export function frontierLines(document: FrontierDocument): FrontierLine[] {
  return document.policies.map(({ name, knob, points }) => ({
    name,
    knob,
    points: points.filter(({ failedDecisions }) => failedDecisions === undefined),
  }));
}

function rule(percent: number): Record<string, unknown> {
  return {
    data: { values: [{ percent }] },
    mark: { type: "rule", color: INK.muted, strokeDash: [4, 3] },
    encoding: { x: null, y: { field: "percent", type: "quantitative" } },
  };
}
