import { describe, expect, it } from "vitest";
import { Quarantine } from "../../src/control/quarantine.js";

const spec = { deaths: 3, windowMs: 1000, holdMs: 5000 };

describe("the quarantine", () => {
  it("holds a stream for 5 s after three deaths within the window, and then forgets them", () => {
    const quarantine = new Quarantine(spec);
    expect([0, 400, 900].map((atMs) => quarantine.charge(7, atMs))).toEqual([false, false, true]);
    expect(quarantine.holds(7, 901)).toBe(true);
    expect(quarantine.holds(7, 5899)).toBe(true);
    expect(quarantine.holds(8, 901)).toBe(false);
    expect(quarantine.holds(7, 5900)).toBe(false);
    expect(quarantine.charge(7, 5901)).toBe(false);
    expect(quarantine.holds(7, 5902)).toBe(false);
  });

  it("does not quarantine a stream whose failures lie further apart, however many there are", () => {
    const quarantine = new Quarantine(spec);
    for (let atMs = 0; atMs < 100_000; atMs += 501) expect(quarantine.charge(1, atMs)).toBe(false);
  });

  it("looks at the last deaths only: earlier ones that lie far apart change nothing", () => {
    const quarantine = new Quarantine(spec);
    const deaths = [0, 10_000, 20_000, 20_001, 20_002].map((atMs) => quarantine.charge(1, atMs));
    expect(deaths).toEqual([false, false, false, false, true]);
  });

  it("keeps the deaths of a stream that is not held yet when it is looked up", () => {
    const quarantine = new Quarantine(spec);
    const deaths = [0, 1, 2].map((atMs) => {
      const isHeld = quarantine.charge(1, atMs);
      quarantine.holds(1, atMs);
      return isHeld;
    });
    expect(deaths).toEqual([false, false, true]);
  });

  it("begins with a clean record when a hold is over, even within the window", () => {
    const quarantine = new Quarantine({ ...spec, holdMs: 10 });
    for (const atMs of [0, 1, 2]) quarantine.charge(1, atMs);
    expect(quarantine.holds(1, 12)).toBe(false);
    expect(quarantine.size).toBe(0);
    expect(quarantine.charge(1, 13)).toBe(false);
  });

  it("suspects no stream before a streamlet has failed, and none without a source", () => {
    const quarantine = new Quarantine({ ...spec, deaths: 1 });
    for (const id of [0, 1]) quarantine.onStreamEnded(id, 7, 0);
    quarantine.onStopped(1, "crashed");
    quarantine.onStreamEnded(1, undefined, 0);
    expect(quarantine.size).toBe(0);
  });

  it("holds a stream again that goes on killing", () => {
    const quarantine = new Quarantine(spec);
    for (const atMs of [0, 1, 2, 3]) quarantine.charge(1, atMs);
    expect(quarantine.holds(1, 5002)).toBe(true);
  });

  it("records at most 4,096 streams, and drops the one whose last failure is oldest", () => {
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

  it("counts deaths that lie exactly a window apart, and none that lie further apart", () => {
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
