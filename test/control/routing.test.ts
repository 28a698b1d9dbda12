import { describe, expect, it } from "vitest";
import { CandidateList, Routing } from "../../src/control/routing.js";
import { poolSpec } from "./fake-parts.js";
import { allowed, gathered, poolWith, randomPools, routingOf } from "./loaded-pools.js";

describe("routing", () => {
  // eu decodes 0 and 1; us decodes 0; ap decodes 0 and 2.
  const pools = [
    poolWith(poolSpec(0, { region: 0, formats: [0, 1] }), [0]),
    poolWith(poolSpec(1, { region: 1, formats: [0] }), [0]),
    poolWith(poolSpec(2, { region: 2, formats: [0, 2] }), [0]),
  ];

  it("looks at formats first: a pool that cannot decode it is no candidate, however near", () => {
    const candidates = gathered(routingOf(pools, "nearest"), 1, 2);
    expect(candidates.count).toBe(1);
    expect(candidates.pool(0).index).toBe(2);
  });

  it("names the home of a demand: its own region, else the nearest that can, else none", () => {
    const routing = routingOf(pools, "nearest");
    expect(routing.homePool(routing.key(1, 0))).toBe(1);
    expect(routing.homePool(routing.key(1, 1))).toBe(0);
    const strict = routingOf(pools, "none");
    expect(strict.homePool(strict.key(1, 1))).toBe(-1);
  });

  it('spills over by distance, one tier per distance, with "nearest"', () => {
    const candidates = gathered(routingOf(pools, "nearest"), 2, 0);
    const order = [0, 1, 2].map((i) => [candidates.pool(i).region, candidates.tier(i), candidates.distanceMs(i)]);
    expect(order).toEqual([
      [2, 0, 0],
      [1, 1, 50],
      [0, 2, 80],
    ]);
  });

  it('spills over to all others alike with "any", and to none with "none"', () => {
    const any = gathered(routingOf(pools, "any"), 2, 0);
    expect([0, 1, 2].map((i) => any.tier(i))).toEqual([0, 1, 1]);
    const none = gathered(routingOf(pools, "none"), 2, 0);
    expect([none.count, none.pool(0).region]).toEqual([1, 2]);
  });

  it("knows the scenario's regions and formats, and no others", () => {
    const routing = routingOf(pools, "nearest");
    const pairs = [
      [0, 0],
      [2, 2],
      [-1, 0],
      [3, 0],
      [0, -1],
      [0, 3],
    ] as const;
    expect(pairs.map(([region, format]) => routing.knows(region, format))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect([-1, 0, 2, 3].map((region) => routing.knowsRegion(region))).toEqual([false, true, true, false]);
    expect(routing.sources.map((keys) => keys.every(Number.isInteger))).toEqual([true, true, true]);
  });

  it("is at home at distance 0 in the first tier only: a region just as near is another tier", () => {
    const near = [
      poolWith(poolSpec(0, { region: 1 }), [0]),
      poolWith(poolSpec(1, { region: 0 }), [0]),
      poolWith(poolSpec(2, { region: 0 }), [0]),
    ];
    // This geography has a distance from each region to itself, which does not count.
    const geography = { regionCount: 2, formatCount: 1, spillOver: "nearest" as const };
    const to = (distanceMs: (from: number, to: number) => number) => {
      const candidates = gathered(new Routing(near, { ...geography, distanceMs }), 0, 0);
      return [0, 1, 2].map((i) => [candidates.pool(i).index, candidates.tier(i), candidates.distanceMs(i)]);
    };
    const order = [
      [1, 0, 0],
      [2, 0, 0],
      [0, 1, 0],
    ];
    expect(to(() => 0)).toEqual(order);
    expect(to((from, region) => (from === region ? 90 : 0))).toEqual(order);
  });

  it("leaves out pools without a free slot", () => {
    const full = [poolWith(poolSpec(0, { region: 0 }), [2, 2]), poolWith(poolSpec(1, { region: 1 }), [2, 1])];
    const candidates = gathered(routingOf(full, "nearest"), 0, 0);
    expect([candidates.count, candidates.pool(0).index]).toEqual([1, 1]);
  });

  it("fills one list anew for each request, of whatever route", () => {
    for (let n = 0; n < 50; n++) {
      const routing = routingOf(randomPools(`one list ${n}`), "nearest");
      const list = new CandidateList();
      // Twice each, and then the next: the same route again, and another one.
      for (let turn = 0; turn < 18; turn++) {
        const [region, format] = [(turn >> 1) % 3, Math.floor(turn / 6)];
        routing.gather(routing.key(region, format), list);
        const fresh = gathered(routing, region, format);
        const seen = (from: CandidateList): unknown[] =>
          Array.from({ length: from.count }, (_, i) => [from.pool(i), from.tier(i), from.distanceMs(i)]);
        expect(seen(list)).toEqual(seen(fresh));
      }
    }
  });

  it("finds for any pools exactly those that the rule allows in its lowest tier", () => {
    for (let n = 0; n < 300; n++) {
      const some = randomPools(`routing ${n}`);
      for (const spillOver of ["none", "nearest", "any"] as const) {
        const routing = routingOf(some, spillOver);
        for (let region = 0; region < 3; region++) {
          for (let format = 0; format < 3; format++) {
            const candidates = gathered(routing, region, format);
            const found = new Set<number>();
            for (let i = 0; i < candidates.count && candidates.tier(i) === candidates.tier(0); i++)
              for (const { id } of candidates.pool(i).available) found.add(id);
            expect(found).toEqual(new Set(allowed(some, region, format, spillOver).map(({ id }) => id)));
          }
        }
      }
    }
  });

  it("lists the demands that a pool may serve, the reverse of the pools that may serve a demand", () => {
    for (let n = 0; n < 50; n++) {
      const some = randomPools(`sources ${n}`).filter((pool) => pool.available.length > 0);
      for (const [i, pool] of some.entries()) Object.assign(pool, { index: i });
      const routing = routingOf(some, n % 2 === 0 ? "nearest" : "none");
      for (let region = 0; region < 3; region++) {
        for (let format = 0; format < 3; format++) {
          const candidates = gathered(routing, region, format);
          const able = Array.from({ length: candidates.count }, (_, i) => candidates.pool(i).index).sort();
          const key = routing.key(region, format);
          const reverse = some.flatMap((_, i) => (routing.sources[i].includes(key) ? [i] : []));
          expect(able).toEqual(reverse);
        }
      }
    }
  });
});
