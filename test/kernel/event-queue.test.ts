import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { EventQueue, type Task } from "../../src/kernel/event-queue.js";
import { NO_TIMER } from "../../src/ports/scheduler.js";
import { NaiveQueue } from "./naive-queue.js";

const nothing = (): void => undefined;

/** Returns the handle. */
function push(queue: EventQueue, timeMs: number, phase: number, task: Task, argument: number): number {
  queue.dueMs = timeMs;
  return queue.handle(queue.push(phase, task, argument));
}

/** Pops everything; the arguments in order. */
function drain(queue: EventQueue): number[] {
  const order: number[] = [];
  while (queue.pop() !== undefined) order.push(queue.poppedArgument);
  return order;
}

describe("the event queue", () => {
  it("orders by time, then by phase, then by the order of pushing", () => {
    const queue = new EventQueue();
    push(queue, 2, 0, nothing, 6);
    push(queue, 1, 4, nothing, 3);
    push(queue, 1, 4, nothing, 4);
    push(queue, 1, 0, nothing, 1);
    push(queue, 1, 5, nothing, 5);
    push(queue, 1, 1, nothing, 2);
    push(queue, 0.5, 5, nothing, 0);
    expect(drain(queue)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("orders events that are pushed between two pops, whether they are later or earlier than each other", () => {
    const ofOneInstant = [3, 1, 1, 2].map((phase, i) => ({ timeMs: 5, phase, argument: i }));
    const queue = new EventQueue();
    for (const timeMs of [9, 4, 7, 8, 6]) push(queue, timeMs, 0, nothing, timeMs);
    queue.pop();
    for (const timeMs of [8.5, 4.5, 10]) push(queue, timeMs, 0, nothing, timeMs);
    expect(queue.nextTimeMs()).toBe(4.5);
    queue.pop();
    for (const { timeMs, phase, argument } of ofOneInstant) push(queue, timeMs, phase, nothing, argument);
    expect(drain(queue)).toEqual([1, 2, 3, 0, 6, 7, 8, 8.5, 9, 10]);
  });

  it("keeps 10,000 events of one instant and phase in the order of pushing", () => {
    const queue = new EventQueue();
    const wanted = Array.from({ length: 10_000 }, (_, i) => i);
    for (const i of wanted) push(queue, 7, 3, nothing, i);
    expect(drain(queue)).toEqual(wanted);
  });

  it("returns the task, the argument and the instant that were pushed", () => {
    const queue = new EventQueue();
    const task = (): void => undefined;
    push(queue, 3.25, 2, task, -1.5);
    expect(queue.nextTimeMs()).toBe(3.25);
    expect(queue.pop()).toBe(task);
    expect([queue.poppedTimeMs, queue.poppedArgument]).toEqual([3.25, -1.5]);
    expect(queue.pop()).toBeUndefined();
    expect(queue.nextTimeMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("cancels a pending event once, and nothing else", () => {
    const queue = new EventQueue();
    const first = push(queue, 1, 0, nothing, 1);
    push(queue, 2, 0, nothing, 2);
    expect(queue.cancel(first)).toBe(true);
    expect(queue.cancel(first)).toBe(false);
    expect(queue.cancel(NO_TIMER)).toBe(false);
    expect(queue.cancel(123_456)).toBe(false);
    expect(queue.length).toBe(1);
    expect(drain(queue)).toEqual([2]);
  });

  it("lets a handle that was kept too long cancel nothing, though its slot is in use again", () => {
    const queue = new EventQueue();
    const stale: number[] = [];
    for (let round = 0; round < 1000; round++) {
      stale.push(push(queue, round, 0, nothing, round));
      if (round % 2 === 0) queue.pop();
      else queue.cancel(stale[round]);
    }
    const live = push(queue, 2000, 0, nothing, 42);
    expect(stale.filter((handle) => queue.cancel(handle))).toEqual([]);
    expect(new Set([...stale, live]).size).toBe(1001);
    expect(drain(queue)).toEqual([42]);
  });

  it("does not grow with the number of cancelled or fired events", () => {
    const queue = new EventQueue();
    for (let i = 0; i < 100; i++) push(queue, 1e9 + i, 0, nothing, i);
    globalThis.gc?.();
    const before = process.memoryUsage();
    // Far in the future, so that no tombstone reaches the root.
    for (let i = 0; i < 1_000_000; i++) queue.cancel(push(queue, 1e12 + i, 0, nothing, i));
    for (let i = 0; i < 1_000_000; i++) {
      push(queue, i, 0, nothing, i);
      queue.pop();
    }
    const after = process.memoryUsage();
    expect(queue.length).toBe(100);
    // A tombstone kept takes 40 bytes of typed array: a million would be 40 MB.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1_000_000);
  });

  it("does as a sorted list does, in 300,000 random steps", () => {
    const random = new RandomStream("queue against list");
    const queue = new EventQueue();
    const naive = new NaiveQueue();
    const handles: [number, number][] = [];
    let nowMs = 0;
    const step = (i: number): void => {
      const u = random.uniform();
      // Long swings between growing and shrinking; whole times, so that ties are common.
      const growing = i % 20_000 < 10_000 ? 0.5 : 0.3;
      if (u < growing) {
        const timeMs = nowMs + random.integerBelow(50);
        const phase = random.integerBelow(6);
        handles.push([push(queue, timeMs, phase, nothing, i), naive.push(timeMs, phase, nothing, i)]);
      } else if (u < growing + 0.25 && handles.length > 0) {
        // Cancels any handle, also outdated ones; sometimes many at once, so that compaction
        // happens while the root is a hole.
        for (let n = random.integerBelow(20) === 0 ? 100 : 1; n > 0; n--) {
          const [one, other] = handles[random.integerBelow(handles.length)];
          const cancelled = queue.cancel(one);
          if (cancelled !== naive.cancel(other)) expect.fail(`step ${i}: cancel said ${cancelled}`);
        }
      } else {
        const wanted = naive.pop();
        const popped = queue.pop();
        if (popped !== wanted?.task) expect(popped).toBe(wanted?.task);
        if (wanted !== undefined) {
          nowMs = wanted.timeMs;
          if (queue.poppedTimeMs !== nowMs || queue.poppedArgument !== wanted.argument)
            expect([queue.poppedTimeMs, queue.poppedArgument]).toEqual([nowMs, wanted.argument]);
        }
      }
      if (queue.length !== naive.length) expect(queue.length).toBe(naive.length);
      if (i % 7 === 0 && queue.nextTimeMs() !== naive.nextTimeMs()) expect(queue.nextTimeMs()).toBe(naive.nextTimeMs());
      if (handles.length > 3000) handles.splice(0, 1500);
    };
    for (let i = 0; i < 300_000; i++) step(i);
    const rest: number[] = [];
    for (let entry = naive.pop(); entry !== undefined; entry = naive.pop()) rest.push(entry.argument);
    expect(drain(queue)).toEqual(rest);
  });
});
