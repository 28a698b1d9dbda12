import type { Law } from "../../base/distribution.js";
import type { SpawnQueueSpec } from "../../model/spawn-queue.js";

/**
 * A scenario after reading, checking and normalising: every unit resolved (ms, bytes, bits/s, per second, cores), every name an
 * index, every default filled in, every file read. It is plain data and crosses threads. `Infinity` = unbounded or never.
 */
export interface Scenario {
  readonly name: string;
  /** Of the normalised scenario without its name; hex. */
  readonly hash: string;
  readonly seed: number;
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly replications: number;
  readonly traffic: TrafficSpec;
  readonly streams: StreamsSpec;
  readonly reconnect: ReconnectSpec | undefined;
  readonly fleet: FleetSpec;
  readonly faults: FaultsSpec;
  readonly gateway: GatewaySpec;
  readonly balancer: BalancerSpec;
  readonly routing: RoutingSpec;
  readonly policies: readonly PolicySpec[];
  readonly slo: SloSpec | undefined;
  readonly cost: CostSpec | undefined;
}

/** Prices of an hour. `currency` names the money; absent where the scenario names none. */
interface CostSpec {
  readonly streamletHour: number;
  readonly hostHour: number;
  readonly currency?: string;
}

export interface GatewaySpec {
  readonly waitingRoom: number;
  /** Streams whose streamlets die again and again are refused for a while; left out = never. */
  readonly quarantine?: { readonly deaths: number; readonly windowMs: number; readonly holdMs: number };
}

/** One combination of region, format and segment, with its share of the traffic. */
export interface SeriesSpec {
  readonly region: number;
  readonly format: number;
  readonly segment: string;
  readonly share: number;
}

export interface TrafficSpec {
  /** Wall time of t = 0, ms since 1970 (UTC). */
  readonly epochMs: number;
  readonly historyMs: number;
  /** Regions, formats and segments known to the scenario; series index into the first two. */
  readonly regions: readonly string[];
  readonly formats: readonly string[];
  readonly series: readonly SeriesSpec[];
  readonly source: SourceSpec;
}

export type SourceSpec =
  | { readonly kind: "poisson"; readonly ratePerSecond: number }
  | {
      readonly kind: "sinusoid";
      readonly ratePerSecond: number;
      readonly amplitude: number;
      readonly periodMs: number;
      readonly phaseMs: number;
    }
  | TraceSource;

/**
 * A piecewise-constant rate. `expected[i]` is the expected number of arrivals in bin i after scaling; bin i starts at
 * `originMs + i·binMs` on the run's clock (originMs ≤ 0: what precedes t=0 is history). With columns, `shares` holds one row of
 * series weights per bin (`shares[i·series + s]`), else the series' shares hold throughout. A fitted workload becomes this, too.
 */
export interface TraceSource {
  readonly kind: "trace";
  readonly file: string;
  readonly originMs: number;
  readonly binMs: number;
  readonly expected: Float64Array;
  readonly shares: Float64Array | undefined;
  /** Exact counts per bin (rounded at random) instead of Poisson ones. */
  readonly exact: boolean;
  /** How many unknown values were interpolated. */
  readonly interpolated: number;
  /** Requests per original request. */
  readonly scale: number;
}

interface StreamsSpec {
  readonly holding: Law;
  readonly patience: Law | undefined;
  /** Cores, bytes and bits/s of one stream; drawn per request at its arrival. Undefined = nothing. */
  readonly cpu: Law | undefined;
  readonly memoryBytes: Law | undefined;
  readonly bitsPerSecond: Law | undefined;
}

/** An interrupted client waits backoff·factorⁿ, at most `maxMs`, and asks again, up to `attempts` times. */
export interface ReconnectSpec {
  readonly backoffMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly attempts: number;
  /** Share of the wait that is drawn at random: 0 = all at once, 1 = full jitter. */
  readonly jitter: number;
}

export interface RegionSpec {
  readonly name: string;
  /** Undefined = no host limits. */
  readonly hosts: HostsSpec | undefined;
  /** Most streamlets in this region. */
  readonly max: number;
  /** `distanceMs[j]` to region j; 0 to itself. */
  readonly distanceMs: readonly number[];
}

export interface HostsSpec {
  readonly count: number;
  /** Cores, bytes, bits/s of one host; Infinity = not a limit. */
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly bitsPerSecond: number;
  /** Streamlets' CPU caps may add up to this many times the host's cores. */
  readonly cpuOvercommit: number;
  readonly placement: "best-fit" | "spread";
  /** Absent where their number is fixed; else `count` is the number at the start. */
  readonly elastic?: ElasticHostsSpec;
}

/** Hosts that come and go. */
export interface ElasticHostsSpec {
  readonly min: number;
  readonly max: number;
  readonly spawn: Law;
  /** Scales the hosts of all elastic regions; the first region's counts. */
  readonly policy: ReactiveSpec;
}

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
  /** Processes and threads of one streamlet, where live mode can limit them; no part of the model. */
  readonly pids?: number;
  readonly spawn: SpawnSpec;
}

export interface SpawnSpec {
  readonly law: Law;
  /** Each spawn already under way on the same host lengthens this one by that share. */
  readonly contention: number;
  /** From a calibration: how one machine starts them. Absent: all start at once. */
  readonly line?: SpawnQueueSpec;
}

export interface FleetSpec {
  readonly regions: readonly RegionSpec[];
  readonly classes: readonly StreamletClassSpec[];
  /** Most streamlets in the whole fleet. */
  readonly max: number;
  /** Pre-started streamlets kept parked per pool, and how long it takes one to become ready. */
  readonly warmPool: number;
  readonly warmStart: Law;
  readonly scaleIn: Partial<ScaleInSpec>;
  readonly restart: {
    readonly backoffMs: number;
    readonly factor: number;
    readonly maxMs: number;
    readonly healthyAfterMs: number;
  };
}

export interface ScaleInSpec {
  readonly victims: "emptiest" | "newest" | "oldest" | "random";
  readonly undrain: boolean;
  readonly lazy: boolean;
}

export interface FaultsSpec {
  readonly streamletMtbfMs: number;
  readonly spawnFailure: number;
  readonly hostMtbfMs: number;
  readonly hostRepair: Law;
  /** A streamlet whose memory exceeds this is killed; Infinity = its own cap decides. */
  readonly oomAboveBytes: number;
  /** A streamlet that hangs does nothing more until it is found by its silence, and ended. */
  readonly hangMtbfMs?: number;
  readonly hangTimeoutMs?: number;
  /** A streamlet that takes all memory is ended by its cap. */
  readonly memoryHogMtbfMs?: number;
}

/** Where the scenario does not say: eight heartbeats of the live runtime. */
export const HANG_TIMEOUT_MS = 2000;

interface BalancerSpec {
  /** A built-in kind, or the path of a module as the scenario gives it. */
  readonly kind: string;
  /** Absolute path, where the kind is a module. */
  readonly module?: string;
  readonly knobs: Readonly<Record<string, unknown>>;
}

interface RoutingSpec {
  readonly spillOver: "none" | "nearest" | "any";
}

export interface PolicySpec {
  /** Unique in the scenario; the kind unless given. */
  readonly name: string;
  /** A built-in kind, or the path of a module as the scenario gives it. */
  readonly kind: string;
  /** Absolute path, where the kind is a module. */
  readonly module?: string;
  readonly min: number;
  readonly max: number;
  readonly tickMs: number;
  readonly scrapeLagMs: number;
  readonly mode: "active" | "advisory" | "off";
  readonly scaleIn: ScaleInSpec;
  /** Another unit of capacity than the fleet's streamlets, for studies of the right grain. */
  readonly unit?: UnitSpec;
  /** Everything else that the policy was given, checked and in base units for the built-in kinds, as written for modules. */
  readonly knobs: Readonly<Record<string, unknown>>;
}

/** What replaces the streamlet classes' own values under one policy; absent = as the fleet has it. */
export interface UnitSpec {
  readonly slots: number;
  readonly cpu?: number;
  readonly memoryBytes?: number;
  readonly bitsPerSecond?: number;
  readonly baseMemoryBytes?: number;
  readonly spawn?: SpawnSpec;
  /** Price of one for an hour, and its mean time between crashes. */
  readonly streamletHour?: number;
  readonly streamletMtbfMs?: number;
}

/** A policy within something else: the reactive part of a hybrid, in `knobs.reactive`, or that of hosts. */
export type ReactiveSpec = Pick<PolicySpec, "kind" | "tickMs" | "scrapeLagMs" | "knobs">;

export interface SloSpec {
  /** Bounds; absent = not part of the SLO. `probability` of the start latency, e.g. 0.99. */
  readonly startLatency: { readonly probability: number; readonly boundMs: number } | undefined;
  readonly rejectedRatio: number | undefined;
  readonly abandonedRatio: number | undefined;
  readonly interruptedRatio: number | undefined;
  /** The error budget: minutes of the measured window that may violate, as a share or as a number. */
  readonly violatingMinutes?: { readonly share: number } | { readonly minutes: number };
  /** The share of replications that must meet all of it. */
  readonly days: number;
}
