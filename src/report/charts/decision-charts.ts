import type { DecisionRecord } from "../../ports/telemetry.js";
import type { RunResult } from "../../world/run-result.js";
import { pointAtMs, type TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { policyDash, SERIES_COLOURS } from "../chart-theme.js";
import { formatFixed, formatNumber } from "../numbers.js";
import { type HoverRow, LINE_NAME, legendColumns, named, tooltipOf } from "./hover.js";
import { instantRow, timeChartSpec } from "./time-axis.js";

/** Decisions drawn as dots: the largest steps of each policy, each with what the policy saw. */
const MOST_DOTS = 240;
/** Pools drawn, the largest first. */
const MOST_POOLS = SERIES_COLOURS.length;

type Spec = Readonly<Record<string, unknown>>;

interface NamedRuns {
  readonly name: string;
  readonly key: string;
  readonly runs: readonly RunResult[];
}

/**
 * What each policy decided in the first replication, pool by pool: the desired streamlets as a
 * line, and the largest steps as dots with their reasons. Policies without a recorded decision
 * have no chart.
 */
export function decisionCharts(
  policies: readonly NamedRuns[],
  pools: readonly string[],
  grid: TimeGrid,
  warmupMs: number,
): Chart[] {
  return policies.flatMap(({ name, key, runs }) => {
    const kept = runs[0].decisions.filter(({ pool }) => pool < Math.min(pools.length, MOST_POOLS));
    if (kept.length === 0) return [];
    const dots = largestSteps(kept);
    const lastMs = grid.startMs + kept[kept.length - 1].atMs;
    const names = pools.slice(0, MOST_POOLS);
    const left = pools.length > MOST_POOLS ? ` Only the first ${MOST_POOLS} of ${pools.length} pools are drawn.` : "";
    return [
      {
        name: `course-${key}`,
        title: `Decisions of ${name}`,
        policy: name,
        caption:
          "Wanted streamlets of each pool in the first replication, up to the last decision that was " +
          `kept. Dots are the ${formatFixed(dots.length, 0)} largest steps of ` +
          `${formatFixed(kept.length, 0)} kept decisions: hover one to see what the policy saw.${left}`,
        description: `Wanted streamlets over time under ${name}, for the pools ${names.join(", ")}.`,
        columns: new Map([["t", "time"], ...names.map((pool, i) => [`w${i}`, `${pool}, wanted`] as const)]),
        spec: timeChartSpec({
          grid,
          warmupMs,
          height: 200,
          params: [{ name: "shownPools", value: names }],
          data: { values: wantedRows(kept, names.length, grid, lastMs) },
          layers: [...names.map((pool, i) => lineLayer(names, pool, i)), dotLayer(names, dots, grid.startMs)],
        }),
      },
    ];
  });
}

/**
 * The change that a decision made to its pool; for a refused one, the change that it asked for.
 */
function stepOf({ wanted, desired, ready, spawning, refusal }: DecisionRecord): number {
  return Math.abs((refusal === "" ? desired : wanted) - ready - spawning);
}

/** Whether a decision differs from the one before it in its pool: a repeated refusal is no step. */
function isStep(): (decision: DecisionRecord) => boolean {
  const last = new Map<number, string>();
  return ({ pool, wanted, desired, refusal }) => {
    const now = `${wanted} ${desired} ${refusal}`;
    const isNew = last.get(pool) !== now;
    last.set(pool, now);
    return isNew;
  };
}

function largestSteps(kept: readonly DecisionRecord[]): DecisionRecord[] {
  return kept
    .filter(isStep())
    .toSorted((a, b) => stepOf(b) - stepOf(a) || a.atMs - b.atMs)
    .slice(0, MOST_DOTS)
    .toSorted((a, b) => a.atMs - b.atMs);
}

/**
 * The desired count of each pool at each point of the grid; null before the first decision and
 * after the last.
 */
function wantedRows(kept: readonly DecisionRecord[], pools: number, grid: TimeGrid, lastMs: number): Spec[] {
  const wanted: (number | null)[] = Array.from({ length: pools }, () => null);
  let next = 0;
  return Array.from({ length: grid.points }, (_unused, point) => {
    const t = pointAtMs(grid, point);
    for (; next < kept.length && grid.startMs + kept[next].atMs <= t; next++)
      wanted[kept[next].pool] = kept[next].desired;
    return { t, ...Object.fromEntries(wanted.map((value, i) => [`w${i}`, t > lastMs ? null : value])) };
  });
}

function lineLayer(pools: readonly string[], pool: string, index: number): Spec {
  const shown = { expr: `indexof(shownPools, ${JSON.stringify(pool)}) < 0 ? 0 : 1` };
  return {
    transform: [named(pool)],
    mark: {
      type: "line",
      interpolate: "step-after",
      strokeWidth: 1.5,
      strokeDash: policyDash(index),
      opacity: shown,
    },
    encoding: {
      y: { field: `w${index}`, type: "quantitative", axis: { title: "wanted streamlets", format: ",~f" } },
      color: colourOf(pools, LINE_NAME),
    },
  };
}

function colourOf(pools: readonly string[], field: string): Spec {
  const scale = { domain: pools, range: SERIES_COLOURS.slice(0, pools.length) };
  return { field, type: "nominal", scale, legend: { columns: legendColumns(pools) } };
}

function dotLayer(pools: readonly string[], dots: readonly DecisionRecord[], startMs: number): Spec {
  const values = dots.map(({ atMs, pool, wanted, desired, reason, refusal, details, ...seen }) => ({
    t: startMs + atMs,
    pool: pools[pool],
    wanted,
    desired,
    reason: refusal === "" ? reason : `${reason} (${refusal})`,
    ...{ open: seen.open, waiting: seen.waiting, ready: seen.ready, spawning: seen.spawning },
    details: Object.entries(details ?? {})
      .map(([name, value]) => `${name} ${formatNumber(value, 3)}`)
      .join(", "),
  }));
  return {
    data: { values },
    transform: [{ filter: "indexof(shownPools, datum.pool) >= 0" }],
    mark: { type: "point", filled: true, size: 34, opacity: 0.9, tooltip: { expr: tooltipOf(DOT_ROWS) } },
    encoding: { y: { field: "desired", type: "quantitative" }, color: colourOf(pools, "pool") },
  };
}

const DOT_ROWS: readonly HoverRow[] = [
  instantRow(),
  { title: "pool", text: "datum.pool" },
  {
    title: "decision",
    text:
      "datum.wanted === datum.desired ? datum.desired + ' streamlets' : 'wanted ' + " +
      "(isValid(datum.wanted) ? datum.wanted : 'no number') + ', carried out ' + datum.desired",
  },
  { title: "reason", text: "datum.reason" },
  {
    title: "saw",
    text:
      "datum.open + ' open, ' + datum.waiting + ' waiting, ' + " +
      "datum.ready + ' ready, ' + datum.spawning + ' spawning'",
  },
  { title: "because", text: "datum.details" },
];
