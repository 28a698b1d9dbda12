import { constantLaw, type Law } from "../../../base/distribution.js";
import { z } from "../../../base/zod.js";
import { normaliseLaw } from "../normalise-law.js";
import type { Resources } from "../resources.js";
import { law } from "../schema/law.js";
import { openPeriod, positiveDuration, quantity } from "../schema/quantity.js";
import { type KeyRule, lawInWords, type Section } from "../section.js";
import { type FleetSpec, hasHosts } from "./fleet.js";
import type { StreamsSpec } from "./streams.js";

/** What fails, and how often. `Infinity` = never. */
export interface FaultsSpec {
  readonly streamletMtbfMs: number;
  readonly spawnFailure: number;
  readonly hostMtbfMs: number;
  readonly hostRepair: Law;
  /** A streamlet whose memory exceeds this is killed; Infinity = its own cap decides. */
  readonly oomAboveBytes: number;
  /**
   * A streamlet that hangs does nothing more. After `hangTimeoutMs` without a heartbeat it is
   * ended.
   */
  readonly hangMtbfMs: number;
  readonly hangTimeoutMs: number;
  /** A streamlet that takes all memory is ended by its cap. */
  readonly memoryHogMtbfMs: number;
  /**
   * Hosts that the provider takes back together, once. No key of a scenario: a plan sets it in a
   * world (plan.survive, plan.whatIf, plan.prices.spot).
   */
  readonly reclaim?: { readonly share: number; readonly atMs: number; readonly noticeMs: number };
}

const ALL_MTBFS = ["streamletMtbfMs", "hostMtbfMs", "hangMtbfMs", "memoryHogMtbfMs"] as const;
/** The mean times between failures of one streamlet; each is drawn independently. */
export const STREAMLET_MTBFS = ALL_MTBFS.filter((key) => key !== "hostMtbfMs");

/** The rate per ms at which failures interrupt an open stream: the sum of 1/MTBF. 0 = never. */
export function interruptionsPerMs(faults: FaultsSpec): number {
  return ALL_MTBFS.reduce((sum, key) => sum + 1 / faults[key], 0);
}

/** The faults without any failure that comes with time. */
export function withoutFailures(faults: FaultsSpec): FaultsSpec {
  return { ...faults, ...Object.fromEntries(ALL_MTBFS.map((key) => [key, Number.POSITIVE_INFINITY])) };
}

const schema = z.strictObject({
  streamletMtbf: openPeriod.prefault("never").describe("Mean time between crashes of one streamlet."),
  spawnFailure: z.number().min(0).max(1).default(0).describe("Probability that a launch fails."),
  hangMtbf: openPeriod
    .prefault("never")
    .describe("Mean time until one streamlet hangs: it serves nothing more and is ended after hangTimeout."),
  /** Eight heartbeats of the live runtime. */
  hangTimeout: positiveDuration.prefault("2s").describe("Silence after which a hung streamlet is ended."),
  memoryHogMtbf: openPeriod.prefault("never").describe("Mean time until one streamlet takes all memory and is killed."),
  hostMtbf: openPeriod
    .prefault("never")
    .describe("Mean time between failures of one host; all streamlets on it end with it."),
  hostRepair: law("duration").prefault("5min").describe("Time until a failed host is available again."),
  oomAbove: quantity("bytes", { infinite: true, positive: true })
    .prefault("infinite")
    .describe("Memory above which a streamlet is killed; left out, its cap decides."),
});

interface World {
  readonly faults: FaultsSpec;
  readonly fleet: FleetSpec;
  readonly streams: StreamsSpec;
}

const rules: readonly KeyRule<World>[] = [
  {
    path: ["faults", "hostMtbf"],
    acts: ({ fleet }) => hasHosts(fleet),
    got: "hostMtbf, and no region with hosts that could fail",
    expected: "hosts in fleet.regions",
    remedy: "Add hosts: 4 to a region, or leave hostMtbf out",
  },
  {
    path: ["faults", "hostRepair"],
    acts: ({ faults, fleet }) => hasHosts(fleet) && faults.hostMtbfMs !== Number.POSITIVE_INFINITY,
    got: "hostRepair of hosts that never fail",
    expected: "hostMtbf beside it",
    remedy: "Add hostMtbf: 720h, or leave hostRepair out",
  },
  {
    path: ["faults", "oomAbove"],
    acts: ({ fleet, streams }) =>
      streams.memoryBytes !== undefined || fleet.classes.some((one) => one.baseMemoryBytes > 0),
    got: "oomAbove, and neither streams nor streamlets that take memory",
    expected: "streams.memory or fleet.streamlet.baseMemory",
    remedy: "Add streams.memory: 2MiB, or leave oomAbove out",
  },
];

export const faultsSection = {
  schema,
  off: {
    streamletMtbfMs: Number.POSITIVE_INFINITY,
    spawnFailure: 0,
    hostMtbfMs: Number.POSITIVE_INFINITY,
    hostRepair: constantLaw(300_000),
    oomAboveBytes: Number.POSITIVE_INFINITY,
    hangMtbfMs: Number.POSITIVE_INFINITY,
    hangTimeoutMs: 2000,
    memoryHogMtbfMs: Number.POSITIVE_INFINITY,
  },
  normalise: (written: z.infer<typeof schema>, resources: Resources): FaultsSpec => ({
    streamletMtbfMs: written.streamletMtbf,
    spawnFailure: written.spawnFailure,
    hostMtbfMs: written.hostMtbf,
    hostRepair: normaliseLaw(written.hostRepair, resources),
    oomAboveBytes: written.oomAbove,
    hangMtbfMs: written.hangMtbf,
    hangTimeoutMs: written.hangTimeout,
    memoryHogMtbfMs: written.memoryHogMtbf,
  }),
  facts: ({ faults }: World, words) => {
    const every = (ms: number, what: string): string[] =>
      Number.isFinite(ms) ? [what.replace("%", `every ${words.duration(ms)} (mean)`)] : [];
    const timeout = words.duration(faults.hangTimeoutMs);
    const repair = lawInWords(faults.hostRepair, words.duration, words);
    const isSilenceNoted = Number.isFinite(faults.hangMtbfMs) || faults.hangTimeoutMs !== 2000;
    const parts = [
      ...every(faults.streamletMtbfMs, "a streamlet crashes %"),
      ...every(faults.hangMtbfMs, "a streamlet hangs %"),
      ...(isSilenceNoted ? [`a streamlet that is silent for ${timeout} is ended`] : []),
      ...every(faults.memoryHogMtbfMs, "a streamlet takes all memory %"),
      ...(faults.spawnFailure > 0 ? [`${words.number(faults.spawnFailure * 100)} % of spawns fail`] : []),
      ...every(faults.hostMtbfMs, `a host fails % and is back after ${repair}`),
      ...(Number.isFinite(faults.oomAboveBytes)
        ? [`a streamlet above ${words.bytes(faults.oomAboveBytes)} of memory is killed`]
        : []),
    ];
    return [["Faults", parts.join(", ") || "none"]];
  },
  rules,
} satisfies Section<FaultsSpec, World> & Record<"schema" | "normalise", unknown>;
