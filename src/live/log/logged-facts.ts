import { InputError } from "../../base/errors.js";
import { failedInService, type StopReason, type StreamletId } from "../../ports/fleet.js";
import { poolsOf } from "../../world/pools.js";
import type { LoggedRun } from "./run-log-reader.js";

/** A request as it arrived, with its outcome in the log. */
export interface LoggedArrival {
  readonly atMs: number;
  readonly series: number;
  readonly region: number;
  readonly format: number;
  readonly attempt: number;
  /** How long it would have waited: as its client asked, or until its client left. */
  patienceMs: number;
  /** How long it was served, NaN if never; `completed` if it ended by itself. */
  heldMs: number;
  completed: boolean;
}

/** The facts of the world in a run log, without decisions. */
export interface LoggedFacts {
  readonly arrivals: readonly LoggedArrival[];
  /** Launch → ready in ms, sorted, by class. */
  readonly spawnMs: readonly Float64Array[];
  /** Share of launches that failed. */
  readonly spawnFailure: number;
  /** Ready streamlets that failed: when, and of which pool. */
  readonly failures: readonly { readonly atMs: number; readonly pool: number }[];
  /** The requests of operators. */
  readonly asked: number;
}

type Line = { at: number; kind: string; request: number; id: StreamletId; pool: number; from: string; to: string };

/**
 * Collects the facts. Throws an InputError for a log without a completed stream, since it has no
 * holding time.
 */
export function factsOf(run: LoggedRun): LoggedFacts {
  const gathered = new FactGatherer(run);
  for (const event of run.events) gathered.take(event);
  return gathered.facts();
}

/** Collects the facts of one log, event by event. */
class FactGatherer {
  private readonly arrivals = new Map<number, LoggedArrival>();
  private readonly assigned = new Map<number, { readonly atMs: number; readonly id: StreamletId }>();
  private readonly stoppedMs = new Map<StreamletId, number>();
  private readonly launched = new Map<StreamletId, { readonly atMs: number; readonly pool: number }>();
  private readonly ready = new Set<StreamletId>();
  private readonly classOfPool: readonly number[];
  private readonly spawnMs: number[][];
  private readonly failures: { atMs: number; pool: number }[] = [];
  private failedSpawns = 0;
  private asked = 0;

  constructor(private readonly run: LoggedRun) {
    const { scenario } = run.header;
    const { classes } = scenario.fleet;
    this.spawnMs = classes.map(() => []);
    this.classOfPool = poolsOf(scenario).map(({ index }) => index % classes.length);
    for (const line of run.lines.slice(1)) this.takeLine(JSON.parse(line) as Line);
  }

  take(event: LoggedRun["events"][number]): void {
    switch (event.kind) {
      case "request": {
        const { at: atMs, series, region, format, attempt, patienceMs } = event;
        const known = { atMs, series, region, format, attempt, patienceMs };
        this.arrivals.set(event.request, { ...known, heldMs: Number.NaN, completed: false });
        return;
      }
      case "withdrawn": {
        const arrival = this.arrivals.get(event.request);
        if (arrival !== undefined && !this.assigned.has(event.request)) arrival.patienceMs = event.at - arrival.atMs;
        return;
      }
      case "ended": {
        const arrival = this.arrivals.get(event.request);
        const fromMs = this.assigned.get(event.request)?.atMs;
        if (arrival === undefined || fromMs === undefined) return;
        arrival.heldMs = event.at - fromMs;
        arrival.completed = event.end === "completed";
        return;
      }
      case "ready":
        this.takeReady(event.id, event.at);
        return;
      case "stopped":
        this.takeStopped(event.id, event.at, event.reason);
        return;
      case "asked":
        this.asked++;
    }
  }

  facts(): LoggedFacts {
    this.boundOpenStreams();
    const arrivals = Array.from(this.arrivals.values());
    if (!arrivals.some((arrival) => arrival.completed)) {
      throw new InputError({
        code: "HR1514",
        where: this.run.file,
        got: "a run in which no stream ran to its end",
        expected: "at least one: only completed streams show how long streams hold",
        remedy: "Take a longer log",
      });
    }
    const { spawnMs, failedSpawns, failures, asked } = this;
    const readyCount = spawnMs.reduce((sum, one) => sum + one.length, 0);
    return {
      arrivals,
      spawnMs: spawnMs.map((values) => Float64Array.from(values).sort()),
      spawnFailure: failedSpawns === 0 ? 0 : failedSpawns / (readyCount + failedSpawns),
      failures,
      asked,
    };
  }

  /** What the control plane recorded. */
  private takeLine({ kind, at, id, request, pool, from, to }: Line): void {
    if (kind === "assigned") this.assigned.set(request, { atMs: at, id });
    if (kind !== "streamlet") return;
    if (from === "none") this.launched.set(id, { atMs: at, pool });
    if (to === "stopped") this.stoppedMs.set(id, at);
  }

  private takeReady(id: StreamletId, atMs: number): void {
    const launch = this.launched.get(id);
    if (launch === undefined || this.ready.has(id)) return;
    this.ready.add(id);
    this.spawnMs[this.classOfPool[launch.pool]].push(atMs - launch.atMs);
  }

  private takeStopped(id: StreamletId, atMs: number, reason: StopReason): void {
    const launch = this.ready.has(id) ? this.launched.get(id) : undefined;
    if (launch !== undefined && failedInService(reason)) this.failures.push({ atMs, pool: launch.pool });
    else if (reason === "spawn-failed") this.failedSpawns++;
  }

  /** A stream that was open at the end, or was interrupted, lasted at least this long. */
  private boundOpenStreams(): void {
    for (const [request, { atMs, id }] of this.assigned) {
      const arrival = this.arrivals.get(request);
      if (arrival !== undefined && Number.isNaN(arrival.heldMs))
        arrival.heldMs = (this.stoppedMs.get(id) ?? this.run.endMs) - atMs;
    }
  }
}
