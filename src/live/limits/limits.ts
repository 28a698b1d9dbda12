import type { Runtime } from "../machine/launch-command.js";

/** The most that a streamlet may use; Infinity = no limit. */
export interface Limits {
  /** Cores. */
  readonly cpu: number;
  readonly memoryBytes: number;
  /** Processes and threads together. */
  readonly pids: number;
  /** Bits per second that it sends. */
  readonly bitsPerSecond: number;
}

/** The field of each kind of limit, and what it counts. */
export const limitFields = {
  cpu: { field: "cpu", counts: "cores" },
  memory: { field: "memoryBytes", counts: "bytes" },
  pids: { field: "pids", counts: "processes and threads" },
  network: { field: "bitsPerSecond", counts: "bits sent per second" },
} as const satisfies Readonly<Record<string, { readonly field: keyof Limits; readonly counts: string }>>;

export type LimitKind = keyof typeof limitFields;
export const LIMIT_KINDS = Object.keys(limitFields) as readonly LimitKind[];

/** Infinity = no limit. */
function limitOf(limits: Limits, kind: LimitKind): number {
  return limits[limitFields[kind].field];
}

export function isLimited(limits: Limits, kind: LimitKind): boolean {
  return limitOf(limits, kind) !== Number.POSITIVE_INFINITY;
}

/** JSON has no infinity: a limit that is null or left out is none. */
export function limitsFromJson(written: Partial<Readonly<Record<keyof Limits, number | null>>>): Limits {
  const entries = LIMIT_KINDS.map((kind) => {
    const { field } = limitFields[kind];
    return [field, written[field] ?? Number.POSITIVE_INFINITY] as const;
  });
  return Object.fromEntries(entries) as unknown as Limits;
}

export const noLimits: Limits = limitsFromJson({});

/** Methods that can enforce a limit, best first; "streamlet" = the streamlet itself. */
export const METHODS = ["cgroup2", "cgroup1", "rlimit", "streamlet", "userspace"] as const;

export type Method = (typeof METHODS)[number];
/** The method that enforces a limit; "none" = it is not enforced. */
export type Enforcement = Method | "none";
export type Enforced = Readonly<Record<LimitKind, Enforcement>>;

/** The limits of one process, from before its first stream to its end. */
export interface Cage {
  /**
   * Puts a process in, while it is idle: its memory and process limits apply from here on. False
   * if that failed.
   */
  attach(pid: number): boolean;
  /**
   * CPU and network limits apply from here on: a start under a CPU quota takes three times as
   * long.
   */
  onReady(): void;
  /** How often the kernel (or the limiter) killed something in it for its memory. */
  memoryKills(): number;
  /** How often it was stopped because its share of CPU was used up. */
  throttles(): number;
  /** Removes it; the process must have ended. */
  close(): void;
}

/** One way to enforce some of the limits. */
export interface LimitMethod {
  readonly enforces: ReadonlyMap<LimitKind, Enforcement>;
  /**
   * Words before a command line that make it start under these limits; empty for most methods.
   */
  prefix(limits: Limits, runtime: Runtime): readonly string[];
  /** Throws an Error if it cannot be set up. */
  open(name: string, limits: Limits): Cage;
  /** Removes everything that it made. */
  close(): void;
}
