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
    "{'design': datum.design, 'cost a month': format(datum.cost, ',.4~r'), 'used of what is allowed': datum.excess <= 1 ? 'no more than all' : format(datum.excess, '.3~r') + ' times'}";
  return {
    name: "plan-frontier",
    title: "Cost and service of the designs that were simulated",
    caption:
      "Each dot is a design. Designs on the dashed line missed no simulated day. Above it the height is the ratio by which a bound was exceeded on the day that ruled the design out. Further left is cheaper.",
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

/** By how much the estimated slots change with each input. */
export function planSensitivityChart({ sensitivity }: PlanDocument): Chart | undefined {
  if (sensitivity.every(({ change }) => change === 0)) return undefined;
  return {
    name: "plan-sensitivity",
    title: "What changes the answer most",
    caption: "Change of the estimated slots of all pools together, if this input alone changes.",
    description: sensitivity.map(({ input, change }) => `${input}: ${(100 * change).toFixed(1)} %`).join("; "),
    spec: {
      height: 28 * sensitivity.length + 20,
      data: {
        values: sensitivity.map(({ input, change }) => ({ input, change: chartNumber(100 * change) })),
      },
      mark: {
        type: "bar",
        color: SERIES_COLOURS[0],
        tooltip: { expr: "{'input': datum.input, 'slots': format(datum.change, '+.3~r') + ' %'}" },
      },
      encoding: {
        y: { field: "input", type: "nominal", sort: null, axis: { title: null, labelLimit: 260 } },
        x: {
          field: "change",
          type: "quantitative",
          axis: { title: "slots (%)", grid: true },
        },
      },
    },
  };
}

/**
 * The share of the time during which more than a number of hosts are needed, and the number to
 * commit to.
 */
export function planDurationChart({ commitment }: PlanDocument): Chart | undefined {
  if (commitment === undefined) return undefined;
  const { curve, level, ratio } = commitment;
  return {
    name: "plan-duration",
    title: "Hosts that demand asks for, by share of the time",
    caption: `Up to the vertical line it pays to commit: more hosts than ${level} are needed for no more than the dashed share of the time, which is the committed price divided by the price on demand.`,
    description: `Share of the time for which more than 0 to ${curve.length - 1} hosts are needed; ${level} to commit to.`,
    spec: {
      height: 230,
      layer: [
        {
          data: { values: [{ ratio: chartNumber(100 * ratio) }] },
          mark: { type: "rule", color: INK.muted, strokeDash: [4, 3], aria: false },
          encoding: { y: { field: "ratio", type: "quantitative" } },
        },
        {
          data: { values: [{ level }] },
          mark: { type: "rule", color: SERIES_COLOURS[1], strokeWidth: 2, aria: false },
          encoding: { x: { field: "level", type: "quantitative" } },
        },
        {
          data: { values: curve.map(({ hosts, shareAbove }) => ({ hosts, share: chartNumber(100 * shareAbove) })) },
          mark: {
            type: "line",
            interpolate: "step-after",
            point: { size: 40, color: SERIES_COLOURS[0] },
            color: SERIES_COLOURS[0],
            tooltip: {
              expr: "{'more than': datum.hosts + ' hosts', 'of the time': format(datum.share, '.3~r') + ' %'}",
            },
          },
          encoding: {
            x: { field: "hosts", type: "quantitative", axis: { title: "hosts", tickMinStep: 1 } },
            y: {
              field: "share",
              type: "quantitative",
              scale: { domain: [0, 100] },
              axis: { title: "of the time more are needed (%)", grid: true },
            },
          },
        },
      ],
    },
  };
}

/** The months ahead: the hosts that each month needs, and the most that the plan may choose. */
export function planGrowthChart({ growth, variables }: PlanDocument): Chart | undefined {
  if (growth === undefined || growth.months.length === 0) return undefined;
  const paths = Array.from(new Set(growth.months.flatMap(({ needs }) => needs.map(({ path }) => path))));
  const shown = paths.slice(0, SERIES_COLOURS.length);
  const values = shown.flatMap((path) => stepsOf(path, growth));
  const most = shown.flatMap((path) => {
    const own = variables.find((one) => one.path === path);
    return own === undefined ? [] : [{ path, most: Math.max(...own.values.map(Number)) }];
  });
  const colour = {
    field: "path",
    type: "nominal",
    scale: { domain: shown, range: SERIES_COLOURS.slice(0, shown.length) },
    legend: { columns: 2, labelLimit: 300 },
  };
  return {
    name: "plan-growth",
    title: "The year ahead",
    caption: `With growth of ${growth.growth}: what must be there from which month on, by the estimate. Dashed: the most that may be chosen.`,
    description: `Needs of ${shown.join(", ")} by month until ${growth.until}.`,
    spec: {
      height: 230,
      layer: [
        {
          data: { values: most },
          mark: { type: "rule", strokeDash: [4, 3], aria: false },
          encoding: { y: { field: "most", type: "quantitative" }, color: colour },
        },
        {
          data: { values },
          mark: {
            type: "line",
            interpolate: "step-after",
            tooltip: { expr: "{'from': utcFormat(datum.month, '%b %Y'), 'needed': datum.path + ' ' + datum.need}" },
          },
          encoding: {
            x: {
              field: "month",
              type: "temporal",
              scale: { type: "utc" },
              axis: { title: null, format: "%b %Y", labelOverlap: "greedy" },
            },
            y: {
              field: "need",
              type: "quantitative",
              scale: { zero: true },
              axis: { title: "hosts or streamlets", grid: true, tickMinStep: 1 },
            },
            color: colour,
          },
        },
      ],
    },
  };
}

/** The instants at which the need of one path changes, and the end. */
function stepsOf(path: string, { months, until }: NonNullable<PlanDocument["growth"]>) {
  const steps = months.flatMap(({ month, needs }) => {
    const need = needs.find((one) => one.path === path);
    return need === undefined ? [] : [{ path, month: monthMs(month), need: need.value }];
  });
  return [...steps, ...steps.slice(-1).map((last) => ({ ...last, month: monthMs(until) }))];
}

function monthMs(month: string): number {
  const [year, number] = month.split("-").map(Number);
  return Date.UTC(year, number - 1, 1);
}

function moneyAxis(text: string, { cost }: PlanDocument): string {
  return cost.currency === "" ? text : `${text} (${cost.currency})`;
}
