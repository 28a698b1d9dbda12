import type { ExportSource } from "./export-file.js";

/** Replicas of a pool from one hour of the day (UTC) until the next step. */
export interface HourStep {
  readonly fromHour: number;
  readonly toHour: number;
  readonly replicas: number;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;
/**
 * Most steps of a schedule, so that people can read it; our own importer takes at most 20
 * triggers.
 */
const MOST_STEPS = 10;

/**
 * The streamlets that demand needs by hour of the day, from the offered load and the margin of
 * the peak; an hour is sized for its busiest minute. Hours outside the scenario are left out;
 * successive hours with equal counts are one step.
 */
export function hourSteps({ scenario, sizing }: ExportSource, poolName: string): HourStep[] {
  const p = sizing.pools.findIndex(({ pool }) => pool === poolName);
  const { needed, peakLoad, slots } = sizing.pools[p];
  const { binMs, firstBin } = sizing.loads;
  const { load } = sizing.loads.pools[p];
  const margin = peakLoad === 0 ? 0 : (needed.estimated - peakLoad) / Math.sqrt(peakLoad);
  const most = new Array<number | undefined>(HOURS).fill(undefined);
  for (let bin = firstBin; bin < load.length; bin++) {
    const hour = Math.floor((scenario.traffic.epochMs + bin * binMs) / HOUR_MS) % HOURS;
    const replicas = Math.ceil((load[bin] + margin * Math.sqrt(load[bin])) / slots - 1e-9);
    most[hour] = Math.max(most[hour] ?? 0, replicas);
  }
  const steps: HourStep[] = [];
  most.forEach((replicas, hour) => {
    if (replicas === undefined) return;
    const last = steps[steps.length - 1];
    if (last !== undefined && last.toHour === hour && last.replicas === replicas)
      steps[steps.length - 1] = { ...last, toHour: hour + 1 };
    else steps.push({ fromHour: hour, toHour: hour + 1, replicas });
  });
  return thinned(steps);
}

/**
 * Joins neighbouring steps until few enough are left, first those that add the fewest
 * replica-hours. A whole day is split in two, since a trigger must end.
 */
function thinned(steps: HourStep[]): HourStep[] {
  let left = steps;
  while (left.length > MOST_STEPS) {
    const waste = left.slice(1).map((next, i) => wasteOf(left[i], next));
    const at = waste.indexOf(Math.min(...waste));
    const [a, b] = [left[at], left[at + 1]];
    const joined = { fromHour: a.fromHour, toHour: b.toHour, replicas: Math.max(a.replicas, b.replicas) };
    left = [...left.slice(0, at), joined, ...left.slice(at + 2)];
  }
  const [only] = left;
  if (left.length > 1 || only === undefined || only.toHour - only.fromHour < HOURS) return left;
  return [
    { ...only, toHour: HOURS / 2 },
    { ...only, fromHour: HOURS / 2 },
  ];
}

function wasteOf(a: HourStep, b: HourStep): number {
  if (a.toHour !== b.fromHour) return Number.POSITIVE_INFINITY;
  const [low, high] = a.replicas < b.replicas ? [a, b] : [b, a];
  return (high.replicas - low.replicas) * (low.toHour - low.fromHour);
}
