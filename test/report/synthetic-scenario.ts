import { constantLaw, exponentialLaw, lognormalByMedian } from "../../src/base/distribution.js";
import type { PolicySpec } from "../../src/world/scenario/policy-spec.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { faultsSection } from "../../src/world/scenario/sections/faults.js";

/** What of a synthetic experiment a test wants to be different. */
export interface SyntheticOptions {
  readonly name?: string;
  readonly policies?: readonly string[];
  readonly replications?: number;
  readonly hours?: number;
  /** Without: no faults, no rejections, every request served at once. */
  readonly troubled?: boolean;
  readonly priced?: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Two regions and two formats, prices and an SLO. */
export function syntheticScenario(options: SyntheticOptions): Scenario {
  const hours = options.hours ?? 24;
  const scaleIn = { victims: "newest", undrain: false, lazy: false } as const;
  const policies = (options.policies ?? ["hpa", "predictive"]).map(
    (name): PolicySpec => ({
      name,
      kind: name,
      min: 2,
      max: 2000,
      tickMs: 15_000,
      scrapeLagMs: 5000,
      mode: "active",
      scaleIn,
      knobs: { targetUtilisation: 0.7 },
    }),
  );
  return {
    name: options.name ?? "evening-peak",
    hash: "9f2c51d0a7b3",
    seed: 42,
    durationMs: hours * HOUR_MS,
    warmupMs: (hours * HOUR_MS) / 24,
    replications: options.replications ?? 10,
    traffic: {
      epochMs: Date.UTC(2026, 2, 4),
      historyMs: 14 * 24 * HOUR_MS,
      regions: ["eu", "us"],
      formats: ["mpegts", "fmp4"],
      series: [
        { region: 0, format: 0, segment: "free", share: 3 },
        { region: 0, format: 1, segment: "paid", share: 2 },
        { region: 1, format: 0, segment: "free", share: 2 },
        { region: 1, format: 1, segment: "paid", share: 1 },
      ],
      source: { kind: "poisson", ratePerSecond: 12 },
    },
    streams: {
      holding: exponentialLaw(10 * MINUTE_MS),
      patience: constantLaw(10_000),
      cpu: undefined,
      memoryBytes: undefined,
      bitsPerSecond: undefined,
    },
    reconnect: undefined,
    fleet: {
      regions: ["eu", "us"].map((name, r) => ({
        name,
        hosts: undefined,
        max: 2000,
        distanceMs: r === 0 ? [0, 80] : [80, 0],
      })),
      classes: [
        {
          name: "streamlet",
          slots: 8,
          cpu: 0.5,
          memoryBytes: 1e8,
          bitsPerSecond: 5e7,
          baseMemoryBytes: 0,
          formats: [0, 1],
          weight: 1,
          spawn: { law: lognormalByMedian(60, 400), contention: 0 },
        },
      ],
      max: 2000,
      warmPool: 0,
      warmStart: constantLaw(0),
      restart: { backoffMs: 1000, factor: 2, maxMs: 60_000, healthyAfterMs: 600_000 },
    },
    faults: {
      ...faultsSection.off,
      streamletMtbfMs: 6 * HOUR_MS,
      spawnFailure: 0.001,
    },
    gateway: { waitingRoom: 1000 },
    balancer: { kind: "least-connections", knobs: {} },
    routing: { spillOver: "nearest" },
    policies,
    slo: {
      startLatency: { probability: 0.99, boundMs: 200 },
      rejectedRatio: 0.001,
      abandonedRatio: undefined,
      interruptedRatio: 0.001,
      days: 0.95,
    },
    cost: options.priced === false ? undefined : { streamletHour: 0.004, hostHour: 0.4 },
  };
}
