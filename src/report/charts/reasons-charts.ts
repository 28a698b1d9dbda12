import type { RunResult } from "../../world/run-result.js";
import type { Chart } from "../chart.js";
import { INK, policyColour } from "../chart-theme.js";
import { chartNumber, formatMeanCount } from "../numbers.js";

const MOST_REASONS = 10;
const ROW_PX = 24;

/** How often each policy gave each reason for a decision; one chart per policy with decisions. */
export function reasonsCharts(
  policies: readonly { readonly name: string; readonly key: string; readonly runs: readonly RunResult[] }[],
): Chart[] {
  return policies.flatMap(({ name, key, runs }, p) => {
    const reasons = meanCounts(runs.map((run) => run.decisionReasons)).slice(0, MOST_REASONS);
    if (reasons.length === 0) return [];
    const y = {
      field: "reason",
      type: "nominal",
      sort: null,
      axis: { title: null, domain: false, ticks: false, labelLimit: 200, labelColor: INK.text },
    };
    const x = {
      field: "count",
      type: "quantitative",
      scale: { nice: true },
      axis: { title: "decisions per replication, mean", grid: true, tickCount: 4, format: ",~f" },
    };
    return [
      {
        name: `decisions-${key}`,
        title: name,
        description:
          `Reasons of the decisions of ${name}: ` +
          `${reasons.map(([reason, count]) => `${reason} ${chartNumber(count)}`).join(", ")}.`,
        spec: {
          height: ROW_PX * reasons.length,
          data: { values: reasons.map(([reason, count]) => rowOf(reason, count)) },
          encoding: { y, x },
          layer: [
            {
              mark: {
                type: "bar",
                color: policyColour(p),
                opacity: 0.85,
                height: 14,
                tooltip: { expr: "{'reason': datum.reason, 'decisions': datum.text}" },
              },
            },
            {
              name: "note",
              mark: { type: "text", align: "left", dx: 5, fontSize: 10.5, color: INK.muted },
              encoding: { text: { field: "text", type: "nominal" } },
            },
          ],
        },
      },
    ];
  });
}

function rowOf(reason: string, count: number): { reason: string; count: number; text: string } {
  return { reason, count: chartNumber(count), text: formatMeanCount(count) };
}

/** Counts by reason, mean over replications, most frequent first; ties by name. */
export function meanCounts(all: readonly Readonly<Record<string, number>>[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const counts of all) {
    for (const [reason, count] of Object.entries(counts)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return [...sums]
    .map(([reason, sum]): [string, number] => [reason, sum / all.length])
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
