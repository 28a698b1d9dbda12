import { describe, expect, it } from "vitest";
import { Quarantine } from "../../src/control/quarantine.js";

const spec = { deaths: 3, windowMs: 1000, holdMs: 5000 };

describe("the quarantine", () => {
  it("holds a stream after so many deaths within the window, for so long, and then forgets them", () => {
    const quarantine = new Quarantine(spec);
    expect([0, 400, 900].map((atMs) => quarantine.charge(7, atMs))).toEqual([false, false, true]);
    expect(quarantine.holds(7, 901)).toBe(true);
    expect(quarantine.holds(7, 5899)).toBe(true);
    expect(quarantine.holds(8, 901)).toBe(false);
    expect(quarantine.holds(7, 5900)).toBe(false);
    expect(quarantine.charge(7, 5901)).toBe(false);
    expect(quarantine.holds(7, 5902)).toBe(false);
  });

  it("does not hold one whose deaths lie further apart, however many", () => {
    const quarantine = new Quarantine(spec);
    for (let atMs = 0; atMs < 100_000; atMs += 501) expect(quarantine.charge(1, atMs)).toBe(false);
  });

  it("holds again who kills on", () => {
    const quarantine = new Quarantine(spec);
    for (const atMs of [0, 1, 2, 3]) quarantine.charge(1, atMs);
    expect(quarantine.holds(1, 5002)).toBe(true);
  });

  it("remembers 4,096 streams and no more; the one that was quiet longest is forgotten", () => {
    const quarantine = new Quarantine(spec);
    quarantine.charge(1, 0);
    quarantine.charge(1, 0);
    for (let source = 2; source <= 4096; source++) quarantine.charge(source, 1);
    expect(quarantine.size).toBe(4096);
    quarantine.charge(1, 2);
    expect(quarantine.holds(1, 3)).toBe(true);
    for (let source = 10_001; source <= 14_095; source++) quarantine.charge(source, 3);
    expect(quarantine.size).toBe(4096);
    expect(quarantine.holds(1, 4)).toBe(true);
    quarantine.charge(20_000, 4);
    expect(quarantine.holds(1, 5)).toBe(false);
  });

  it("counts deaths that lie just the window apart, and no longer", () => {
    const quarantine = new Quarantine(spec);
    expect([0, 500, 1000].map((atMs) => quarantine.charge(1, atMs))).toEqual([false, false, true]);
    expect([0, 500, 1000.5].map((atMs) => quarantine.charge(2, atMs))).toEqual([false, false, false]);
  });

  it.each([
    ["crashed", true],
    ["out-of-memory", true],
    ["hung", true],
    ["host-failed", false],
    ["retired", false],
  ] as const)("an end by %s is held against the streams that it cut short: %s", (reason, held) => {
    const quarantine = new Quarantine({ ...spec, deaths: 1 });
    quarantine.onStopped(5, reason);
    quarantine.onStreamEnded(5, 7, 0);
    quarantine.onStreamEnded(6, 8, 0);
    expect([quarantine.holds(7, 1), quarantine.holds(8, 1)]).toEqual([held, false]);
  });
});
