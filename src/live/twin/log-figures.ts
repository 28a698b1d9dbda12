import { quantile, sortedOf } from "../calibrate/quantiles.js";

/** The figures of a run, from its log; the same for a live run and a simulated one. */
export interface RunFigures {
  /** Arrival → assigned in ms, sorted, over all requests that were served. */
  readonly waitsMs: Float64Array;
  /** Instants at which the number of ready streamlets changed, and the number from then on. */
  readonly ready: readonly { readonly atMs: number; readonly count: number }[];
  /**
   * The largest number of streamlets launched at one instant, and the time until the last of them
   * was ready; NaN if one never was.
   */
  readonly burst: { readonly size: number; readonly makespanMs: number };
  readonly spawns: number;
}

type Line = { at: number; kind: string; id: number; from: string; to: string; waitMs: number };

/** Reads the decisions of a run log; other lines are passed over. */
export function figuresOfLog(lines: Iterable<string>): RunFigures {
  const waitsMs: number[] = [];
  const ready = [{ atMs: 0, count: 0 }];
  const launchedMs = new Map<number, number>();
  const readyMs = new Map<number, number>();
  for (const line of lines) {
    const { at, kind, id, from, to, waitMs } = JSON.parse(line) as Line;
    if (kind === "assigned") waitsMs.push(waitMs);
    if (kind !== "streamlet") continue;
    if (from === "none") launchedMs.set(id, at);
    if (to === "ready" && !readyMs.has(id)) readyMs.set(id, at);
    const change = Number(to === "ready") - Number(from === "ready");
    if (change !== 0) ready.push({ atMs: at, count: ready[ready.length - 1].count + change });
  }
  return { waitsMs: sortedOf(waitsMs), ready, burst: largestBurst(launchedMs, readyMs), spawns: launchedMs.size };
}

function largestBurst(launchedMs: ReadonlyMap<number, number>, readyMs: ReadonlyMap<number, number>) {
  const bursts = new Map<number, number[]>();
  for (const [id, atMs] of launchedMs) bursts.set(atMs, [...(bursts.get(atMs) ?? []), id]);
  let burst = { size: 0, makespanMs: Number.NaN };
  for (const [atMs, ids] of bursts) {
    if (ids.length <= burst.size) continue;
    const ends = ids.map((id) => (readyMs.get(id) ?? Number.NaN) - atMs);
    burst = { size: ids.length, makespanMs: Math.max(...ends) };
  }
  return burst;
}

/** p-quantile of the waits; NaN where no request was served. */
export function waitQuantile({ waitsMs }: RunFigures, p: number): number {
  return waitsMs.length === 0 ? Number.NaN : quantile(waitsMs, p);
}

/** Time average of the number of ready streamlets over [0, untilMs). */
export function meanReady(figures: RunFigures, untilMs: number): number {
  return integral(figures, { ready: [{ atMs: 0, count: 0 }] }, untilMs) / untilMs;
}

/** ∫|a − b| dt / untilMs: the mean distance over time between two curves of ready streamlets. */
export function readyDistance(a: RunFigures, b: RunFigures, untilMs: number): number {
  return integral(a, b, untilMs) / untilMs;
}

function integral(a: Pick<RunFigures, "ready">, b: Pick<RunFigures, "ready">, untilMs: number): number {
  let sum = 0;
  let fromMs = 0;
  let i = 0;
  let j = 0;
  while (fromMs < untilMs) {
    while (i + 1 < a.ready.length && a.ready[i + 1].atMs <= fromMs) i++;
    while (j + 1 < b.ready.length && b.ready[j + 1].atMs <= fromMs) j++;
    const nextMs = Math.min(a.ready[i + 1]?.atMs ?? untilMs, b.ready[j + 1]?.atMs ?? untilMs, untilMs);
    sum += Math.abs(a.ready[i].count - b.ready[j].count) * (nextMs - fromMs);
    fromMs = nextMs;
  }
  return sum;
}
