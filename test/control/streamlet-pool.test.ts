import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Streamlet } from "../../src/control/streamlet.js";
import { StreamletPool } from "../../src/control/streamlet-pool.js";
import { poolSpec } from "./fake-parts.js";

const SLOTS = 3;

/** The pool as its contract reads: two lists, and time integrated step by step. */
class NaivePool {
  readonly ready = new Set<Streamlet>();
  readonly draining = new Set<Streamlet>();
  readonly loads = new Map<Streamlet, number>();
  openStreamMs = 0;
  drainingStreamMs = 0;
  private lastMs = 0;

  pass(nowMs: number): void {
    this.openStreamMs += (this.open(this.ready) + this.open(this.draining)) * (nowMs - this.lastMs);
    this.drainingStreamMs += this.open(this.draining) * (nowMs - this.lastMs);
    this.lastMs = nowMs;
  }

  open(of: Set<Streamlet>): number {
    let sum = 0;
    for (const streamlet of of) sum += this.loads.get(streamlet) ?? 0;
    return sum;
  }

  free(): Streamlet[] {
    return [...this.ready].filter((streamlet) => (this.loads.get(streamlet) ?? 0) < SLOTS);
  }
}

type Step = "add" | "remove" | "take" | "release" | "drain" | "undrain" | "end-drain";
const steps = fc.array(
  fc.record({
    step: fc.constantFrom<Step>(
      "add",
      "add",
      "take",
      "take",
      "take",
      "release",
      "release",
      "remove",
      "drain",
      "undrain",
      "end-drain",
    ),
    which: fc.nat(1000),
    waitMs: fc.constantFrom(0, 0.5, 3),
  }),
  // Without `size` fast-check keeps histories to about ten steps: no pool ever drains and fills.
  { minLength: 1, maxLength: 300, size: "max" },
);

/** Does one step in both pools; does nothing where the step has no one to do it to. */
function apply(pool: StreamletPool, naive: NaivePool, step: Step, which: number, nowMs: number, id: number): void {
  const choose = (from: Iterable<Streamlet>): Streamlet | undefined => {
    const list = [...from].sort((a, b) => a.id - b.id);
    return list[which % Math.max(1, list.length)];
  };
  const loaded = (of: Iterable<Streamlet>): Streamlet[] => [...of].filter((one) => one.open > 0);
  if (step === "add") {
    const streamlet = new Streamlet(id, 0, SLOTS, nowMs);
    streamlet.state = "ready";
    pool.addReady(streamlet, nowMs);
    naive.ready.add(streamlet);
    naive.loads.set(streamlet, 0);
    return;
  }
  const from: Record<Exclude<Step, "add">, Iterable<Streamlet>> = {
    remove: naive.ready,
    drain: naive.ready,
    take: naive.free(),
    release: loaded([...naive.ready, ...naive.draining]),
    undrain: naive.draining,
    "end-drain": naive.draining,
  };
  const streamlet = choose(from[step]);
  if (streamlet === undefined) return;
  const load = naive.loads.get(streamlet) ?? 0;
  if (step === "take") {
    pool.take(streamlet, nowMs);
    naive.loads.set(streamlet, load + 1);
  } else if (step === "release") {
    pool.release(streamlet, nowMs);
    naive.loads.set(streamlet, load - 1);
  } else if (step === "remove" || step === "drain") {
    pool.removeReady(streamlet, nowMs);
    naive.ready.delete(streamlet);
    if (step === "remove") return;
    streamlet.state = "draining";
    pool.addDraining(streamlet, nowMs);
    naive.draining.add(streamlet);
  } else {
    pool.removeDraining(streamlet, nowMs);
    naive.draining.delete(streamlet);
    if (step === "end-drain") return;
    streamlet.state = "ready";
    pool.addReady(streamlet, nowMs);
    naive.ready.add(streamlet);
  }
}

function compare(pool: StreamletPool, naive: NaivePool, nowMs: number): void {
  const free = naive.free();
  const loads = free.map((streamlet) => naive.loads.get(streamlet) ?? 0);
  expect(new Set(pool.ready)).toEqual(naive.ready);
  expect(new Set(pool.draining)).toEqual(naive.draining);
  expect(new Set(pool.available)).toEqual(new Set(free));
  expect(pool.available.length).toBe(free.length);
  expect([pool.openReady, pool.openDraining]).toEqual([naive.open(naive.ready), naive.open(naive.draining)]);
  for (const [streamlet, load] of naive.loads) if (naive.ready.has(streamlet)) expect(streamlet.open).toBe(load);
  expect(pool.leastLoaded()?.open).toBe(free.length === 0 ? undefined : Math.min(...loads));
  expect(pool.mostLoaded()?.open).toBe(free.length === 0 ? undefined : Math.max(...loads));
  if (free.length > 0)
    expect([free.includes(pool.leastLoaded() as Streamlet), free.includes(pool.mostLoaded() as Streamlet)]).toEqual([
      true,
      true,
    ]);
  expect(pool.openStreamMs(nowMs)).toBeCloseTo(naive.openStreamMs, 6);
  expect(pool.drainingStreamMs(nowMs)).toBeCloseTo(naive.drainingStreamMs, 6);
  const sorted = [...naive.ready].map(({ open }) => open).sort((a, b) => a - b);
  expect(pool.emptiest(3, false).map(({ open }) => open)).toEqual(sorted.slice(0, 3));
  expect(pool.emptiest(2, true)).toHaveLength(Math.min(2, sorted.filter((open) => open === 0).length));
}

describe("a pool of streamlets", () => {
  it("does as two plain lists do, after every step of any history", () => {
    fc.assert(
      fc.property(steps, (history) => {
        const pool = new StreamletPool(poolSpec(0, { slots: SLOTS }));
        const naive = new NaivePool();
        let nowMs = 0;
        history.forEach(({ step, which, waitMs }, i) => {
          nowMs += waitMs;
          naive.pass(nowMs);
          apply(pool, naive, step, which, nowMs, i);
          if (i % 5 === 0 || i === history.length - 1) compare(pool, naive, nowMs);
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("fails on a stream above the slots, and on the end of a stream that it does not carry", () => {
    const pool = new StreamletPool(poolSpec(0, { slots: 1 }));
    const streamlet = new Streamlet(5, 0, 1, 0);
    streamlet.state = "ready";
    pool.addReady(streamlet, 0);
    pool.take(streamlet, 0);
    expect(() => pool.take(streamlet, 0)).toThrow(/streamlet 5 holds 1 streams and was given one more/);
    pool.release(streamlet, 0);
    expect(() => pool.release(streamlet, 0)).toThrow(/streamlet 5 lost a stream that it did not have/);
  });

  it("fails on the end of a spawn that it does not have, and keeps the others in order of launch", () => {
    const pool = new StreamletPool(poolSpec(0));
    const spawns = [1, 2, 3].map((id) => new Streamlet(id, 0, 2, 0));
    pool.spawning.push(...spawns);
    pool.removeSpawning(spawns[1]);
    expect(() => pool.removeSpawning(spawns[1])).toThrow(/streamlet 2 is not among the spawning ones/);
    expect(pool.spawning.map(({ id }) => id)).toEqual([1, 3]);
  });

  it("takes in and lets go a streamlet that came full, and offers it only once it has a free slot", () => {
    const pool = new StreamletPool(poolSpec(0, { slots: 1 }));
    const full = new Streamlet(5, 0, 1, 0);
    full.state = "ready";
    full.open = 1;
    pool.addReady(full, 0);
    pool.removeReady(full, 0);
    expect([pool.ready, pool.available, pool.openReady]).toEqual([[], [], 0]);
    pool.addReady(full, 0);
    expect(pool.leastLoaded()).toBeUndefined();
    pool.release(full, 0);
    expect([pool.leastLoaded(), pool.mostLoaded()]).toEqual([full, full]);
  });

  it("finds neither emptiest nor fullest in an empty or a full pool", () => {
    const pool = new StreamletPool(poolSpec(0, { slots: 1 }));
    expect([pool.leastLoaded(), pool.mostLoaded()]).toEqual([undefined, undefined]);
    const streamlet = new Streamlet(5, 0, 1, 0);
    streamlet.state = "ready";
    pool.addReady(streamlet, 0);
    pool.take(streamlet, 0);
    expect([pool.leastLoaded(), pool.mostLoaded()]).toEqual([undefined, undefined]);
  });
});
