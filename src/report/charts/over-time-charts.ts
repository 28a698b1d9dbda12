import type { RunResult, Timeline } from "../../world/run-result.js";
import {
  bandOf,
  MOST_EVENT_POINTS,
  meanOver,
  openOnReady,
  peakOf,
  perMinute,
  type TimeGrid,
  timeGrid,
} from "../bands.js";
import type { Chart } from "../chart.js";
import { type PolicyLines, policyLinesChart } from "./policy-lines.js";
import { firstMeasuredPoint } from "./time-axis.js";

interface NamedRuns {
  readonly name: string;
  readonly runs: readonly RunResult[];
}

/** Open streams over ready slots. It cannot exceed 100 %; gaps are times without a ready slot. */
export function utilisationChart(policies: readonly NamedRuns[], grid: TimeGrid, warmupMs: number): Chart {
  return policyLinesChart(
    {
      name: "utilisation",
      title: "Utilisation",
      caption: "Open streams on ready streamlets ÷ their slots. The rest up to 100 % is headroom.",
      description: `Utilisation of the ready slots over time for ${policies.map((policy) => policy.name).join(", ")}.`,
      yTitle: "open streams / ready slots",
      format: ".0%",
      height: 180,
      replications: policies[0].runs.length,
      policies: policies.map(({ name, runs }) => ({
        name,
        band: bandOf(runs, grid, (line, from, to) => {
          const slots = meanOver(line.readySlots, from, to);
          return slots === 0 ? Number.NaN : openOnReady(line, from, to) / slots;
        }),
      })),
    },
    grid,
    warmupMs,
  );
}

const EVENTS: readonly {
  readonly name: string;
  readonly title: string;
  readonly reading: string;
  readonly none: string;
  readonly of: (line: Timeline) => Float64Array;
}[] = [
  {
    name: "spawns",
    title: "Spawns",
    reading: "Streamlets launched.",
    none: "No streamlet was spawned.",
    of: (line) => line.spawns,
  },
  {
    name: "crashes",
    title: "Crashes",
    reading: "Streamlets that crashed, ran out of memory or lost their host.",
    none: "No streamlet crashed.",
    of: (line) => line.crashes,
  },
  {
    name: "rejected",
    title: "Requests rejected",
    reading: "Turned away at once.",
    none: "No request was rejected.",
    of: (line) => line.rejected,
  },
  {
    name: "abandoned",
    title: "Requests abandoned",
    reading: "Gave up waiting for a slot.",
    none: "No request was abandoned.",
    of: (line) => line.abandoned,
  },
  {
    name: "interrupted",
    title: "Streams interrupted",
    reading: "Cut short by a crash.",
    none: "No stream was interrupted.",
    of: (line) => line.interrupted,
  },
];

/**
 * A chart for each kind of event that occurred under some policy, and a sentence for each that
 * did not.
 */
export function eventCharts(
  policies: readonly NamedRuns[],
  epochMs: number,
  durationMs: number,
  warmupMs: number,
): { readonly charts: Chart[]; readonly absent: string[] } {
  const charts: Chart[] = [];
  const absent: string[] = [];
  const grid = timeGrid(policies[0].runs[0].timeline, epochMs, durationMs, MOST_EVENT_POINTS);
  for (const event of EVENTS) {
    const bands = policies.map(({ name, runs }) => ({
      name,
      band: bandOf(runs, grid, (line, from, to) => perMinute(event.of(line), line.binMs, from, to)),
    }));
    const first = firstMeasuredPoint(grid, warmupMs);
    if (bands.every(({ band }) => peakOf(band, first) === 0)) {
      const isEarly = bands.some(({ band }) => peakOf(band) > 0);
      absent.push(isEarly ? event.none.replace(/\.$/, " after the warm-up.") : event.none);
      continue;
    }
    const lines: PolicyLines = {
      name: event.name,
      title: event.title,
      description: `${event.title} per minute over time for ${policies.map((policy) => policy.name).join(", ")}.`,
      caption: event.reading,
      yTitle: "per minute",
      format: ".3~r",
      interpolate: "step",
      height: 150,
      replications: policies[0].runs.length,
      policies: bands,
    };
    charts.push(policyLinesChart(lines, grid, warmupMs));
  }
  return { charts, absent };
}
