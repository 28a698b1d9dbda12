import { describe, expect, it } from "vitest";
import type { RunResult } from "../../src/world/run-result.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "./written-scenario.js";

/** Worlds whose answer follows on paper. */
function runOf(document: object, replication = 0): RunResult {
  const scenario = scenarioOf(document);
  return simulate(scenario, scenario.policies[0], replication, noUserModules);
}

/** Streams of a fifth of a core, or of a megabit, on classes X and Y that are capped at one. */
function capsDocument(resource: "cpu" | "network", hosts?: { readonly regions: readonly object[] }): object {
  const one = resource === "cpu" ? 1 : "1Mbps";
  const load = resource === "cpu" ? { cpu: 0.2 } : { bitrate: "0.2Mbps" };
  return {
    name: "caps",
    seed: 3,
    duration: "1000min",
    warmup: "50min",
    traffic: {
      source: "poisson",
      rate: "12/min",
      mix: [
        { format: "x", share: 11 },
        { format: "y", share: 1 },
      ],
    },
    streams: { holding: { kind: "exponential", mean: "1min" }, ...load },
    fleet: {
      ...hosts,
      streamlet: [
        { name: "X", formats: ["x"], slots: 50, [resource]: one, spawn: "0s" },
        { name: "Y", formats: ["y"], slots: 50, [resource]: one, spawn: "0s" },
      ],
      max: 2,
    },
    policies: [{ kind: "static", count: 1 }],
  };
}

const loopDocument = {
  name: "loop",
  seed: 4,
  duration: "10h",
  traffic: { source: "poisson", rate: "1/h" },
  streams: { holding: { kind: "exponential", mean: "1s" } },
  fleet: { streamlet: { slots: 1, spawn: "0s" }, max: 1 },
  faults: { streamletMtbf: "2s" },
  policies: [{ kind: "static", count: 1 }],
};

const hurtDocument = {
  name: "hurt",
  seed: 77,
  duration: "62h",
  warmup: "2h",
  traffic: { source: "poisson", rate: "20/min" },
  streams: { holding: { kind: "exponential", mean: "10min" } },
  reconnect: { backoff: "5s", factor: 1, max: "5s", attempts: 1000 },
  fleet: { streamlet: { slots: 1000, spawn: "0s" }, max: 4, restart: { backoff: "0s" } },
  faults: { streamletMtbf: "20min" },
  policies: [{ kind: "static", count: 4 }],
};

/**
 * Twenty minutes of many streams of half an hour, then next to none: the HPA drains streamlets
 * that are still full.
 */
const ebbDocument = {
  name: "ebb",
  seed: 1,
  duration: "3h",
  traffic: { source: "sinusoid", rate: "1/s", amplitude: 1, period: "80min" },
  streams: { holding: { kind: "exponential", mean: "30min" } },
  fleet: { streamlet: { slots: 8, spawn: "5s" } },
  policies: [{ kind: "hpa", scaleDown: { stabilisationWindow: "0s" } }],
};

describe("worlds with a known answer", () => {
  it.each([
    ["cpu", 2],
    ["network", "2Mbps"],
  ] as const)("a cap of %s protects the neighbours: on a host of two, two caps of one never meet", (resource, two) => {
    // X carries 11 of 12 streams and demands 2.2 cores of its one; Y demands 0.2. The host has
    // what both caps allow.
    const hosted = capsDocument(resource, { regions: [{ name: "r", hosts: 1, [resource]: two }] });
    const { degradedStreamRatio } = runOf(hosted).metrics;
    expect(degradedStreamRatio).toBe(runOf(capsDocument(resource)).metrics.degradedStreamRatio);
    // Three standard errors of a share of 11/12 among 11,400 streams are 0.0078; identical runs
    // do not differ at all.
    expect(Math.abs(degradedStreamRatio - 11 / 12)).toBeLessThan(0.0078);
  });

  it("a host too small for what its streamlets take degrades them all", () => {
    // One core for X's cap of one and Y's demand: Y's streams degrade whenever X is at its cap,
    // nearly always.
    const hosted = capsDocument("cpu", { regions: [{ name: "r", hosts: 1, cpu: 1, cpuOvercommit: 2 }] });
    expect(runOf(hosted).metrics.degradedStreamRatio).toBeGreaterThan(0.98);
  });

  it("a class that can exceed its cap degrades its streams, though the class before it never can", () => {
    // X: at most 50 · 0.2 cores of its 100. Y, a twelfth of the streams, is alone e⁻¹ of the time
    // and above its 0.3 with any second stream.
    const { fleet, ...rest } = capsDocument("cpu") as { fleet: { streamlet: object[] } };
    const [x, y] = fleet.streamlet;
    const streamlet = [
      { ...x, cpu: 100 },
      { ...y, cpu: 0.3 },
    ];
    const { degradedStreamRatio } = runOf({ ...rest, fleet: { ...fleet, streamlet } }).metrics;
    expect(degradedStreamRatio).toBeGreaterThan((1 - Math.exp(-1)) / 12);
    expect(degradedStreamRatio).toBeLessThan(1 / 12 + 0.0078);
  });

  it("streams whose demand has no bound exceed a cap that full streamlets just reach on average", () => {
    // X: 20 slots of 0.2 cores on average under a cap of 4; 11 streams are open on average.
    const { fleet, streams, ...rest } = capsDocument("cpu") as { fleet: { streamlet: object[] }; streams: object };
    const streamlet = fleet.streamlet.map((one) => ({ ...one, slots: 20, cpu: 4 }));
    const degradedWith = (cpu: unknown): number =>
      runOf({ ...rest, streams: { ...streams, cpu }, fleet: { ...fleet, streamlet } }).metrics.degradedStreamRatio;
    expect(degradedWith(0.2)).toBe(0);
    expect(degradedWith({ kind: "exponential", mean: 0.2 })).toBeGreaterThan(0);
  });

  it("a crash loop backs off to one start per five minutes", () => {
    // Waits of 1, 2, … 256 s make 511 s; the rest of 36,000 s has room for (36,000 − 511) / (300
    // + 2) = 117.5 more starts.
    const { spawns } = runOf(loopDocument).metrics;
    expect(spawns).toBeGreaterThan(122);
    expect(spawns).toBeLessThan(132);
  });

  it("a crash loop begins again after each streamlet that was healthy for long enough", () => {
    // Lives of 2 s on average, and one of 2 s counts as healthy: e⁻¹ = 37 % do. Of 1/0.37 lives the
    // waits are 2^k s with
    // chance 0.63^(k+1), k = 0 … 8, then 300 s: some 23 s for 2.7 starts and 5.4 s of life, so
    // about 3,400 starts.
    const healthy = { ...loopDocument, fleet: { ...loopDocument.fleet, restart: { healthyAfter: "2s" } } };
    const { spawns } = runOf(healthy).metrics;
    expect(spawns).toBeGreaterThan(2000);
    expect(spawns).toBeLessThan(6000);
  });

  it("a crash hurts all streams of its streamlet, and interrupts first attempts once each", () => {
    // 200 streams on four streamlets; a life ends independently of the streams, with 50 on
    // average.
    const { metrics, sums } = runOf(hurtDocument);
    const { streamsHurtPerCrash, crashes } = metrics;
    // For a first attempt a crash (1 per 20 min) comes before the end (1 per 10 min) in one of
    // three. The 72,000 share their crashes with 50 others: a standard error of √(50 · 2/9 /
    // 72,000).
    const standardError = Math.sqrt((50 * 2) / 9 / sums.arrivals);
    expect(Math.abs(metrics.interruptedRatio - 1 / 3)).toBeLessThan(4 * standardError);
    expect(sums.ended).toBeLessThanOrEqual(sums.arrivals);
    // Clients are back within 5 s of 20 min: 0.8 % of their time is missing. About 720 crashes,
    // each interrupting 50 ± 25 streams.
    expect(Math.abs(streamsHurtPerCrash - 50 / 1.008)).toBeLessThan((4 * 25) / Math.sqrt(crashes));
  });

  it("streams on draining streamlets are no load of the ready ones: utilisation never exceeds 1", () => {
    const { metrics, timeline } = runOf(ebbDocument);
    expect(metrics.utilisationMean).toBeLessThanOrEqual(1);
    expect(metrics.openDrainingMean).toBeGreaterThan(10);
    const { openDraining } = timeline;
    if (openDraining === undefined) throw new Error("a run of today has openDraining");
    let above = 0;
    for (let bin = 0; bin < timeline.open.length; bin++) {
      expect(timeline.open[bin] - openDraining[bin]).toBeLessThanOrEqual(timeline.readySlots[bin] + 1e-6);
      if (timeline.open[bin] > timeline.readySlots[bin]) above++;
    }
    // The chart's demand was above its capacity although no request waited.
    expect(above).toBeGreaterThan(10);
    const openMs = openDraining.reduce((sum, value) => sum + value * timeline.binMs, 0);
    expect(openMs / (3 * 3_600_000)).toBeCloseTo(metrics.openDrainingMean, 6);
  });

  it("a streamlet that hangs counts as one that crashed, and hurts its streams", () => {
    const hanging = { ...hurtDocument, duration: "12h", faults: { hangMtbf: "20min", hangTimeout: "10s" } };
    const { metrics, stops } = runOf(hanging);
    expect(stops.hung).toBeGreaterThan(100);
    // Of twelve hours two are warm-up.
    expect(metrics.crashes).toBeGreaterThan(0.7 * stops.hung);
    expect(metrics.crashes).toBeLessThanOrEqual(stops.hung);
    expect(metrics.streamsHurtPerCrash).toBeGreaterThan(30);
  });

  it("streams that a crash cut short count as degraded like those that ran to their end", () => {
    // Each streamlet carries some fifty streams of 0.2 cores on one core: all of them degrade,
    // however they end.
    const crowded = {
      ...hurtDocument,
      duration: "12h",
      streams: { ...hurtDocument.streams, cpu: 0.2 },
      fleet: { ...hurtDocument.fleet, streamlet: { slots: 1000, cpu: 1, spawn: "0s" } },
    };
    const { metrics } = runOf(crowded);
    expect(metrics.interruptedRatio).toBeGreaterThan(0.2);
    expect(metrics.degradedStreamRatio).toBeGreaterThan(0.9);
  });
});
