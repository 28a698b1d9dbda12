import { describe, expect, it } from "vitest";
import { createHybrid, type ReactivePart } from "../../../src/control/policies/hybrid.js";
import type {
  ArrivalOutlook,
  FleetObservation,
  Policy,
  PoolDecision,
  PoolObservation,
} from "../../../src/ports/policy.js";
import { fleetSeen, poolSeen } from "./hand-observation.js";

type Part = Partial<PoolDecision> | undefined;

/** A policy that decides this of the only pool, and the instants and pools that it saw. */
function part(decide: (nowMs: number) => Part, more: Partial<Policy> = {}) {
  const seen: { readonly atS: number; readonly pool: PoolObservation }[] = [];
  const policy: Policy = {
    ...more,
    decide: ({ pools: [pool] }, nowMs) => {
      seen.push({ atS: nowMs / 1000, pool });
      const decided = decide(nowMs);
      return decided === undefined ? [] : [{ desired: 0, reason: "because", ...decided }];
    },
  };
  return { policy, seen, instants: () => seen.map(({ atS }) => atS) };
}

function hybridOf(floor: Part, reactive: Part, more: Partial<ReactivePart> = {}) {
  const [below, above] = [part(() => floor), part(() => reactive)];
  const hybrid = createHybrid(below.policy, { policy: above.policy, tickMs: 15_000, scrapeLagMs: 0, ...more });
  const decide = (atS: number, trigger: FleetObservation["trigger"] = "tick", pool: Partial<PoolObservation> = {}) =>
    hybrid.decide(fleetSeen(atS * 1000, poolSeen(atS * 1000, pool), trigger), atS * 1000)[0];
  return { decide, below, above };
}

describe("the hybrid's decision", () => {
  it("is the floor's where both ask for the same, with the details of both counts", () => {
    const { decide } = hybridOf({ desired: 4, reason: "forecast", details: { load: 30 } }, { desired: 4 });
    expect(decide(0)).toEqual({
      desired: 4,
      reason: "floor: forecast",
      details: { load: 30, floor: 4, reactive: 4 },
    });
  });

  it("is the reactive part's where that asks for more, with its own details", () => {
    const { decide } = hybridOf({ desired: 4 }, { desired: 5, reason: "busy", details: { raw: 7 } });
    expect(decide(0)).toEqual({ desired: 5, reason: "reactive: busy", details: { raw: 7, floor: 4, reactive: 5 } });
  });

  it("is the reactive part's where the floor leaves the pool out, whose minimum then stays", () => {
    const { decide, above } = hybridOf(undefined, { desired: 0 });
    expect(decide(0, "start", { min: 2 })).toEqual({
      desired: 0,
      reason: "reactive: because",
      details: { floor: 0, reactive: 0 },
    });
    expect(above.seen[0].pool.min).toBe(2);
  });

  it("is the floor's where the reactive part has not decided yet", () => {
    const { decide } = hybridOf({ desired: 3 }, undefined);
    expect(decide(0)).toEqual({ desired: 3, reason: "floor: because", details: { floor: 3, reactive: 0 } });
  });

  it("keeps what is in force where neither decides", () => {
    const { decide } = hybridOf(undefined, undefined);
    expect(decide(0, "tick", { desired: 6 })).toEqual({
      desired: 6,
      reason: "reactive: no-decision",
      details: { floor: 0, reactive: 0 },
    });
  });

  it("keeps the last reaction where the reactive part leaves the pool out later", () => {
    const reactive = part((nowMs) => (nowMs === 0 ? { desired: 8, reason: "busy" } : undefined));
    const hybrid = createHybrid(part(() => ({ desired: 1 })).policy, {
      policy: reactive.policy,
      tickMs: 15_000,
      scrapeLagMs: 0,
    });
    for (const nowMs of [0, 15_000]) {
      const [decision] = hybrid.decide(fleetSeen(nowMs, poolSeen(nowMs, {})), nowMs);
      expect([decision?.desired, decision?.reason]).toEqual([8, "reactive: busy"]);
    }
    expect(reactive.instants()).toEqual([0, 15]);
  });

  it("has the outlook of its floor, if that has one", () => {
    const outlook = { fromMs: 0, binMs: 300_000 } as ArrivalOutlook;
    const forecasting = part(() => undefined, { outlook: (pool) => (pool === 1 ? outlook : undefined) });
    const plain = part(() => undefined);
    const reactive = { policy: plain.policy, tickMs: 15_000, scrapeLagMs: 0 };
    expect(createHybrid(forecasting.policy, reactive).outlook?.(1)).toBe(outlook);
    expect(createHybrid(plain.policy, reactive).outlook?.(1)).toBeUndefined();
  });
});

describe("the hybrid between two ticks", () => {
  it("asks the reactive part alone, and does not delay its next tick", () => {
    // The hybrid decides every 10 s, the reactive part at the first of them from each 15 s on.
    const { decide, below, above } = hybridOf({ desired: 1 }, { desired: 1 });
    for (const atS of [0, 10]) decide(atS);
    decide(16, "no-free-slot");
    for (const atS of [20, 30]) decide(atS);
    expect(below.instants()).toEqual([0, 10, 20, 30]);
    expect(above.instants()).toEqual([0, 16, 20, 30]);
  });

  it("shows the reactive part the present if its metrics have no lag", () => {
    const { decide, above } = hybridOf({ desired: 1 }, { desired: 1 });
    decide(0, "start", { open: 5 });
    decide(2, "no-free-slot", { open: 8, waiting: 1 });
    expect(above.seen.map(({ pool }) => [pool.observedAtMs, pool.open, pool.waiting])).toEqual([
      [0, 5, 0],
      [2000, 8, 1],
    ]);
  });
});

describe("the metrics of the hybrid's reactive part", () => {
  const seen = { observedReady: 2, open: 9, openDraining: 3, waiting: 4, arrivals: 50, openStreamMs: 6e4 };

  it("are as old as its lag, and counts of streamlets are current", () => {
    const { decide, above } = hybridOf({ desired: 1 }, { desired: 1 }, { tickMs: 5000, scrapeLagMs: 7000 });
    const scraped = { ...seen, waitingRequestMs: 700, drainingStreamMs: 800 };
    decide(0, "start", { ...scraped, ready: 2 });
    decide(5, "tick", { ready: 3, open: 20 });
    decide(10, "tick", { ready: 4, open: 30 });
    expect(above.seen[2].pool).toMatchObject({ ...scraped, ready: 4, observedAtMs: 0 });
  });

  it("are none before the first scrape is as old as the lag", () => {
    const { decide, above } = hybridOf({ desired: 1 }, { desired: 1 }, { tickMs: 5000, scrapeLagMs: 7000 });
    decide(0, "start", { ...seen, ready: 2 });
    decide(5, "tick", { ...seen, ready: 2 });
    for (const { pool } of above.seen)
      expect(pool).toMatchObject({ ready: 2, observedAtMs: Number.NEGATIVE_INFINITY, open: 0, arrivals: 0 });
  });

  it("are the newest of several scrapes that are old enough, at exactly the lag, too", () => {
    const { decide, above } = hybridOf({ desired: 1 }, { desired: 1 }, { tickMs: 20_000, scrapeLagMs: 10_000 });
    for (const atS of [0, 5, 10, 15, 20]) decide(atS, "tick", { open: atS });
    expect(above.seen.map(({ atS, pool }) => [atS, pool.open])).toEqual([
      [0, 0],
      [20, 10],
    ]);
  });

  it("have no time on draining streamlets where the pool reports none", () => {
    const { decide, above } = hybridOf({ desired: 1 }, { desired: 1 });
    decide(0);
    decide(15, "tick", { drainingStreamMs: 250 });
    expect(above.seen.map(({ pool }) => pool.drainingStreamMs)).toEqual([0, 250]);
  });
});
