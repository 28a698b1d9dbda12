import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeldGroups } from "../../../src/live/limits/leftovers.js";
import { type HeldFolder, holdFolder } from "../../../src/live/machine/held-folder.js";
import { SlowFlock } from "../slow-flock.js";

let place = "";
let held: HeldGroups;
/** Locks of another manager, and what else ends with the test. */
const others: HeldFolder[] = [];

function make(name: string): string {
  mkdirSync(join(place, name));
  return join(place, name);
}

describe("the groups of a manager", () => {
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "groups-"));
    held = new HeldGroups();
  });
  afterEach(() => {
    held.release();
    for (const lock of others.splice(0)) lock.release();
    rmSync(place, { recursive: true, force: true });
  });

  it("are held from the moment in which they can be used", () => {
    const base = held.make("headrace-1-2", make) as string;
    expect(basename(base)).toBe("headrace-1-2");
    expect(holdFolder(base)).toBe("held-by-another");
  });

  it("get another name where another manager takes a new one for a leftover", () => {
    const first = held.make("headrace-1-2", (name) => {
      const base = make(name);
      if (name === "headrace-1-2") others.push(holdFolder(base) as HeldFolder);
      return base;
    });
    expect(basename(first as string)).toBe("headrace-1-2.1");
    const second = held.make("headrace-1-3", (name) => {
      const base = make(name);
      if (name === "headrace-1-3") rmSync(base, { recursive: true });
      return base;
    });
    expect(basename(second as string)).toBe("headrace-1-3.1");
  });

  it("are removed where the lock cannot be taken, so that no other manager removes them in use", () => {
    const slow = new SlowFlock(Number.POSITIVE_INFINITY);
    others.push({ release: () => slow.close() });
    expect(new HeldGroups(100).make("headrace-1-2", make)).toBeUndefined();
    expect(readdirSync(place)).toEqual([]);
  });

  it("are none where none can be made, or all are taken", () => {
    expect(held.make("headrace-1-2", () => undefined)).toBeUndefined();
    const removed = held.make("headrace-1-3", (name) => {
      rmSync(make(name), { recursive: true });
      return join(place, name);
    });
    expect(removed).toBeUndefined();
  });
});
