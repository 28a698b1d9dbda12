import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.js";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { Phase } from "../../src/ports/scheduler.js";
import { FakeHostClock } from "./fake-host-clock.js";

const phases = Object.values(Phase);

/**
 * A load that feeds itself: every task records its time and its kind, and schedules, cancels and
 * repeats at random.
 */
function busyTrace(kernel: Kernel, seed: string): string[] {
  const random = new RandomStream(seed);
  const trace: string[] = [];
  const timers: number[] = [];
  const task = (argument: number): void => {
    trace.push(`${kernel.nowMs()} ${argument}`);
    for (let n = random.integerBelow(3); n > 0; n--) {
      const delayMs = random.integerBelow(4) === 0 ? 0 : random.integerBelow(40) / 4;
      timers.push(kernel.schedule(delayMs, phases[random.integerBelow(6)], task, trace.length));
    }
    if (random.integerBelow(3) === 0 && timers.length > 0)
      trace.push(`cancel ${kernel.cancel(timers[random.integerBelow(timers.length)])}`);
    if (kernel.pending < 20) kernel.schedule(random.integerBelow(10), Phase.Arrival, task, -1);
  };
  for (let i = 0; i < 10; i++) kernel.schedule(i, Phase.Arrival, task, i);
  return trace;
}

describe("the kernel", () => {
  it("sets the time before the task runs, and leaves it while the task runs", () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    kernel.scheduleAt(5, Phase.Control, () => seen.push(kernel.nowMs()));
    kernel.schedule(2.5, Phase.Control, () => seen.push(kernel.nowMs()));
    while (kernel.step());
    expect(seen).toEqual([2.5, 5]);
    expect(kernel.events).toBe(2);
  });

  it("runs everything up to the bound and at it, then stands at the bound", () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    for (const atMs of [1, 10, 10.000001]) kernel.scheduleAt(atMs, Phase.Control, () => seen.push(atMs));
    kernel.run(10);
    expect(seen).toEqual([1, 10]);
    expect(kernel.nowMs()).toBe(10);
    expect(kernel.pending).toBe(1);
    kernel.run(20);
    expect(kernel.nowMs()).toBe(20);
  });

  it("never goes back: a bound in the past moves nothing", () => {
    const kernel = new Kernel();
    kernel.run(10);
    kernel.run(4);
    expect(kernel.nowMs()).toBe(10);
    expect(() => kernel.scheduleAt(6, Phase.Control, () => undefined)).toThrow(AssertionError);
  });

  it("refuses timers in the past and at no time at all", () => {
    const kernel = new Kernel();
    kernel.run(10);
    for (const delayMs of [-1, -1e-9, Number.NaN])
      expect(() => kernel.schedule(delayMs, Phase.Control, () => undefined)).toThrow(AssertionError);
    for (const atMs of [9.999, Number.NaN])
      expect(() => kernel.scheduleAt(atMs, Phase.Control, () => undefined)).toThrow(AssertionError);
    expect(kernel.pending).toBe(0);
  });

  it("fires a delay of 0 after the current task, at the same instant, in the order of the phases", () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    kernel.schedule(3, Phase.Arrival, () => {
      kernel.schedule(0, Phase.Sample, () => seen.push(`sample ${kernel.nowMs()}`));
      kernel.schedule(0, Phase.Failure, () => {
        seen.push(`failure ${kernel.nowMs()}`);
        kernel.schedule(0, Phase.Control, () => seen.push(`control ${kernel.nowMs()}`));
      });
      seen.push("arrival");
    });
    kernel.run(3);
    expect(seen).toEqual(["arrival", "failure 3", "control 3", "sample 3"]);
  });

  it("runs an event that was injected with a past instant now, and reports it", () => {
    const kernel = new Kernel();
    kernel.run(100);
    const seen: number[] = [];
    expect(kernel.inject(40, Phase.Arrival, (n) => seen.push(n, kernel.nowMs()), 7)).toBe(100);
    expect(kernel.inject(130, Phase.Arrival, (n) => seen.push(n, kernel.nowMs()), 8)).toBe(130);
    kernel.run(200);
    expect(seen).toEqual([7, 100, 8, 130]);
  });

  it("does not fire what was cancelled, even at the instant at which it was due", () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    const patience = kernel.schedule(10, Phase.Control, () => seen.push("abandoned"));
    kernel.schedule(10, Phase.Departure, () => seen.push(`cancelled ${kernel.cancel(patience)}`));
    kernel.run(20);
    expect(seen).toEqual(["cancelled true"]);
    expect(kernel.events).toBe(1);
  });

  it("ends the run when a task throws", () => {
    const kernel = new Kernel();
    kernel.schedule(1, Phase.Control, () => {
      throw new Error("broken");
    });
    expect(() => kernel.run(5)).toThrow("broken");
    expect(kernel.nowMs()).toBe(1);
  });
});

describe("a paced run", () => {
  const untilMs = 2000;
  const fast = (): string[] => {
    const kernel = new Kernel();
    const trace = busyTrace(kernel, "paced");
    kernel.run(untilMs);
    return trace;
  };

  it.each([
    ["a prompt host", () => new FakeHostClock(1_700_000_000_000)],
    ["a host whose every reading takes 3 ms", () => new FakeHostClock(500, 3)],
    ["a host that wakes us late", () => new FakeHostClock(500, 0, lateness("late"))],
  ])("leaves the trace of a fast run on %s", (_, hostOf) => {
    const host = hostOf();
    const kernel = new Kernel();
    const trace = busyTrace(kernel, "paced");
    let ended = 0;
    kernel.runPaced(host, host.nowMs(), untilMs, () => ended++);
    host.passAll();
    expect(trace.length).toBeGreaterThan(2000);
    expect(trace).toEqual(fast());
    expect([ended, kernel.nowMs()]).toEqual([1, untilMs]);
  });

  it("waits for each event's time, and reports how late it was", () => {
    const host = new FakeHostClock(1000);
    const kernel = new Kernel();
    const seen: number[] = [];
    for (const atMs of [10, 30]) kernel.scheduleAt(atMs, Phase.Control, () => seen.push(host.nowMs()));
    const run = kernel.runPaced(host, 1000, 100, () => seen.push(-1));
    expect(host.dueMs).toBe(1010);
    host.passUntil(1009);
    expect(seen).toEqual([]);
    host.passUntil(1050);
    expect(seen).toEqual([1010, 1030]);
    expect(run.worstLagMs).toBe(0);
    expect(host.dueMs).toBe(1100);
    host.passAll();
    expect(seen).toEqual([1010, 1030, -1]);

    const late = new FakeHostClock(0, 0, () => 25);
    const other = new Kernel();
    other.schedule(10, Phase.Control, () => undefined);
    const lateRun = other.runPaced(late, 0, 100, () => undefined);
    late.passUntil(10);
    expect(lateRun.worstLagMs).toBe(25);
  });

  it("runs an injected event without waiting for the next timer", () => {
    const host = new FakeHostClock(0);
    const kernel = new Kernel();
    const seen: number[] = [];
    const run = kernel.runPaced(host, 0, 1000, () => undefined);
    host.passUntil(250);
    kernel.inject(250, Phase.Arrival, () => seen.push(kernel.nowMs()));
    expect(seen).toEqual([]);
    run.poke();
    expect(seen).toEqual([250]);
    expect(host.dueMs).toBe(1000);
  });

  it("finishes the task at hand before another begins, though the task pokes or the clock wakes at once", () => {
    const host = new FakeHostClock(0);
    const kernel = new Kernel();
    const seen: string[] = [];
    const run = kernel.runPaced(host, 0, 100, () => seen.push("end"));
    kernel.inject(5, Phase.Arrival, () => {
      seen.push("first begins");
      kernel.inject(5, Phase.Arrival, () => seen.push("second"));
      run.poke();
      seen.push(`first ends at ${kernel.nowMs()}`);
    });
    run.poke();
    host.passAll();
    expect(seen).toEqual(["first begins", "first ends at 5", "second", "end"]);
  });

  it("survives a clock that calls back before wakeAt returns, ten thousand times over", () => {
    let nowMs = 0;
    const impatient = {
      nowMs: () => nowMs,
      wakeAt: (hostMs: number, wake: () => void): void => {
        nowMs = hostMs;
        wake();
      },
    };
    const kernel = new Kernel();
    let ticks = 0;
    const tick = (): void => {
      ticks++;
      kernel.schedule(1, Phase.Control, tick);
    };
    kernel.schedule(1, Phase.Control, tick);
    let ended = 0;
    kernel.runPaced(impatient, 0, 10_000, () => ended++);
    expect([ticks, ended]).toEqual([10_000, 1]);
  });

  it("stops on request, fires nothing more, and ends once", () => {
    const host = new FakeHostClock(0);
    const kernel = new Kernel();
    const seen: number[] = [];
    let ended = 0;
    for (const atMs of [10, 20, 30]) kernel.scheduleAt(atMs, Phase.Control, () => seen.push(atMs));
    const run = kernel.runPaced(host, 0, 100, () => ended++);
    kernel.scheduleAt(20, Phase.Failure, () => run.stop());
    host.passAll();
    run.stop();
    run.poke();
    expect(seen).toEqual([10]);
    expect(ended).toBe(1);
  });
});

function lateness(seed: string): () => number {
  const random = new RandomStream(seed);
  return () => random.integerBelow(50);
}
