/**
 * Order of events at the same instant: failures, then stream ends, readiness, decisions, arrivals,
 * samples.
 */
export const Phase = { Failure: 0, Departure: 1, Ready: 2, Control: 3, Arrival: 4, Sample: 5 } as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

/**
 * A timer's handle. It carries a generation, so a handle kept too long cancels nothing. `NO_TIMER`
 * is never a real handle. It is no integer, since handles may be too large for V8's small integers.
 */
export type TimerId = number;
export const NO_TIMER: TimerId = Number.NEGATIVE_INFINITY;

/**
 * The only clock of product code. Gotchas: time does not move while a task runs; a delay of 0 fires
 * after the current task, in the order of the phases; a task that throws ends the run.
 */
export interface Scheduler {
  /** Milliseconds since the run's epoch, monotonic, fractions allowed. */
  nowMs(): number;
  /** Runs `task(argument)` in `delayMs` ≥ 0 from now. The argument spares hot paths a closure. */
  schedule(delayMs: number, phase: Phase, task: (argument: number) => void, argument?: number): TimerId;
  /** As `schedule`, at an instant: tick k at origin + k·period accumulates no rounding errors. */
  scheduleAt(atMs: number, phase: Phase, task: (argument: number) => void, argument?: number): TimerId;
  /** True if the timer was pending and is now gone. */
  cancel(timer: TimerId): boolean;
}
