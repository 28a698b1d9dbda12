import type { RunResult } from "../../world/run-result.js";
import type { Chart } from "../chart.js";
import { INK, WORD_COLOURS } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { tooltipOf } from "./hover.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";

const HOUR_MS = 3_600_000;
const ROW_PX = 24;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
/** From here on a week begins. */
const MONDAY_FIRST = [1, 2, 3, 4, 5, 6, 0] as const;

interface NamedRuns {
  readonly name: string;
  readonly runs: readonly RunResult[];
}

interface HeatCell {
  readonly policy: string;
  readonly row: string;
  readonly hour: number;
  /** Share of the minutes that violated the SLO, mean over days and replications. */
  readonly share: number;
}

/**
 * Where in the week minutes violate the SLO, by hour of the day and weekday (UTC), a row for each
 * policy and weekday that the run has. Undefined without an SLO or without a violation.
 */
export function heatMapChart(policies: readonly NamedRuns[], epochMs: number, warmupMs: number): Chart | undefined {
  const values = policies.flatMap((policy) => heatCells(policy, epochMs, warmupMs));
  if (values.every(({ share }) => share === 0)) return undefined;
  const names = policies.map(({ name }) => name);
  const rows = [...new Set(values.map(({ row }) => row))];
  const most = Math.max(...values.map(({ share }) => share));
  const tooltip = tooltipOf([
    { title: "policy", text: "datum.row" },
    { title: "hour", text: "datum.hour + ':00 to ' + (datum.hour + 1) + ':00 UTC'" },
    { title: "violating minutes", text: "format(datum.share, '.2~%')" },
  ]);
  return {
    name: "violations-by-hour",
    title: "SLO violations by hour and weekday",
    caption:
      "Share of the minutes of an hour that violated the SLO, mean " +
      "over days and replications. Grey: none; empty: not measured.",
    description: `Share of violating minutes by hour of the day (UTC) and weekday under ${names.join(", ")}.`,
    spec: {
      height: ROW_PX * rows.length,
      params: [shownPolicies(names)],
      data: { values },
      transform: [ONLY_SHOWN],
      encoding: {
        x: {
          field: "hour",
          type: "ordinal",
          scale: { domain: Array.from({ length: 24 }, (_unused, hour) => hour) },
          axis: { title: "hour of the day (UTC)", labelAngle: 0 },
        },
        y: {
          field: "row",
          type: "nominal",
          sort: rows,
          axis: { title: null, domain: false, ticks: false, labelLimit: 190, labelColor: INK.text },
        },
      },
      layer: [
        { mark: { type: "rect", color: INK.rule, opacity: 0.28 } },
        {
          mark: { type: "rect", color: WORD_COLOURS.worse, tooltip: { expr: tooltip } },
          encoding: {
            opacity: {
              field: "share",
              type: "quantitative",
              scale: { domain: [0, most], range: [0, 1] },
              legend: {
                format: ".1~%",
                symbolType: "square",
                symbolFillColor: WORD_COLOURS.worse,
                symbolStrokeWidth: 0,
              },
            },
          },
        },
      ],
    },
  };
}

function heatCells({ name, runs }: NamedRuns, epochMs: number, warmupMs: number): HeatCell[] {
  const sums = new Map<string, { day: number; hour: number; violating: number; bins: number }>();
  for (const { timeline } of runs) {
    const { binMs, violationMinutes } = timeline;
    if (violationMinutes === undefined) continue;
    for (let bin = Math.ceil(warmupMs / binMs); bin < violationMinutes.length; bin++) {
      const at = new Date(epochMs + bin * binMs);
      const [day, hour] = [at.getUTCDay(), at.getUTCHours()];
      const cell = sums.get(`${day}:${hour}`) ?? { day, hour, violating: 0, bins: 0 };
      cell.violating += violationMinutes[bin];
      cell.bins += binMs > HOUR_MS ? 0 : 1;
      sums.set(`${day}:${hour}`, cell);
    }
  }
  return [...sums.values()]
    .filter(({ bins }) => bins > 0)
    .sort((a, b) => MONDAY_FIRST.indexOf(a.day as 0) - MONDAY_FIRST.indexOf(b.day as 0) || a.hour - b.hour)
    .map(({ day, hour, violating, bins }) => {
      return { policy: name, row: `${name}, ${WEEKDAYS[day]}`, hour, share: chartNumber(violating / bins) };
    });
}
