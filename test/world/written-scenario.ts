import { normaliseScenario } from "../../src/world/scenario/normalise.js";
import type { TraceTable } from "../../src/world/scenario/resources.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { writtenScenario } from "../../src/world/scenario/schema/document.js";
import type { ScenarioFault } from "../../src/world/scenario/schema/issues.js";

/**
 * A scenario from a document as YAML would give it, through the public schema and normaliser; a
 * fault is an Error.
 */
export function scenarioOf(document: object, trace?: TraceTable): Scenario {
  const faults: ScenarioFault[] = [];
  const resources = {
    trace,
    profile: () => ({ valuesMs: new Float64Array([0]), contention: 0 }),
    empirical: () => new Float64Array(0),
    modulePath: (path: string) => path,
  };
  const scenario = normaliseScenario(writtenScenario.parse(document), document, resources, faults);
  if (scenario === undefined) throw new Error(`no valid scenario: ${JSON.stringify(faults)}`);
  return scenario;
}

/**
 * Two regions, two formats, finite hosts, crashes, failing spawns, impatient and reconnecting
 * clients: many features in one hour.
 */
export const busyDocument = {
  name: "busy",
  seed: 7,
  duration: "1h",
  warmup: "10min",
  traffic: {
    source: "sinusoid",
    rate: "2/s",
    amplitude: 0.6,
    period: "30min",
    history: "2d",
    mix: [
      { region: "eu", format: "mpegts", segment: "free", share: 3 },
      { region: "us", format: "frames", segment: "paid", share: 2 },
    ],
  },
  streams: {
    holding: { kind: "lognormal", mean: "2min", cv: 1.5 },
    patience: { kind: "exponential", mean: "10s" },
    cpu: { kind: "exponential", mean: 0.05 },
    memory: { kind: "exponential", mean: "8MiB" },
    bitrate: "4Mbps",
  },
  reconnect: { backoff: "1s", factor: 2, max: "30s", attempts: 4, jitter: 0.5 },
  fleet: {
    regions: [
      { name: "eu", hosts: 4, cpu: 8, memory: "16GiB", network: "1Gbps", distance: { us: "90ms" } },
      { name: "us", hosts: 3, cpu: 8, memory: "16GiB", network: "1Gbps" },
    ],
    streamlet: [
      {
        name: "ts",
        slots: 8,
        cpu: 0.4,
        memory: "128MiB",
        network: "40Mbps",
        formats: ["mpegts"],
        spawn: { kind: "lognormal", median: "5s", p99: "20s", contention: 0.1 },
      },
      { name: "all", slots: 4, cpu: 0.4, memory: "96MiB", formats: ["mpegts", "frames"], spawn: "3s" },
    ],
    max: 100,
  },
  faults: { streamletMtbf: "30min", spawnFailure: 0.05, hostMtbf: "1h", hostRepair: "2min" },
  gateway: { waitingRoom: 50 },
  balancer: "power-of-two",
  policies: [
    { kind: "hpa", targetUtilisation: 0.7, min: 1 },
    { kind: "predictive", min: 1 },
    { kind: "on-demand", idleTimeout: "1min" },
    { kind: "static", count: 6 },
  ],
  slo: { startLatencyP99: "200ms", rejectedRatio: 0.001, interruptedRatio: 0.02 },
  cost: { streamletHour: 0.02, hostHour: 0.4 },
} as const;

/** The least that a scenario has: one static streamlet of one slot for an hour. */
export const smallestDocument = {
  name: "smallest",
  duration: "1h",
  traffic: { source: "poisson", rate: "1/s" },
  streams: { holding: "1min" },
  fleet: { streamlet: { slots: 1 } },
  policies: [{ kind: "static", count: 1 }],
};
