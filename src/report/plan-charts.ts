import type { PlanDocument } from "../experiment/plan/plan-document.js";
import type { Chart } from "./chart.js";
import { INK, SERIES_COLOURS } from "./chart-theme.js";
import { chartNumber } from "./numbers.js";

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
  const most = curve.length - 1;
  return {
    name: "plan-duration",
    title: "Hosts that demand asks for, by share of the time",
    caption:
      `Up to the vertical line it pays to commit: more hosts than ${level} are needed for no more ` +
      "than the dashed share of the time, which is the committed price divided by the price on demand.",
    description: `Share of the time for which more than 0 to ${most} hosts are needed; ${level} to commit to.`,
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
    caption:
      `With growth of ${growth.growth}: what must be there from which ` +
      "month on, by the estimate. Dashed: the most that may be chosen.",
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
