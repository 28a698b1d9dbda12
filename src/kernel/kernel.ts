import { fail } from "../base/assert.js";
import type { Phase, Scheduler, TimerId } from "../ports/scheduler.js";
import { EventQueue, type Task } from "./event-queue.js";

/** The outside clock of a paced run. `wakeAt` calls back once, at or after the given host time; a later call replaces an earlier one. */
export interface HostClock {
  nowMs(): number;
  wakeAt(hostMs: number, wake: () => void): void;
}

/** How far the last step of a paced run fell behind its due time. */
export interface PacedRun {
  /** Tells the run that outside events were injected, so that it looks at the queue again. */
  poke(): void;
  stop(): void;
  readonly worstLagMs: number;
}

/**
 * The one loop. `step` is the only place where time moves, and it moves before the task runs. `run` steps as fast as it can,
 * `runPaced` waits for the host clock; the tasks cannot tell which.
 */
export class Kernel implements Scheduler {
  private readonly queue = new EventQueue();
  private timeMs = 0;
  private firedCount = 0;

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
    return this.queue.push(this.timeMs + delayMs, phase, task, argument);
  }

  scheduleAt(atMs: number, phase: Phase, task: Task, argument = 0): TimerId {
    if (!(atMs >= this.timeMs)) timerInThePast(atMs, this.timeMs);
    return this.queue.push(atMs, phase, task, argument);
  }

  cancel(timer: TimerId): boolean {
    return this.queue.cancel(timer);
  }

  /** Brings in an outside event. One that is dated in the past happens now; the date that it got is returned. */
  inject(atMs: number, phase: Phase, task: Task, argument = 0): number {
    const dueMs = atMs > this.timeMs ? atMs : this.timeMs;
    this.queue.push(dueMs, phase, task, argument);
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

  /** Fires everything before `untilMs` (and at it), then sets the time to `untilMs`; a bound in the past moves nothing. */
  run(untilMs: number): void {
    while (this.step(untilMs));
    this.moveTo(untilMs);
  }

  /**
   * Fires each event when the host clock reaches it. `originMs` is the host time of the run's t=0. `onEnd` is called once, after
   * `untilMs` was reached or after `stop`.
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

/** Kept out of `schedule`, which is small enough to be inlined wherever it is called. */
function timerInThePast(atMs: number, nowMs: number): never {
  fail(`a timer was set at ${atMs} ms when it was ${nowMs} ms: time never goes back`);
}

/** A call that comes while one is at work (a task pokes, a clock calls back at once) is made up for after it, so that no task is cut in two. */
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
