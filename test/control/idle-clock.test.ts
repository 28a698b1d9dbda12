import { describe, expect, it } from "vitest";
import { IdleClock } from "../../src/control/idle-clock.js";
import { Streamlet } from "../../src/control/streamlet.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { NO_TIMER } from "../../src/ports/scheduler.js";
import { never } from "./fake-parts.js";

function clockOf(timeoutMs: number | undefined): {
  clock: IdleClock;
  kernel: Kernel;
  expired: string[];
  streamlet: Streamlet;
} {
  const kernel = new Kernel();
  const expired: string[] = [];
  const drawn = timeoutMs === undefined ? undefined : () => timeoutMs;
  const clock = new IdleClock(kernel, drawn, (id) => expired.push(`${id} at ${kernel.nowMs()} ms`));
  return { clock, kernel, expired, streamlet: new Streamlet(7, 0, 2, 0) };
}

describe("the idle clock", () => {
  it("lets an empty streamlet expire exactly when its time-out ends", () => {
    const { clock, kernel, expired, streamlet } = clockOf(250);
    kernel.run(1000);
    clock.start(streamlet);
    kernel.run(5000);
    expect(expired).toEqual(["7 at 1250 ms"]);
  });

  it("lets it expire at once with a time-out of 0, without a timer", () => {
    const { clock, kernel, expired, streamlet } = clockOf(0);
    clock.start(streamlet);
    expect(expired).toEqual(["7 at 0 ms"]);
    expect([kernel.pending, streamlet.idleTimer]).toEqual([0, NO_TIMER]);
  });

  it.each([undefined, never])("sets no timer with a time-out of %s", (timeoutMs) => {
    const { clock, kernel, expired, streamlet } = clockOf(timeoutMs);
    clock.start(streamlet);
    expect([kernel.pending, streamlet.idleTimer, expired.length]).toEqual([0, NO_TIMER, 0]);
  });

  it("does not expire once it is stopped, and starts anew from the next empty instant", () => {
    const { clock, kernel, expired, streamlet } = clockOf(250);
    clock.start(streamlet);
    kernel.run(200);
    clock.stop(streamlet);
    expect([kernel.pending, streamlet.idleTimer]).toEqual([0, NO_TIMER]);
    kernel.run(600);
    clock.start(streamlet);
    kernel.run(5000);
    expect(expired).toEqual(["7 at 850 ms"]);
  });

  it("stops what was never started without touching other timers", () => {
    const { clock, kernel, streamlet } = clockOf(250);
    clock.start(new Streamlet(8, 0, 2, 0));
    clock.stop(streamlet);
    expect([kernel.pending, streamlet.idleTimer]).toEqual([1, NO_TIMER]);
  });
});
