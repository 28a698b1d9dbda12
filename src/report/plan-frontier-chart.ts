import type { PlanDocument } from "../experiment/plan/plan-document.js";
import type { Chart } from "./chart.js";
import { INK, SERIES_COLOURS } from "./chart-theme.js";
import { chartNumber } from "./numbers.js";
import { valuesText } from "./plan-tables.js";

/**
 * A design on this line just meets the SLO; above it: the factor by which a bound is exceeded.
 */
const MET = 1;
/** Room below it. */
const LEAST_DRAWN = 0.9;
/** More than this many times above its bound only stretches the axis. */
const MOST_EXCESS = 100;

const KINDS = ["the answer", "not ruled out, no cheaper", "misses a day"] as const;

interface FrontierPoint {
  readonly kind: (typeof KINDS)[number];
  readonly design: string;
  readonly cost: number;
  readonly excess: number;
}

/**
 * The cost of each simulated design, and how far it exceeds its bounds on a day that it misses.
 */
export function planFrontierChart(document: PlanDocument): Chart | undefined {
  const points = frontierPoints(document);
  if (document.feasible === null || points.length < 2) return undefined;
  // The answer is drawn last, so that no dot covers it.
  const values = [...points].reverse().map((point) => ({
    ...point,
    cost: chartNumber(point.cost),
    excess: chartNumber(Math.min(point.excess, MOST_EXCESS)),
  }));
  const most = values.reduce((largest, { excess }) => Math.max(largest, excess), MET);
  const colour = {
    field: "kind",
    type: "nominal",
    scale: { domain: KINDS, range: [SERIES_COLOURS[0], INK.muted, SERIES_COLOURS[1]] },
    legend: { columns: 3 },
  };
  const tooltip =
    "{'design': datum.design, 'cost a month': format(datum.cost, ',.4~r'), 'used of what is " +
    "allowed': datum.excess <= 1 ? 'no more than all' : format(datum.excess, '.3~r') + ' times'}";
  return {
    name: "plan-frontier",
    title: "Cost and service of the designs that were simulated",
    caption:
      "Each dot is a design. Designs on the dashed line missed no simulated day. Above it the height is the " +
      "ratio by which a bound was exceeded on the day that ruled the design out. Further left is cheaper.",
    description: `Cost a month of ${points.length} designs, against the largest excess over a bound of the SLO.`,
    spec: {
      height: 260,
      layer: [
        {
          data: { values: [{ met: MET }] },
          mark: { type: "rule", color: INK.muted, strokeDash: [4, 3], aria: false },
          encoding: { y: { field: "met", type: "quantitative" } },
        },
        {
          data: { values },
          mark: { type: "point", filled: true, size: 70, opacity: 0.9, tooltip: { expr: tooltip } },
          encoding: {
            x: {
              field: "cost",
              type: "quantitative",
              scale: { zero: false, nice: true },
              axis: { title: moneyAxis("cost a month", document), grid: true },
            },
            y: {
              field: "excess",
              type: "quantitative",
              scale: { type: "log", domain: [LEAST_DRAWN, Math.max(2, 1.1 * most)], nice: false },
              axis: { title: "times what the SLO allows", grid: true, format: "~r" },
            },
            color: colour,
          },
        },
      ],
    },
  };
}

function frontierPoints(document: PlanDocument): FrontierPoint[] {
  const { alternatives, nextCheaper, policy, values, cost } = document;
  const excessOf = (misses: readonly { readonly share: number; readonly allowed: number }[]): number =>
    misses.reduce((most, { share, allowed }) => Math.max(most, share / Math.max(allowed, 1e-9)), MET);
  const answer: FrontierPoint = {
    kind: document.feasible === true ? "the answer" : "misses a day",
    design: `${policy}: ${valuesText(values)}`,
    cost: cost.perMonth.mean,
    excess: excessOf(document.binding ?? []),
  };
  const below = nextCheaper.map(
    (one): FrontierPoint => ({
      kind: "misses a day",
      design: `${policy}: ${valuesText(one.values)}`,
      cost: cost.perMonth.mean * (1 - one.saves),
      excess: excessOf(one.misses),
    }),
  );
  const others = alternatives.map(
    (one): FrontierPoint => ({
      kind: one.status === "dearer" ? "not ruled out, no cheaper" : "misses a day",
      design: `${one.policy}: ${valuesText(one.values)}`,
      cost: one.perMonth,
      excess: excessOf(one.misses),
    }),
  );
  const all = [answer, ...below, ...others];
  return all.filter((point, i) => all.findIndex(({ design }) => design === point.design) === i);
}

function moneyAxis(text: string, { cost }: PlanDocument): string {
  return cost.currency === "" ? text : `${text} (${cost.currency})`;
}
