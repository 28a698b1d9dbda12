import { describe, expect, it } from "vitest";
import { LaunchGate } from "../../src/control/launch-gate.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { Phase } from "../../src/ports/scheduler.js";

const restart = { backoffMs: 1000, factor: 2, maxMs: 10_000, healthyAfterMs: 60_000 };

/** A gate of two pools, and the pools that it called back, with the instants. */
function gateAt(): { kernel: Kernel; gate: LaunchGate; called: [number, number][] } {
  const kernel = new Kernel();
  const called: [number, number][] = [];
  const gate = new LaunchGate(2, restart, kernel, (pool) => called.push([pool, kernel.nowMs()]));
  return { kernel, gate, called };
}

/** Runs the kernel up to an instant, and does something there. */
function at(kernel: Kernel, atMs: number, task: () => void): void {
  kernel.schedule(atMs - kernel.nowMs(), Phase.Control, task);
  kernel.run(atMs);
}

describe("the gate of launches", () => {
  it("calls a pool that must wait back once, when the wait is over, however often it asked", () => {
    const { kernel, gate, called } = gateAt();
    at(kernel, 0, () => {
      gate.onFailedSpawn(0);
      expect([gate.admits(0), gate.admits(0), gate.admits(1)]).toEqual([false, false, true]);
    });
    kernel.run(5000);
    expect(called).toEqual([[0, 1000]]);
    expect(gate.admits(0)).toBe(true);
  });

  it("calls back again after another wait", () => {
    const { kernel, gate, called } = gateAt();
    for (const atMs of [0, 1500])
      at(kernel, atMs, () => {
        gate.onFailedSpawn(1);
        expect(gate.admits(1)).toBe(false);
      });
    kernel.run(9000);
    expect(called).toEqual([
      [1, 1000],
      [1, 3500],
    ]);
  });

  it("counts the lifetimes of ended streamlets, to their ends", () => {
    const { kernel, gate, called } = gateAt();
    at(kernel, 0, () => gate.onCrash(0, 0));
    at(kernel, 2000, () => {
      const terms = Array.from({ length: 6 }, () => gate.onReady(0));
      for (const term of terms) gate.onStopped(0, term);
    });
    // If they still counted as alive, their lives would add up to a minute, and the wait would
    // restart at 1 s.
    at(kernel, 20_000, () => {
      gate.onCrash(0, 20_000);
      expect(gate.admits(0)).toBe(false);
    });
    kernel.run(30_000);
    expect(called).toEqual([[0, 22_000]]);
  });
});
