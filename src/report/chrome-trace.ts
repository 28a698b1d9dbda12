import type { StreamletId } from "../ports/fleet.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { DecisionRecord, StreamletChange, Telemetry } from "../ports/telemetry.js";

/**
 * 1.5 million events are about 200 MB of JSON, the most that Perfetto's page opens; further
 * events are counted, not kept.
 */
const MAX_EVENTS = 1_500_000;
/** Counters are written at most once a simulated second. */
const COUNTER_PERIOD_MS = 1000;

/**
 * One run as a trace for Perfetto (ui.perfetto.dev) or chrome://tracing, in the Trace Event
 * Format (Google 2016): a process per policy, a thread per pool; streamlet lifecycles as nestable
 * async slices named by state, decisions as instants with what the policy saw, and the fleet's
 * levels as counters. Times are simulated, in µs.
 */
export class ChromeTrace implements Telemetry {
  private readonly lines: string[] = [];
  private dropped = 0;
  private open = 0;
  private waiting = 0;
  private readonly byState = { spawning: 0, ready: 0, parked: 0, draining: 0 };
  private countedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    /** Distinguishes policies within one file. */
    private readonly process: number,
    policy: string,
    pools: readonly string[],
    private readonly scheduler: Scheduler,
  ) {
    this.add({ ph: "M", name: "process_name", pid: process, args: { name: policy } });
    pools.forEach((name, pool) => {
      this.add({ ph: "M", name: "thread_name", pid: process, tid: pool + 1, args: { name } });
    });
  }

  /** The events, one JSON object each; the last one has the number of dropped ones, if any. */
  events(): readonly string[] {
    if (this.dropped === 0) return this.lines;
    const note = { ph: "i", s: "p", name: `${this.dropped} later events were left out`, pid: this.process, tid: 1 };
    return [...this.lines, JSON.stringify({ ...note, ts: this.nowUs() })];
  }

  onArrival(): void {
    this.count();
  }

  onRejected(): void {
    this.count();
  }

  onAbandoned(): void {
    this.waiting--;
    this.count();
  }

  onWaiting(): void {
    this.waiting++;
    this.count();
  }

  onAssigned(_request: unknown, _id: StreamletId, waited: boolean): void {
    if (waited) this.waiting--;
    this.open++;
    this.count();
  }

  onStreamEnded(): void {
    this.open--;
    this.count();
  }

  onStreamletState({ id, pool, from, to, reason }: StreamletChange): void {
    const slice = { cat: "streamlet", id: `${this.process}-${id}`, pid: this.process, tid: pool + 1, ts: this.nowUs() };
    if (from === "none") this.add({ ph: "b", name: "streamlet", ...slice });
    else if (from !== "stopped") {
      this.byState[from]--;
      this.add({ ph: "e", name: from, ...slice });
    }
    if (to === "stopped") this.add({ ph: "e", name: "streamlet", ...slice, args: { reason } });
    else {
      this.byState[to]++;
      this.add({ ph: "b", name: to, ...slice });
    }
    this.count();
  }

  onDecision(decision: DecisionRecord): void {
    const { pool, reason, atMs: _atMs, details, ...seen } = decision;
    this.add({
      ph: "i",
      s: "t",
      cat: "decision",
      name: decision.refusal === "" ? reason : `${reason} (${decision.refusal})`,
      pid: this.process,
      tid: pool + 1,
      ts: this.nowUs(),
      args: { ...seen, ...details },
    });
  }

  private nowUs(): number {
    return Math.round(this.scheduler.nowMs() * 1000);
  }

  private count(): void {
    const nowMs = this.scheduler.nowMs();
    if (nowMs - this.countedAtMs < COUNTER_PERIOD_MS) return;
    this.countedAtMs = nowMs;
    const at = { ph: "C", pid: this.process, ts: this.nowUs() };
    this.add({ ...at, name: "streamlets", args: { ...this.byState } });
    this.add({ ...at, name: "streams", args: { open: this.open, waiting: this.waiting } });
  }

  private add(event: Readonly<Record<string, unknown>>): void {
    if (this.lines.length >= MAX_EVENTS) this.dropped++;
    else this.lines.push(JSON.stringify(event));
  }
}

/** The file's pieces, in order: a JSON object whose `traceEvents` are those of all runs. */
export function* chromeTraceDocument(runs: readonly ChromeTrace[]): Generator<string> {
  yield '{"displayTimeUnit":"ms","traceEvents":[\n';
  let separator = "";
  for (const run of runs) {
    for (const event of run.events()) {
      yield `${separator}${event}`;
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}
