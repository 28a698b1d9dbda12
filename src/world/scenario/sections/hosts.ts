import { constantLaw, type Law } from "../../../base/distribution.js";
import { formatBytes } from "../../../base/units.js";
import { z } from "../../../base/zod.js";
import type { Reservation } from "../../../model/hosts.js";
import { normaliseLaw } from "../normalise-law.js";
import type { ReactiveSpec } from "../policy-spec.js";
import type { Resources } from "../resources.js";
import type { ScenarioFault } from "../schema/issues.js";
import { law } from "../schema/law.js";
import { growth, openCount, positiveCount, quantity } from "../schema/quantity.js";
import { type FactWords, type KeyPath, type KeyRule, lawInWords } from "../section.js";

/** The hosts of a region. */
export interface HostsSpec {
  readonly count: number;
  /** Cores, bytes, bits/s of one host; Infinity = not a limit. */
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly bitsPerSecond: number;
  /** Streamlets' CPU caps may add up to this many times the host's cores. */
  readonly cpuOvercommit: number;
  readonly placement: "best-fit" | "spread";
  /** Undefined if the number is fixed; else `count` is the number at the start. */
  readonly elastic?: ElasticHostsSpec;
}

/** Hosts that come and go. */
export interface ElasticHostsSpec {
  readonly min: number;
  readonly max: number;
  readonly spawn: Law;
  /** Scales the hosts of all elastic regions; the first elastic region has it. */
  readonly policy: ReactiveSpec;
}

const OPEN = Number.POSITIVE_INFINITY;
/** Bound on the hosts of a region: a runaway policy must not fill the memory. */
const MAX_ELASTIC_HOSTS = 10_000;

const cap = (dimension: "number" | "bytes" | "bitrate") =>
  quantity(dimension, { infinite: true, positive: true }).prefault("infinite");

/**
 * The caps that a streamlet reserves on its host, the host's capacity for each, and how both are
 * written.
 */
export const reservedCaps: readonly ReservedCap[] = [
  {
    field: "cpu",
    roomOf: ({ cpu, cpuOvercommit }) => cpu * cpuOvercommit,
    inWords: (cap, whole) => `${cap} cores of ${whole}`,
  },
  {
    field: "memoryBytes",
    roomOf: ({ memoryBytes }) => memoryBytes,
    inWords: (cap, whole) => `${formatBytes(cap)} of ${formatBytes(whole)}`,
  },
  {
    field: "bitsPerSecond",
    roomOf: ({ bitsPerSecond }) => bitsPerSecond,
    inWords: (cap, whole) => `${cap / 1e6} Mbps of ${whole / 1e6}`,
  },
];

interface ReservedCap {
  /** Of a host and of a streamlet class alike. */
  readonly field: keyof Reservation;
  readonly roomOf: (hosts: HostsSpec) => number;
  readonly inWords: (cap: number, whole: number) => string;
}

/** The caps of one host; in the document these keys are siblings of `hosts`. */
export const hostCaps = {
  cpu: cap("number").describe("Cores of one host."),
  memory: cap("bytes").describe("Memory of one host."),
  network: cap("bitrate").describe("Bandwidth of one host."),
  cpuOvercommit: growth
    .default(1)
    .describe("The CPU caps of the streamlets on a host may add up to this many times its cores."),
  placement: z
    .enum(["best-fit", "spread"])
    .default("best-fit")
    .describe("Where a new streamlet goes: best-fit fills hosts one by one, spread takes the emptiest."),
};

/**
 * A fixed number of hosts, or elastic ones; `policy` is the schema of the policy that scales
 * them.
 */
export function hostsSchema<P extends z.ZodType>(policy: P) {
  return z.union([positiveCount, elasticSchema(policy)]);
}

function elasticSchema<P extends z.ZodType>(policy: P) {
  return z.strictObject({
    min: positiveCount.default(1).describe("Fewest hosts in the region, without those under repair."),
    max: openCount
      .default(MAX_ELASTIC_HOSTS)
      .describe("Most hosts in the region, without those under repair, which are replaced meanwhile."),
    spawn: law("duration").prefault("0s").describe("Time from the launch of a host until streamlets can run on it."),
    policy: policy.optional().describe("The policy that scales the hosts of all elastic regions."),
  });
}

export interface WrittenHosts {
  readonly hosts?: number | z.infer<ReturnType<typeof elasticSchema<z.ZodType<WrittenPolicy>>>> | undefined;
  readonly cpu: number;
  readonly memory: number;
  readonly network: number;
  readonly cpuOvercommit: number;
  readonly placement: HostsSpec["placement"];
}
interface WrittenPolicy {
  readonly kind: string;
}

/**
 * The path of the hosts in the document, their files, the reader of their policy, and the list of
 * faults.
 */
export interface HostsSetting {
  readonly path: KeyPath;
  readonly resources: Resources;
  readonly policyOf: (written: WrittenPolicy) => ReactiveSpec;
  readonly faults: ScenarioFault[];
}

/** The hosts of one region; undefined where it has no host limits. Faults are pushed. */
export function normaliseHosts(written: WrittenHosts, setting: HostsSetting): HostsSpec | undefined {
  const { hosts, cpu, memory: memoryBytes, network: bitsPerSecond, cpuOvercommit, placement } = written;
  if (hosts === undefined) return undefined;
  const each = { cpu, memoryBytes, bitsPerSecond, cpuOvercommit, placement };
  if (typeof hosts === "number") return { ...each, count: hosts };
  const { path, faults, policyOf, resources } = setting;
  const { min, max } = hosts;
  if (min > max) faults.push({ path: [...path, "min"], got: `min ${min} above max ${max}`, expected: "min ≤ max" });
  if (cpu === OPEN && memoryBytes === OPEN && bitsPerSecond === OPEN) {
    faults.push({
      path,
      got: "elastic hosts without a limit: a single one is always enough",
      expected: "cpu, memory or network of a host",
    });
  }
  const policy = policyOf(hosts.policy ?? { kind: "predictive" });
  if (policy.knobs.forecaster === "trained") {
    faults.push({
      path: [...path, "policy", "forecaster"],
      got: "trained, and hosts have no trainer",
      expected: "ensemble, seasonal-naive, last-value or none",
    });
  }
  const spawn = normaliseLaw(hosts.spawn, resources);
  return { ...each, count: min, elastic: { min, max: Math.min(max, MAX_ELASTIC_HOSTS), spawn, policy } };
}

/** Defaults of hosts. The hash drops each value that equals its default. */
export const plainHosts: Partial<HostsSpec> = {
  cpu: OPEN,
  memoryBytes: OPEN,
  bitsPerSecond: OPEN,
  cpuOvercommit: 1,
  placement: "best-fit",
};
export const plainElastic: Partial<ElasticHostsSpec> = { min: 1, max: MAX_ELASTIC_HOSTS, spawn: constantLaw(0) };

/** "4 hosts of 8 cores, 16 GiB, best fit". */
export function hostsInWords(hosts: HostsSpec, words: FactWords): string {
  const { elastic } = hosts;
  const count =
    elastic === undefined
      ? `${words.number(hosts.count)} hosts`
      : `${words.number(elastic.min)} to ${words.number(elastic.max)} hosts, scaled by ${elastic.policy.kind} every ` +
        `${words.duration(elastic.policy.tickMs)}${knobsInWords(elastic.policy, words)}, ` +
        `spawn ${lawInWords(elastic.spawn, words.duration, words)}`;
  return [
    count,
    ...(hosts.cpu === OPEN ? [] : [`${words.number(hosts.cpu)} cores each`]),
    ...(hosts.cpuOvercommit === 1 ? [] : [`overcommitted ${words.number(hosts.cpuOvercommit)} times`]),
    ...(hosts.memoryBytes === OPEN ? [] : [words.bytes(hosts.memoryBytes)]),
    ...(hosts.bitsPerSecond === OPEN ? [] : [`${words.number(hosts.bitsPerSecond / 1e6)} Mbps`]),
    ...(hosts.placement === "best-fit" ? [] : [hosts.placement]),
  ].join(", ");
}

function knobsInWords({ knobs }: ReactiveSpec, words: FactWords): string {
  const written = Object.entries(knobs).map(
    ([name, value]) => `${name} ${typeof value === "number" ? words.number(value) : JSON.stringify(value)}`,
  );
  return written.length === 0 ? "" : ` (${written.join(", ")})`;
}

interface World {
  readonly fleet: {
    readonly regions: readonly { readonly hosts: HostsSpec | undefined }[];
    readonly classes: readonly Caps[];
  };
  readonly policies: readonly { readonly unit?: Partial<Caps> }[];
}
type Caps = Readonly<Record<keyof Reservation, number>>;

/** Whether a streamlet, or a policy's unit, reserves a part of what a host has. */
function isReserved({ fleet, policies }: World, hosts: Caps): boolean {
  const reserving: readonly Partial<Caps>[] = [...fleet.classes, ...policies.flatMap(({ unit }) => unit ?? [])];
  return reservedCaps.some(
    ({ field }) => hosts[field] !== OPEN && reserving.some((one) => (one[field] ?? OPEN) !== OPEN),
  );
}

const hostsOf = ({ fleet }: Pick<World, "fleet">, at: KeyPath): HostsSpec | undefined =>
  fleet.regions[Number(at[2])]?.hosts;

export const hostsRules: readonly KeyRule<World>[] = [
  ...Object.keys(hostCaps).map((key) => ({
    path: ["fleet", "regions", "*", key],
    acts: (world: World, at: KeyPath) => hostsOf(world, at) !== undefined,
    got: `${key} of the hosts of a region that has none`,
    expected: "hosts beside it",
    remedy: "Add hosts: 4, or leave it out for no host limits",
  })),
  {
    path: ["fleet", "regions", "*", "hosts"],
    acts: (world, at) => {
      const hosts = hostsOf(world, at);
      return hosts?.elastic === undefined || isReserved(world, hosts);
    },
    got: "elastic hosts, and no streamlet that takes a part of one: a single host is always enough",
    expected: "cpu, memory or network in fleet.streamlet, as the hosts have it",
    remedy: "Add fleet.streamlet.cpu: 0.5, or give a fixed number of hosts",
  },
  {
    path: ["fleet", "regions", "*", "cpuOvercommit"],
    acts: (world, at) => {
      const cpu = hostsOf(world, at)?.cpu ?? OPEN;
      return cpu !== OPEN && isReserved(world, { cpu, memoryBytes: OPEN, bitsPerSecond: OPEN });
    },
    got: "cpuOvercommit, and no limit of cores that it could exceed",
    expected: "cpu beside it, and fleet.streamlet.cpu",
    remedy: "Add both, or leave cpuOvercommit out",
  },
  {
    path: ["fleet", "regions", "*", "hosts", "policy"],
    acts: ({ fleet }, at) => {
      const [first] = fleet.regions.flatMap(({ hosts }) => hosts?.elastic?.policy ?? []);
      return JSON.stringify(hostsOf({ fleet }, at)?.elastic?.policy) === JSON.stringify(first);
    },
    got: "another policy for hosts than in the first region with elastic hosts, which scales all of them",
    expected: "one policy",
    remedy: "Leave it out here",
  },
];
