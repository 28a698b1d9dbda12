import { describe, expect, it } from "vitest";
import type { FleetObservation, Policy } from "../../src/ports/policy.js";
import { Phase } from "../../src/ports/scheduler.js";
import { type HandRequest, handDriven } from "../world/hand-driven.js";

/** A policy that keeps what it saw, with what was true when it looked. */
class Spy implements Policy {
  readonly wakeOn = ["no-free-slot", "stream-ended"] as const;
  readonly seen: FleetObservation[] = [];
  readonly survivorsSeen: number[] = [];
  readonly historySeen: number[] = [];

  decide(observation: FleetObservation): [] {
    this.seen.push(observation);
    this.survivorsSeen.push(observation.holding.survivors(0, 0));
    const { history } = observation;
    let total = 0;
    // The policy asks for bins that are not closed for it yet.
    for (let bin = 0; bin < history.length + 3; bin++) total += history.at(0, bin) || 0;
    this.historySeen.push(total);
    return [];
  }
}

const tickS = 10;
const durationS = 1500;
/** One request each second, each of 100 s: the number of open ones shows when it was counted. */
const everySecond: HandRequest[] = Array.from({ length: durationS }, (_, i) => ({ atS: i + 0.5, holdS: 100 }));

function spied(scrapeLagS: number): Spy {
  const spy = new Spy();
  const document = {
    duration: `${durationS}s`,
    streams: { holding: "1s" },
    fleet: { streamlet: { slots: 200 } },
    policies: [{ kind: "./spy.js", min: 1, tick: `${tickS}s`, scrapeLag: `${scrapeLagS}s` }],
  };
  const run = handDriven(document, everySecond, spy);
  run.advance(durationS * 1000);
  run.result();
  return spy;
}

describe("what a policy sees", () => {
  it.each([0, 3, 10, 15, 27, 400])("is never younger than now − %d s, and never older than it must be", (lagS) => {
    const { seen } = spied(lagS);
    expect(seen.length).toBeGreaterThan(1000);
    for (const observation of seen) {
      const [pool] = observation.pools;
      const newestMs = observation.nowMs - lagS * 1000;
      if (pool.observedAtMs === Number.NEGATIVE_INFINITY) {
        // Before the first scrape, which is that of a tick, nothing is known.
        expect(newestMs).toBeLessThan(tickS * 1000);
        expect(pool).toMatchObject({ open: 0, arrivals: 0, observedReady: 0 });
        continue;
      }
      if (pool.observedAtMs > newestMs) expect.fail(`at ${observation.nowMs} it saw ${pool.observedAtMs}`);
      // At a tick it is exactly the scrape of that tick; between ticks at most one tick older.
      if (observation.trigger === "tick") expect(pool.observedAtMs).toBe(newestMs);
      else expect(pool.observedAtMs).toBeGreaterThan(newestMs - tickS * 1000 - 1e-6);
      const atS = pool.observedAtMs / 1000;
      // Arrivals at 0.5, 1.5, …; each is open for 100 s.
      const arrived = Math.floor(atS + 0.5);
      if (lagS > 0 || observation.trigger === "tick") {
        expect(pool.arrivals).toBe(arrived);
        expect(pool.open).toBe(Math.min(100, arrived));
      }
    }
  });

  it.each([0, 15, 120])("does not leak through the holding times or the history with a lag of %d s", (lagS) => {
    const { seen, survivorsSeen, historySeen } = spied(lagS);
    seen.forEach(({ pools: [pool], trigger, history }, i) => {
      if (trigger !== "tick") return;
      // Those open at the observation, all of which survive the next 0 s.
      if (Math.abs(survivorsSeen[i] - pool.open) > 1e-6) expect(survivorsSeen[i]).toBeCloseTo(pool.open, 6);
      const closedBins = Math.max(0, Math.floor(pool.observedAtMs / history.binMs));
      expect(history.length).toBe(closedBins);
      // Bins of five minutes, one request each second.
      expect(historySeen[i]).toBe(closedBins * 300);
    });
  });

  it("has the manager's present counts, and integrals whose differences give means", () => {
    const { seen } = spied(0);
    const ticks = seen.filter(({ trigger }) => trigger === "tick");
    const [one, other] = [ticks[30].pools[0], ticks[60].pools[0]];
    expect([one.ready, one.spawning, one.observedReady]).toEqual([1, 0, 1]);
    const seconds = (other.observedAtMs - one.observedAtMs) / 1000;
    expect((other.openStreamMs - one.openStreamMs) / 1000 / seconds).toBeCloseTo(100, 6);
  });
});

describe("the ticks", () => {
  it("come at k·period exactly, after a first decision at the start", () => {
    const { seen } = spied(0);
    expect(seen[0]).toMatchObject({ trigger: "start", nowMs: 0 });
    const ticks = seen.filter(({ trigger }) => trigger === "tick").map(({ nowMs }) => nowMs);
    expect(ticks).toEqual(Array.from({ length: durationS / tickS }, (_, k) => (k + 1) * tickS * 1000));
  });
});

describe("the control plane", () => {
  it("wakes a policy that asks for it when no slot is free, a stream ends or a streamlet changes", () => {
    const triggers: string[] = [];
    const policy: Policy = {
      wakeOn: ["no-free-slot", "stream-ended", "streamlet-changed"],
      decide: ({ trigger, nowMs, pools: [pool] }) => {
        triggers.push(`${nowMs / 1000} ${trigger}`);
        return trigger === "no-free-slot" ? [{ desired: pool.ready + 1, reason: "one more" }] : [];
      },
    };
    const document = {
      duration: "60s",
      streams: { holding: "1s" },
      fleet: { streamlet: { slots: 1, spawn: "2s" } },
      policies: [{ kind: "./woken.js", min: 0, tick: "infinite" }],
    };
    const run = handDriven(document, [{ atS: 5, holdS: 10 }], policy);
    run.advance(60_000);
    run.result();
    expect(triggers).toEqual(["0 start", "5 no-free-slot", "7 streamlet-changed", "17 stream-ended"]);
  });

  it("belongs a demand's arrivals to its home pool, also when another pool serves it", () => {
    const spy = new Spy();
    const document = {
      duration: "100s",
      traffic: { source: "poisson", rate: "0.000000000001/s", mix: [{ region: "eu", share: 1 }] },
      streams: { holding: "1s" },
      fleet: { regions: [{ name: "eu" }, { name: "us" }], streamlet: { slots: 1 } },
      policies: [{ kind: "./spy.js", min: 1, tick: "50s" }],
    };
    // The second and the third find eu full: one goes to us, one waits.
    const requests = [1, 2, 3].map((atS) => ({ atS, holdS: 60 }));
    const run = handDriven(document, requests, spy);
    run.kernel.scheduleAt(10_000, Phase.Sample, () => undefined);
    run.advance(100_000);
    const { pools } = spy.seen.find(({ trigger, nowMs }) => trigger === "tick" && nowMs === 50_000)!;
    expect(pools.map(({ arrivals, open, waiting }) => [arrivals, open, waiting])).toEqual([
      [3, 1, 1],
      [0, 1, 0],
    ]);
  });
});
