import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import type { ScaleIn } from "../../src/control/scale-in.js";
import { Streamlet } from "../../src/control/streamlet.js";
import { StreamletPool } from "../../src/control/streamlet-pool.js";
import { chooseCancelled, chooseUndrained, chooseVictims } from "../../src/control/victims.js";
import { poolSpec } from "./fake-parts.js";

const random = () => new RandomStream("victims");
const ids = (streamlets: readonly Streamlet[]): number[] => streamlets.map(({ id }) => id);

function scaleIn(victims: ScaleIn["victims"], lazy = false): ScaleIn {
  return { victims, undrain: true, lazy };
}

/**
 * Ready streamlets, added in this order; each with the instant it became ready and its open
 * streams.
 */
function readyPool(...ready: readonly [id: number, readyAtMs: number, open?: number][]): StreamletPool {
  const pool = new StreamletPool(poolSpec(0));
  for (const [id, readyAtMs, open = 0] of ready) {
    const streamlet = new Streamlet(id, 0, 2, 0);
    streamlet.readyAtMs = readyAtMs;
    pool.addReady(streamlet, readyAtMs);
    for (let i = 0; i < open; i++) pool.take(streamlet, readyAtMs);
  }
  return pool;
}

describe("the victims of a pool that shrinks", () => {
  it("are the emptiest, not the oldest, where the policy asks for these", () => {
    const pool = readyPool([1, 0, 1], [2, 5], [3, 9, 2]);
    expect(ids(chooseVictims(pool, 2, scaleIn("emptiest"), random()))).toEqual([2, 1]);
  });

  const pool = () => readyPool([5, 200], [3, 300], [4, 100, 1], [9, 200], [2, 300, 2], [1, 200]);

  it("are the newest first; of those that became ready together, those launched last", () => {
    expect(ids(chooseVictims(pool(), 5, scaleIn("newest"), random()))).toEqual([3, 2, 9, 5, 1]);
  });

  it("are the oldest first; of those that became ready together, those launched first", () => {
    expect(ids(chooseVictims(pool(), 5, scaleIn("oldest"), random()))).toEqual([4, 1, 5, 9, 2]);
  });

  it("are empty ones only where the pool shrinks lazily", () => {
    expect(ids(chooseVictims(pool(), 9, scaleIn("newest", true), random()))).toEqual([3, 9, 5, 1]);
    expect(ids(chooseVictims(pool(), 9, scaleIn("emptiest", true), random())).sort()).toEqual([1, 3, 5, 9]);
  });

  it("leave the pool's own order as it was", () => {
    const shrinking = pool();
    const before = ids(shrinking.ready);
    for (const victims of ["newest", "oldest", "random"] as const)
      chooseVictims(shrinking, 3, scaleIn(victims), random());
    expect(ids(shrinking.ready)).toEqual(before);
  });

  it("are each streamlet equally often where they are drawn, and none twice", () => {
    const stream = random();
    const times = new Map<number, number>();
    for (let draw = 0; draw < 3000; draw++) {
      const drawn = ids(chooseVictims(pool(), 2, scaleIn("random"), stream));
      expect(new Set(drawn).size).toBe(2);
      for (const id of drawn) times.set(id, (times.get(id) ?? 0) + 1);
    }
    // Each is drawn in a third of 3,000 times: a standard deviation of 26.
    for (const id of [1, 2, 3, 4, 5, 9]) expect(Math.abs((times.get(id) ?? 0) - 1000)).toBeLessThan(4 * 26);
    expect(ids(chooseVictims(pool(), 99, scaleIn("random"), stream)).sort()).toEqual([1, 2, 3, 4, 5, 9]);
  });
});

describe("the spawns that are cancelled", () => {
  /** Streamlets that spawn, the oldest launch first; those of `warm` leave the warm pool. */
  function spawningPool(count: number, warm: readonly number[]): StreamletPool {
    const pool = new StreamletPool(poolSpec(0));
    for (let id = 0; id < count; id++) {
      const streamlet = new Streamlet(id, 0, 2, 0);
      if (warm.includes(id)) streamlet.activationTimer = 7;
      pool.spawning.push(streamlet);
    }
    return pool;
  }

  it.each([
    [1, [5]],
    [4, [5, 3, 2, 4]],
    [5, [5, 3, 2, 4, 1]],
    [9, [5, 3, 2, 4, 1, 0]],
  ])("are cold starts before warm ones, the youngest first: up to %i", (limit, cancelled) => {
    expect(ids(chooseCancelled(spawningPool(6, [0, 1, 4]), limit))).toEqual(cancelled);
  });

  it("are as many as the limit if exactly that many are cold", () => {
    expect(ids(chooseCancelled(spawningPool(4, [3]), 3))).toEqual([2, 1, 0]);
  });

  it("leave the order of launches as it was", () => {
    const pool = spawningPool(4, [2]);
    chooseCancelled(pool, 2);
    expect(ids(pool.spawning)).toEqual([0, 1, 2, 3]);
  });
});

describe("the draining streamlets that are taken back", () => {
  it("are the fullest first, then those launched first; none without a stream, none that is evicted", () => {
    const pool = readyPool([4, 0, 1], [2, 0, 2], [1, 0, 1], [3, 0], [6, 0, 2], [5, 0, 1]);
    for (const streamlet of pool.ready.slice()) {
      if (streamlet.id === 6) streamlet.eviction = "evicting";
      pool.removeReady(streamlet, 0);
      pool.addDraining(streamlet, 0);
    }
    expect(ids(chooseUndrained(pool, 9))).toEqual([2, 1, 4, 5]);
    expect(ids(chooseUndrained(pool, 2))).toEqual([2, 1]);
  });
});
