import { constantLaw, exponentialLaw } from "../../src/base/distribution.js";
import type { PolicySpec } from "../../src/world/scenario/policy-spec.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { faultsSection } from "../../src/world/scenario/sections/faults.js";

const never = Number.POSITIVE_INFINITY;

/** A policy spec with nothing special about it. */
export function policySpec(kind: string, knobs: Record<string, unknown>, more: Partial<PolicySpec> = {}): PolicySpec {
  return {
    name: kind,
    kind,
    min: 0,
    max: never,
    tickMs: never,
    scrapeLagMs: 0,
    mode: "active",
    scaleIn: { victims: "emptiest", undrain: true, lazy: false },
    knobs,
    ...more,
  };
}

/**
 * An M/M/10 queue of streamlets with one slot each at an offered load of 9 erlangs; tests change
 * it as needed.
 */
export function ordinaryScenario(more: Partial<Scenario> = {}): Scenario {
  return {
    name: "ordinary",
    hash: "0",
    seed: 1,
    durationMs: 3_600_000 * 10,
    warmupMs: 3_600_000,
    replications: 1,
    traffic: {
      epochMs: 0,
      historyMs: 0,
      regions: ["default"],
      formats: ["default"],
      series: [{ region: 0, format: 0, segment: "all", share: 1 }],
      source: { kind: "poisson", ratePerSecond: 9 },
    },
    streams: {
      holding: exponentialLaw(1000),
      patience: undefined,
      cpu: undefined,
      memoryBytes: undefined,
      bitsPerSecond: undefined,
    },
    reconnect: undefined,
    fleet: {
      regions: [{ name: "default", hosts: undefined, max: never, distanceMs: [0] }],
      classes: [
        {
          name: "default",
          slots: 1,
          cpu: never,
          memoryBytes: never,
          bitsPerSecond: never,
          baseMemoryBytes: 0,
          formats: [0],
          weight: 1,
          spawn: { law: constantLaw(0), contention: 0 },
        },
      ],
      max: never,
      warmPool: 0,
      warmStart: constantLaw(0),
      restart: { backoffMs: 1000, factor: 2, maxMs: 300_000, healthyAfterMs: 600_000 },
    },
    faults: faultsSection.off,
    gateway: { waitingRoom: never },
    balancer: { kind: "least-connections", knobs: {} },
    routing: { spillOver: "nearest" },
    policies: [policySpec("static", { count: 10 })],
    slo: undefined,
    cost: undefined,
    ...more,
  };
}
