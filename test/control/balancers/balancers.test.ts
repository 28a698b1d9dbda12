import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import {
  type BalancerKind,
  balancerKinds,
  createBalancer,
  isBalancerKind,
} from "../../../src/control/balancers/built-in.js";
import { CandidateList, type SpillOver } from "../../../src/control/routing.js";
import type { Streamlet } from "../../../src/control/streamlet.js";
import type { StreamletPool } from "../../../src/control/streamlet-pool.js";
import { poolSpec } from "../fake-parts.js";
import { allowed, distanceMs, gathered, poolWith, randomPools, requestFor, routingOf } from "../loaded-pools.js";

interface Case {
  readonly pools: StreamletPool[];
  readonly region: number;
  readonly format: number;
  readonly spillOver: SpillOver;
  readonly allowed: Streamlet[];
  pick(kind: BalancerKind): Streamlet;
}

/** Many fleets with any loads, each with demand that some streamlet may serve. */
function* cases(name: string, fleets: number): Generator<Case> {
  // As in the gateway, one list for all requests: behind its end lie pools of requests before.
  const candidates = new CandidateList();
  for (let n = 0; n < fleets; n++) {
    const pools = randomPools(`${name} ${n}`);
    const spillOver = (["none", "nearest", "any"] as const)[n % 3];
    const routing = routingOf(pools, spillOver);
    for (let key = 0; key < 9; key++) {
      const [region, format] = [Math.floor(key / 3), key % 3];
      routing.gather(routing.key(region, format), candidates);
      if (candidates.count === 0) continue;
      const pick = (kind: BalancerKind): Streamlet => {
        const balancer = createBalancer(kind, {}, new RandomStream(`${name} ${n} ${key}`));
        return balancer.pick(requestFor(region, format), candidates, 0) as Streamlet;
      };
      yield { pools, region, format, spillOver, allowed: allowed(pools, region, format, spillOver), pick };
    }
  }
}

const share = (streamlet: Streamlet): number => streamlet.open / streamlet.slots;

describe.each(balancerKinds)("%s", (kind) => {
  it("picks a streamlet that decodes the format and has a free slot, in any fleet", () => {
    for (const one of cases(`any ${kind}`, 300)) {
      const picked = one.pick(kind);
      expect(picked.state).toBe("ready");
      expect(picked.open).toBeLessThan(picked.slots);
      expect(one.pools[picked.pool].spec.formats).toContain(one.format);
      // Only the weighted score may prefer a farther region to a nearer one with a free slot,
      // since distance is only a part of its sum.
      if (kind !== "weighted-score") expect(one.allowed).toContain(picked);
      if (one.spillOver === "none") expect(one.pools[picked.pool].region).toBe(one.region);
    }
  });
});

describe("least connections", () => {
  it("finds the minimum of open / slots that a search of all finds", () => {
    for (const one of cases("least", 300))
      expect(share(one.pick("least-connections"))).toBe(Math.min(...one.allowed.map(share)));
  });
});

describe("packing", () => {
  it("finds the fullest that still has room", () => {
    for (const one of cases("packing", 300))
      expect(share(one.pick("packing"))).toBe(Math.max(...one.allowed.map(share)));
  });
});

describe("the weighted score", () => {
  const weights = { load: 1.3, distance: 0.7, format: 0.4 };

  it("finds the lowest weighted sum of load, distance and format fit over every streamlet in reach", () => {
    for (let n = 0; n < 300; n++) {
      const pools = randomPools(`score ${n}`);
      const routing = routingOf(pools, "nearest");
      const balancer = createBalancer("weighted-score", weights, new RandomStream("unused"));
      for (let key = 0; key < 9; key++) {
        const [region, format] = [Math.floor(key / 3), key % 3];
        const scoreOf = (streamlet: Streamlet): number => {
          const { spec } = pools[streamlet.pool];
          const distance = spec.region === region ? 0 : distanceMs(region, spec.region);
          return 1.3 * share(streamlet) + (0.7 * distance) / 100 + 0.4 * (1 - 1 / spec.formats.length);
        };
        const reach = pools
          .filter((pool) => pool.spec.formats.includes(format))
          .flatMap((pool) => pool.ready.filter((streamlet) => streamlet.open < streamlet.slots));
        if (reach.length === 0) continue;
        const picked = balancer.pick(requestFor(region, format), gathered(routing, region, format), 0) as Streamlet;
        expect(scoreOf(picked)).toBeCloseTo(Math.min(...reach.map(scoreOf)), 12);
      }
    }
  });

  it("stays at home until the load there costs more than the way", () => {
    const pick = (homeLoad: number): number => {
      const pools = [
        poolWith(poolSpec(0, { region: 0, slots: 10 }), [homeLoad]),
        poolWith(poolSpec(1, { region: 1, slots: 10 }), [0]),
      ];
      const balancer = createBalancer("weighted-score", {}, new RandomStream("unused"));
      return (balancer.pick(requestFor(0, 0), gathered(routingOf(pools, "nearest"), 0, 0), 0) as Streamlet).pool;
    };
    // The way costs 30 ms of 100: as much as three of ten streams.
    expect([0, 2, 4, 9].map(pick)).toEqual([0, 0, 1, 1]);
  });
});

describe("power of two choices", () => {
  const pools = [
    poolWith(
      poolSpec(0, { slots: 9 }),
      Array.from({ length: 40 }, (_, i) => i % 9),
    ),
  ];
  const picks = (seed: string): number[] => {
    const balancer = createBalancer("power-of-two", {}, new RandomStream(seed));
    const candidates = gathered(routingOf(pools, "nearest"), 0, 0);
    return Array.from({ length: 5000 }, () => (balancer.pick(requestFor(0, 0), candidates, 0) as Streamlet).open);
  };

  it("picks the same for the same seed, and otherwise for another", () => {
    expect(picks("one")).toEqual(picks("one"));
    expect(picks("one")).not.toEqual(picks("two"));
  });

  it("takes the less loaded of two drawn at random: the load picked is distributed as the minimum of two", () => {
    const available = pools[0].available.map(({ open }) => open);
    const survival = (load: number): number => available.filter((open) => open >= load).length / available.length;
    const picked = picks("distribution");
    for (let load = 1; load < 9; load++) {
      const wanted = survival(load) * survival(load);
      const found = picked.filter((open) => open >= load).length / picked.length;
      // Four standard errors of a share of 5,000.
      expect(Math.abs(found - wanted)).toBeLessThan(4 * Math.sqrt((wanted * (1 - wanted)) / 5000) + 1e-9);
    }
  });
});

describe("weighted round robin", () => {
  it("shares between pools by weight × streamlets, and evenly within a pool", () => {
    const pools = [
      poolWith(poolSpec(0, { slots: 1000, weight: 5 }), [0, 0]),
      poolWith(poolSpec(1, { slots: 1000, weight: 2 }), [0, 0, 0]),
      poolWith(poolSpec(2, { slots: 1000, weight: 1 }), [0, 0, 0, 0]),
    ];
    const balancer = createBalancer("weighted-round-robin", {}, new RandomStream("unused"));
    const candidates = gathered(routingOf(pools, "nearest"), 0, 0);
    const order: number[] = [];
    const byStreamlet = new Map<number, number>();
    for (let n = 0; n < 2000; n++) {
      const picked = balancer.pick(requestFor(0, 0), candidates, 0) as Streamlet;
      order.push(picked.pool);
      byStreamlet.set(picked.id, (byStreamlet.get(picked.id) ?? 0) + 1);
    }
    // Weights 10 : 6 : 4 of 20, exactly, in every stretch of twenty.
    for (let start = 0; start < 2000; start += 20) {
      const stretch = order.slice(start, start + 20);
      expect([0, 1, 2].map((pool) => stretch.filter((one) => one === pool).length)).toEqual([10, 6, 4]);
    }
    // Smooth: the heaviest never comes three times in a row.
    expect(order.some((pool, i) => pool === 0 && order[i + 1] === 0 && order[i + 2] === 0)).toBe(false);
    expect([...byStreamlet.values()].sort((a, b) => b - a)).toEqual([500, 500, 200, 200, 200, 100, 100, 100, 100]);
  });
});

describe("equal streamlets", () => {
  /** Three pools of one region, each with two streamlets of the same load. */
  const pools = [0, 1, 2].map((at) => poolWith(poolSpec(at, { slots: 10, weight: 10 }), [4, 4]));
  const candidates = gathered(routingOf(pools, "nearest"), 0, 0);

  it.each(balancerKinds.filter((kind) => kind !== "power-of-two"))("leave the choice to the order (%s)", (kind) => {
    const balancer = createBalancer(kind, {}, new RandomStream("unused"));
    expect((balancer.pick(requestFor(0, 0), candidates, 0) as Streamlet).pool).toBe(candidates.pool(0).index);
  });

  it("leave the choice to the first draw (power-of-two)", () => {
    const balancer = createBalancer("power-of-two", {}, new RandomStream("equal"));
    const draws = new RandomStream("equal");
    const all = [0, 1, 2].flatMap((i) => [...candidates.pool(i).available]);
    for (let n = 0; n < 50; n++) {
      const first = all[draws.integerBelow(all.length)];
      draws.integerBelow(all.length);
      expect(balancer.pick(requestFor(0, 0), candidates, 0)).toBe(first);
    }
  });
});

it("a balancer's kind is one of those that there are", () => {
  expect(balancerKinds.every(isBalancerKind)).toBe(true);
  expect(["", "packed", "constructor"].some(isBalancerKind)).toBe(false);
});
