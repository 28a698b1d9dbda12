import { InputError } from "../../base/errors.js";
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import { poolsOf } from "../../world/pools.js";
import type { LoggedRun } from "./run-log-reader.js";

/** A request as the world brought it, with what became known of it. */
export interface LoggedArrival {
  readonly atMs: number;
  readonly series: number;
  readonly region: number;
  readonly format: number;
  readonly attempt: number;
  /** How long it would wait: as it said, or until its client was seen to go. */
  patienceMs: number;
  /** How long it was served, NaN if never; `completed` when that was all that it wanted. */
  heldMs: number;
  completed: boolean;
}

/** What a run log tells of the world, as against what was decided. */
export interface LoggedFacts {
  readonly arrivals: readonly LoggedArrival[];
  /** Launch → ready in ms, sorted, by class. */
  readonly spawnMs: readonly Float64Array[];
  /** Share of launches that failed. */
  readonly spawnFailure: number;
  /** Ready streamlets that came to an end by themselves: when, and of which pool. */
  readonly failures: readonly { readonly atMs: number; readonly pool: number }[];
  /** What operators asked for. */
  readonly asked: number;
}

const FAILURES: ReadonlySet<StopReason> = new Set(["crashed", "out-of-memory", "host-failed", "hung"]);

type Line = { at: number; kind: string; request: number; id: StreamletId; pool: number; from: string; to: string };

/**
 * Gathers the facts; throws an InputError for a log in which no stream ran to its end, since then
 * nothing is known of holding times.
 */
export function factsOf(run: LoggedRun): LoggedFacts {
  const { scenario } = run.header;
  const pools = poolsOf(scenario);
  const classCount = scenario.fleet.classes.length;
  const arrivals = new Map<number, LoggedArrival>();
  const assigned = new Map<number, { readonly atMs: number; readonly id: StreamletId }>();
  const stoppedMs = new Map<StreamletId, number>();
  const launched = new Map<StreamletId, { readonly atMs: number; readonly pool: number; ready: boolean }>();
  const spawnMs: number[][] = scenario.fleet.classes.map(() => []);
  const failures: { atMs: number; pool: number }[] = [];
  let failedSpawns = 0;
  let asked = 0;
  for (const line of run.lines.slice(1)) {
    const { kind, at, id, request, pool, from, to } = JSON.parse(line) as Line;
    if (kind === "assigned") assigned.set(request, { atMs: at, id });
    if (kind !== "streamlet") continue;
    if (from === "none") launched.set(id, { atMs: at, pool, ready: false });
    if (to === "stopped") stoppedMs.set(id, at);
  }
  for (const event of run.events) {
    if (event.kind === "request") {
      const { at: atMs, series, region, format, attempt, patienceMs } = event;
      arrivals.set(event.request, {
        ...{ atMs, series, region, format, attempt, patienceMs },
        heldMs: Number.NaN,
        completed: false,
      });
    } else if (event.kind === "withdrawn") {
      const arrival = arrivals.get(event.request);
      if (arrival !== undefined && !assigned.has(event.request)) arrival.patienceMs = event.at - arrival.atMs;
    } else if (event.kind === "ended") {
      const arrival = arrivals.get(event.request);
      const fromMs = assigned.get(event.request)?.atMs;
      if (arrival === undefined || fromMs === undefined) continue;
      arrival.heldMs = event.at - fromMs;
      arrival.completed = event.end === "completed";
    } else if (event.kind === "ready") {
      const launch = launched.get(event.id);
      if (launch === undefined || launch.ready) continue;
      launch.ready = true;
      spawnMs[pools[launch.pool].index % classCount].push(event.at - launch.atMs);
    } else if (event.kind === "stopped") {
      const launch = launched.get(event.id);
      if (launch?.ready === true && FAILURES.has(event.reason)) failures.push({ atMs: event.at, pool: launch.pool });
      else if (event.reason === "spawn-failed") failedSpawns++;
    } else if (event.kind === "asked") asked++;
  }
  // What still ran at the end, or was cut short with its streamlet, had held at least so long.
  for (const [request, { atMs, id }] of assigned) {
    const arrival = arrivals.get(request);
    if (arrival !== undefined && Number.isNaN(arrival.heldMs)) arrival.heldMs = (stoppedMs.get(id) ?? run.endMs) - atMs;
  }
  const known = Array.from(arrivals.values());
  if (!known.some((arrival) => arrival.completed)) {
    throw new InputError({
      code: "HR1514",
      where: run.file,
      got: "a run in which no stream ran to its end",
      expected: "at least one, for nothing else tells how long streams hold",
      remedy: "Take a longer log",
    });
  }
  const ready = spawnMs.reduce((sum, one) => sum + one.length, 0);
  return {
    arrivals: known,
    spawnMs: spawnMs.map((values) => Float64Array.from(values).sort()),
    spawnFailure: failedSpawns === 0 ? 0 : failedSpawns / (ready + failedSpawns),
    failures,
    asked,
  };
}
