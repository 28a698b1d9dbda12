import type { Runtime } from "../machine/launch-command.js";

/** What a streamlet may use at most; Infinity = no limit. */
export interface Limits {
  /** Cores. */
  readonly cpu: number;
  readonly memoryBytes: number;
  /** Processes and threads together. */
  readonly pids: number;
  /** What it sends. */
  readonly bitsPerSecond: number;
}

export const noLimits: Limits = {
  cpu: Number.POSITIVE_INFINITY,
  memoryBytes: Number.POSITIVE_INFINITY,
  pids: Number.POSITIVE_INFINITY,
  bitsPerSecond: Number.POSITIVE_INFINITY,
};

export type LimitKind = "cpu" | "memory" | "pids" | "network";
export const LIMIT_KINDS: readonly LimitKind[] = ["cpu", "memory", "pids", "network"];

/** By what a limit is enforced, best first; "streamlet" = by itself alone, "none" = not at all. */
export type Enforcement = "cgroup2" | "cgroup1" | "rlimit" | "streamlet" | "userspace" | "none";
/**
 * Which methods may be used; all if left out. Tests, and those who distrust one, leave some out.
 */
export type Methods = readonly Enforcement[];
export type Enforced = Readonly<Record<LimitKind, Enforcement>>;

/** The limits of one process, from before its first stream to its end. */
export interface Cage {
  /**
   * Puts a process in, while it is idle: memory and pids bind from here on. False if it could not
   * be put there.
   */
  attach(pid: number): boolean;
  /** CPU and network bind from here on: a start under a quota takes three times as long. */
  onReady(): void;
  /** How often the kernel (or we) ended something in it because of its memory. */
  memoryKills(): number;
  /** How often it was held back because its share of CPU was used up. */
  throttles(): number;
  /** Removes it; the process must be gone. */
  close(): void;
}

/** One way to enforce some of the limits. */
export interface LimitMethod {
  readonly enforces: ReadonlyMap<LimitKind, Enforcement>;
  /**
   * How a command line must be prefixed so that it starts under these limits; empty for most
   * methods.
   */
  prefix(limits: Limits, runtime: Runtime): readonly string[];
  /** Throws an Error where what must be made cannot be. */
  open(name: string, limits: Limits): Cage;
  /** Removes everything that it made. */
  close(): void;
}
