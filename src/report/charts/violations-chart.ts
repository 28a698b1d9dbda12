import type { RunResult } from "../../world/run-result.js";
import { bandOf, meanOver, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { INK, WORD_COLOURS } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { tooltipOf } from "./hover.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";
import { instantRow, timeChartSpec } from "./time-axis.js";

const STRIP_PX = 30;

interface NamedRuns {
  readonly name: string;
  readonly runs: readonly RunResult[];
}

/**
 * When the SLO was missed: a strip per policy, darker where more replications missed it.
 * Undefined without an SLO.
 */
export function violationsChart(policies: readonly NamedRuns[], grid: TimeGrid, warmupMs: number): Chart | undefined {
  if (policies.some(({ runs }) => runs.some((run) => run.timeline.violationMinutes === undefined))) return undefined;
  const values = violationRows(policies, grid);
  const names = policies.map((policy) => policy.name);
  const tooltip = tooltipOf([
    { title: "policy", text: "datum.policy" },
    instantRow(),
    { title: "SLO violated in", text: "format(datum.share * 100, '.0f') + ' % of replications'" },
  ]);
  const y = {
    field: "policy",
    type: "nominal",
    sort: names,
    scale: { domain: names, paddingInner: 0.18 },
    axis: { title: null, ticks: false, labelLimit: 150, labelColor: INK.text },
  };
  return {
    name: "slo-violations",
    title: "When the SLO was violated",
    caption: "Each mark is a period with minutes that violated the SLO; the darker, the more replications violated it.",
    description: `Times at which minutes violated the SLO, as a strip for each of ${names.join(", ")}.`,
    spec: timeChartSpec({
      grid,
      warmupMs,
      height: STRIP_PX * names.length,
      params: [shownPolicies(names)],
      layers: [
        {
          data: { values: names.map((name) => ({ policy: name, t: grid.startMs, to: grid.endMs })) },
          mark: { type: "rect", color: INK.rule, opacity: 0.28 },
          encoding: { x2: { field: "to" }, y },
        },
        {
          data: { values },
          transform: [ONLY_SHOWN],
          mark: { type: "rect", color: WORD_COLOURS.worse, tooltip: { expr: tooltip } },
          encoding: {
            x2: { field: "to" },
            y,
            opacity: {
              field: "share",
              type: "quantitative",
              scale: { type: "sqrt", domain: [0, 1], range: [0, 1] },
              legend: null,
            },
          },
        },
      ],
    }),
  };
}

interface Stretch {
  readonly policy: string;
  readonly t: number;
  readonly to: number;
  /** Share of the replications that violated the SLO in it. */
  readonly share: number;
}

/** A row for each stretch of time in which the same share of replications violated the SLO. */
function violationRows(policies: readonly NamedRuns[], grid: TimeGrid): Stretch[] {
  const pointMs = grid.binsPerPoint * grid.binMs;
  return policies.flatMap(({ name, runs }) => {
    const shares = bandOf(runs, grid, (line, from, to) =>
      meanOver(line.violationMinutes ?? new Float64Array(to), from, to),
    ).mean;
    const stretches: Stretch[] = [];
    shares.forEach((share, point) => {
      if (share === null || share === 0) return;
      const t = grid.startMs + point * pointMs;
      const row = { policy: name, t, to: Math.min(grid.endMs, t + pointMs), share: chartNumber(share) };
      const last = stretches[stretches.length - 1];
      if (last?.to === t && last.share === row.share) stretches[stretches.length - 1] = { ...last, to: row.to };
      else stretches.push(row);
    });
    return stretches;
  });
}
