import { constantLaw, empiricalLaw, type Law } from "../../../base/distribution.js";
import { isModule } from "../../../base/module-path.js";
import { z } from "../../../base/zod.js";
import type { SpawnQueueSpec } from "../../../model/spawn-queue.js";
import { normaliseLaw } from "../normalise-law.js";
import type { Resources } from "../resources.js";
import { spawnLaw } from "../schema/law.js";
import { name } from "../schema/name.js";
import { positiveCount, positiveMultiple, quantity } from "../schema/quantity.js";
import { type FactWords, type KeyPath, type KeyRule, lawInWords } from "../section.js";
import type { BalancerSpec } from "./balancer.js";

/** A class of streamlets. Every region can hold every class: a pool is a region × a class. */
export interface StreamletClassSpec {
  readonly name: string;
  readonly slots: number;
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly bitsPerSecond: number;
  /** Memory of an idle streamlet. */
  readonly baseMemoryBytes: number;
  /** Indexes of the formats that it decodes. */
  readonly formats: readonly number[];
  /** Weight for weighted round robin. */
  readonly weight: number;
  /**
   * Processes and threads of one streamlet, where live mode can limit them; no part of the model.
   */
  readonly pids?: number;
  readonly spawn: SpawnSpec;
}

export interface SpawnSpec {
  readonly law: Law;
  /** Each spawn under way on the same host lengthens this one by this share. */
  readonly contention: number;
  /** From a calibration: how one machine starts streamlets. Undefined: no queue. */
  readonly queue?: SpawnQueueSpec;
}

const OPEN = Number.POSITIVE_INFINITY;
const cap = (dimension: "number" | "bytes" | "bitrate") =>
  quantity(dimension, { infinite: true, positive: true }).prefault("infinite");

export const streamletSchema = z.strictObject({
  name: name.optional().describe("The name of the class."),
  slots: positiveCount.max(1_000_000).describe("Streams that one streamlet serves at once."),
  cpu: cap("number").describe("CPU cap of one streamlet in cores."),
  memory: cap("bytes").describe("Memory cap of one streamlet; above it the streamlet is killed."),
  baseMemory: quantity("bytes").prefault("0B").describe("Memory that a streamlet takes without any stream."),
  network: cap("bitrate").describe("Bandwidth cap of one streamlet."),
  formats: z.array(name).min(1).optional().describe("The formats that the class can decode; left out, all of them."),
  weight: positiveMultiple.optional().describe("Share of requests under the weighted round robin balancer."),
  pids: positiveCount
    .optional()
    .describe("Most processes and threads of one streamlet in live mode; the simulator has none."),
  spawn: spawnLaw
    .prefault("0s")
    .describe("Time from the launch of a streamlet until it is ready, as a law or a calibration profile."),
});
type Written = z.infer<typeof streamletSchema>;

/** Defaults of a class. The hash drops each value that equals its default. */
export const plainStreamlet: Partial<StreamletClassSpec> = {
  cpu: OPEN,
  memoryBytes: OPEN,
  bitsPerSecond: OPEN,
  baseMemoryBytes: 0,
  spawn: { law: constantLaw(0), contention: 0 },
};

/** The `i`th of `count` classes, whose formats are looked up in the scenario's. */
export function normaliseStreamlet(
  one: Written,
  [i, count]: readonly [number, number],
  formats: readonly string[],
  resources: Resources,
): StreamletClassSpec {
  return {
    name: one.name ?? (count === 1 ? "streamlet" : (one.formats?.join("+") ?? `class-${i + 1}`)),
    slots: one.slots,
    cpu: one.cpu,
    memoryBytes: one.memory,
    bitsPerSecond: one.network,
    baseMemoryBytes: one.baseMemory,
    formats: one.formats?.map((format) => formats.indexOf(format)) ?? formats.map((_, f) => f),
    weight: one.weight ?? one.slots,
    ...(one.pids === undefined ? {} : { pids: one.pids }),
    spawn: normaliseSpawn(one.spawn, resources),
  };
}

function normaliseSpawn(written: Written["spawn"], resources: Resources): SpawnSpec {
  if (typeof written === "object" && "profile" in written) {
    const { valuesMs, contention, queue } = resources.profile(written.profile);
    const law = empiricalLaw(valuesMs);
    return { law, contention: written.contention ?? contention, ...(queue === undefined ? {} : { queue }) };
  }
  const contention = typeof written === "number" ? 0 : (written.contention ?? 0);
  return { law: normaliseLaw(written, resources), contention };
}

/** "ts: 8 slots, 0.5 cores, 96 MiB, spawn constant 3 s". */
export function streamletInWords(one: StreamletClassSpec, words: FactWords): string {
  const { spawn } = one;
  return [
    `${one.name}: ${words.number(one.slots)} slots`,
    ...(one.cpu === OPEN ? [] : [`${words.number(one.cpu)} cores`]),
    ...(one.memoryBytes === OPEN ? [] : [words.bytes(one.memoryBytes)]),
    ...(one.baseMemoryBytes === 0 ? [] : [`${words.bytes(one.baseMemoryBytes)} when idle`]),
    ...(one.bitsPerSecond === OPEN ? [] : [`${words.number(one.bitsPerSecond / 1e6)} Mbps`]),
    ...(one.weight === one.slots ? [] : [`weight ${words.number(one.weight)}`]),
    ...(one.pids === undefined ? [] : [`${words.number(one.pids)} processes and threads when live`]),
    `spawn ${lawInWords(spawn.law, words.duration, words)}`,
    ...(spawn.contention === 0 ? [] : [`contention ${words.number(spawn.contention)}`]),
  ].join(", ");
}

interface World {
  readonly balancer: BalancerSpec;
  readonly fleet: { readonly regions: readonly { readonly hosts: object | undefined }[] };
}

const weightRule: Omit<KeyRule<World>, "path"> = {
  acts: ({ balancer: { kind } }) => kind === "weighted-round-robin" || isModule(kind),
  got: "weight, which the scenario's balancer does not use",
  expected: "balancer: weighted-round-robin",
  remedy: "Name that balancer, or leave weight out",
};
const contentionRule: Omit<KeyRule<World>, "path"> = {
  acts: ({ fleet }) => fleet.regions.some((region) => region.hosts !== undefined),
  got: "contention of spawns on one host, and no region with hosts",
  expected: "hosts in fleet.regions",
  remedy: "Add hosts: 4 to a region, or leave contention out",
};
/** `fleet.streamlet` is one class, or a list of them. */
const classPaths: readonly KeyPath[] = [
  ["fleet", "streamlet"],
  ["fleet", "streamlet", "*"],
];

export const streamletRules: readonly KeyRule<World>[] = classPaths.flatMap((path) => [
  { path: [...path, "weight"], ...weightRule },
  { path: [...path, "spawn", "contention"], ...contentionRule },
]);
