import type { Task } from "../../src/kernel/event-queue.js";

interface Entry {
  readonly handle: number;
  readonly timeMs: number;
  readonly phase: number;
  readonly task: Task;
  readonly argument: number;
}

/** The queue as its contract reads: a sorted list, later entries after equal ones. */
export class NaiveQueue {
  private readonly entries: Entry[] = [];
  private last = 0;

  get length(): number {
    return this.entries.length;
  }

  push(timeMs: number, phase: number, task: Task, argument: number): number {
    const entry = { handle: ++this.last, timeMs, phase, task, argument };
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.entries[middle];
      if (other.timeMs < timeMs || (other.timeMs === timeMs && other.phase <= phase)) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, entry);
    return entry.handle;
  }

  cancel(handle: number): boolean {
    const at = this.entries.findIndex((entry) => entry.handle === handle);
    if (at >= 0) this.entries.splice(at, 1);
    return at >= 0;
  }

  nextTimeMs(): number {
    return this.entries[0]?.timeMs ?? Number.POSITIVE_INFINITY;
  }

  pop(): Entry | undefined {
    return this.entries.shift();
  }
}
