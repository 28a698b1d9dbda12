import { describe, expect, it } from "vitest";
import { LaunchBackoff } from "../../src/control/launch-backoff.js";

const spec = { backoffMs: 1000, factor: 2, maxMs: 5000, healthyAfterMs: 60_000 };

/** Crashes at once after becoming ready at this instant; gives the wait that follows. */
function crashAt(backoff: LaunchBackoff, atMs: number): number {
  const term = backoff.onReady(atMs);
  backoff.onCrash(atMs, atMs);
  backoff.onStopped(atMs, term);
  return backoff.waitMs(atMs);
}

describe("the wait before a pool launches again", () => {
  it("is nothing at first, grows by its factor with each crash up to its maximum, and passes", () => {
    const backoff = new LaunchBackoff(spec);
    expect(backoff.waitMs(0)).toBe(0);
    expect([0, 0, 0, 0, 0].map((atMs) => crashAt(backoff, atMs))).toEqual([1000, 2000, 4000, 5000, 5000]);
    expect([4999, 5000, 5001].map((atMs) => backoff.waitMs(atMs))).toEqual([1, 0, 0]);
  });

  it("is cut to its maximum where one more factor would pass it, however many failures there are", () => {
    const backoff = new LaunchBackoff({ ...spec, backoffMs: 1, factor: 1e200, maxMs: 3e5 });
    for (let failure = 0; failure < 5; failure++) backoff.onFailedSpawn(0);
    expect(backoff.waitMs(0)).toBe(3e5);
    const shrinking = new LaunchBackoff({ ...spec, backoffMs: 5000, factor: 0.5 });
    shrinking.onFailedSpawn(0);
    shrinking.onFailedSpawn(0);
    expect(shrinking.waitMs(0)).toBe(5000);
  });

  it("counts failed spawns until one succeeds, and crashes beyond that", () => {
    const backoff = new LaunchBackoff(spec);
    backoff.onFailedSpawn(0);
    backoff.onFailedSpawn(0);
    expect(backoff.waitMs(0)).toBe(2000);
    expect(crashAt(backoff, 0)).toBe(1000);
    expect(crashAt(backoff, 0)).toBe(2000);
  });

  it("does not follow the crash of a streamlet that lived for the healthy time", () => {
    const backoff = new LaunchBackoff(spec);
    backoff.onReady(0);
    backoff.onCrash(60_000, 0);
    expect(backoff.waitMs(60_000)).toBe(0);
    backoff.onCrash(59_999, 0);
    expect(backoff.waitMs(59_999)).toBe(1000);
  });

  it("restarts the count when the living streamlets have lived for the healthy time in total", () => {
    const backoff = new LaunchBackoff(spec);
    crashAt(backoff, 0);
    crashAt(backoff, 0);
    for (let i = 0; i < 6; i++) backoff.onReady(0);
    // Six streamlets for 10 s: a minute of life.
    expect(crashAt(backoff, 10_000)).toBe(1000);
  });

  it("goes on growing where they have lived for less", () => {
    const backoff = new LaunchBackoff(spec);
    crashAt(backoff, 0);
    for (let i = 0; i < 6; i++) backoff.onReady(0);
    expect(crashAt(backoff, 9999)).toBe(2000);
  });

  it("counts the lifetimes of ended streamlets, to their ends", () => {
    const backoff = new LaunchBackoff(spec);
    crashAt(backoff, 0);
    const terms = Array.from({ length: 6 }, () => backoff.onReady(0));
    for (const term of terms) backoff.onStopped(9000, term);
    // 54 s of life so far; from here on one streamlet lives.
    backoff.onReady(9000);
    expect(crashAt(backoff, 14_999)).toBe(2000);
    const other = new LaunchBackoff(spec);
    crashAt(other, 0);
    const ended = Array.from({ length: 6 }, () => other.onReady(0));
    for (const term of ended) other.onStopped(9000, term);
    other.onReady(9000);
    expect(crashAt(other, 15_000)).toBe(1000);
  });

  it("does not subtract a streamlet twice that became ready before the last failure", () => {
    const backoff = new LaunchBackoff(spec);
    const before = backoff.onReady(0);
    crashAt(backoff, 0);
    const after = backoff.onReady(0);
    expect(after).not.toBe(before);
    backoff.onStopped(0, before);
    // The one that became ready afterwards still lives: a minute of life.
    expect(crashAt(backoff, 60_000)).toBe(1000);
  });
});
