import { fail } from "../base/assert.js";
import type { Phase, Scheduler, TimerId } from "../ports/scheduler.js";
import { EventQueue, type Task } from "./event-queue.js";

/**
 * The outside clock of a paced run. `wakeAt` calls back once, at or after the given host time. A
 * second call replaces the first.
 */
export interface HostClock {
  nowMs(): number;
  wakeAt(hostMs: number, wake: () => void): void;
}

/** A running paced run. `worstLagMs` is the largest delay of an event behind its due time. */
export interface PacedRun {
  /** Makes the run check its queue again. Call it after outside events were injected. */
  poke(): void;
  stop(): void;
  readonly worstLagMs: number;
}

/**
 * The event loop. Only `step` advances the time, before it runs the task. `run` steps at full
 * speed, `runPaced` waits for the host clock. Tasks run the same in both.
 */
export class Kernel implements Scheduler {
  private readonly queue = new EventQueue();
  /**
   * The time, boxed once per event for all readers. The `undefined` in its type makes V8 keep the
   * box. For a field with floats only, each function that gets its value boxes it again: five
   * boxes an event, 35 of 97 bytes of garbage.
   */
  private timeMs = undefined as unknown as number;
  private firedCount = 0;

  constructor() {
    this.timeMs = 0;
  }

  /** Events fired so far (cancelled ones never fire). */
  get events(): number {
    return this.firedCount;
  }

  get pending(): number {
    return this.queue.length;
  }

  nowMs(): number {
    return this.timeMs;
  }

  schedule(delayMs: number, phase: Phase, task: Task, argument = 0): TimerId {
    if (!(delayMs >= 0)) timerInThePast(this.timeMs + delayMs, this.timeMs);
    this.queue.dueMs = this.timeMs + delayMs;
    return this.queue.handle(this.queue.push(phase, task, argument));
  }

  scheduleAt(atMs: number, phase: Phase, task: Task, argument = 0): TimerId {
    if (!(atMs >= this.timeMs)) timerInThePast(atMs, this.timeMs);
    this.queue.dueMs = atMs;
    return this.queue.handle(this.queue.push(phase, task, argument));
  }

  cancel(timer: TimerId): boolean {
    return this.queue.cancel(timer);
  }

  /** Queues an outside event. One dated in the past is due now. Returns its due time in ms. */
  inject(atMs: number, phase: Phase, task: Task, argument = 0): number {
    const dueMs = atMs > this.timeMs ? atMs : this.timeMs;
    this.queue.dueMs = dueMs;
    this.queue.push(phase, task, argument);
    return dueMs;
  }

  /** Fires the next event, if it is due by `untilMs`; false when there is none. */
  step(untilMs = Number.POSITIVE_INFINITY): boolean {
    const task = this.queue.pop(untilMs);
    if (task === undefined) return false;
    const dueMs = this.queue.poppedTimeMs;
    if (!(dueMs >= this.timeMs)) fail(`event time went back from ${this.timeMs} to ${dueMs} ms`);
    this.timeMs = dueMs;
    this.firedCount++;
    task(this.queue.poppedArgument);
    return true;
  }

  /** Fires all events up to and at `untilMs`, then sets the time to it. Time never goes back. */
  run(untilMs: number): void {
    while (this.step(untilMs));
    this.moveTo(untilMs);
  }

  /**
   * Fires each event when the host clock reaches its due time. `originMs` is the host time of t=0.
   * `onEnd` is called once, after `untilMs` was reached or after `stop`.
   */
  runPaced(clock: HostClock, originMs: number, untilMs: number, onEnd: () => void): PacedRun {
    let stopped = false;
    let worstLagMs = 0;
    const finish = (): void => {
      if (stopped) return;
      stopped = true;
      onEnd();
    };
    const fireDue = (): void => {
      while (!stopped) {
        const dueMs = this.queue.nextTimeMs();
        const elapsedMs = clock.nowMs() - originMs;
        if (dueMs > untilMs && elapsedMs >= untilMs) {
          this.moveTo(untilMs);
          finish();
          return;
        }
        if (dueMs > elapsedMs || dueMs > untilMs) {
          clock.wakeAt(originMs + (dueMs < untilMs ? dueMs : untilMs), turn);
          return;
        }
        if (elapsedMs - dueMs > worstLagMs) worstLagMs = elapsedMs - dueMs;
        this.step();
      }
    };
    const turn = oneAtATime(fireDue);
    turn();
    return {
      poke: turn,
      stop: finish,
      get worstLagMs() {
        return worstLagMs;
      },
    };
  }

  private moveTo(atMs: number): void {
    if (atMs > this.timeMs && atMs !== Number.POSITIVE_INFINITY) this.timeMs = atMs;
  }
}

/** A separate function, so that `schedule` stays small enough to be inlined. */
function timerInThePast(atMs: number, nowMs: number): never {
  fail(`a timer was set at ${atMs} ms when it was ${nowMs} ms: time never goes back`);
}

/**
 * Guards against re-entry. A call within a call (a task pokes, or the clock calls back at once)
 * runs after it.
 */
function oneAtATime(work: () => void): () => void {
  let working = false;
  let again = false;
  return () => {
    again = true;
    if (working) return;
    working = true;
    try {
      while (again) {
        again = false;
        work();
      }
    } finally {
      working = false;
    }
  };
}
