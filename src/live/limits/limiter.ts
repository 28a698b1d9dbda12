import type { Runtime } from "../machine/launch-command.js";
import { type CgroupMount, cgroupMounts } from "./cgroup-files.js";
import { Cgroup1 } from "./cgroup1.js";
import { Cgroup2 } from "./cgroup2.js";
import { cleanLeftovers, groupName, type Leftovers } from "./leftovers.js";
import {
  type Cage,
  type Enforced,
  type Enforcement,
  LIMIT_KINDS,
  type LimitKind,
  type LimitMethod,
  type Limits,
  METHODS,
  type Method,
} from "./limits.js";
import { Rlimits } from "./rlimits.js";
import { SelfRestraint } from "./self-restraint.js";
import { UserSpace } from "./userspace.js";

/** Methods that bind a streamlet whatever it does. */
export const outsideMethods: readonly Method[] = METHODS.filter((method) => method !== "streamlet");

interface MethodParts {
  readonly mounts: readonly CgroupMount[];
  /** The name of the manager's groups. */
  readonly name: string;
  /** The limits that no better method enforces. */
  readonly open: ReadonlySet<LimitKind>;
  readonly runtime: Runtime;
}

const makers: Readonly<Record<Method, (parts: MethodParts) => LimitMethod>> = {
  cgroup2: ({ mounts, name }) => new Cgroup2(mounts, name),
  cgroup1: ({ mounts, name, open }) => new Cgroup1(mounts, name, open),
  rlimit: ({ open, runtime }) => new Rlimits(open, runtime),
  streamlet: ({ open }) => new SelfRestraint(open),
  userspace: ({ open }) => new UserSpace(open),
};

/**
 * If the folder of groups has disappeared, every launch fails: the fault is reported at most this
 * often.
 */
const FAULTS_MS = 10_000;

/** For each limit the best of METHODS that this machine allows. */
export class Limiter {
  readonly enforced: Enforced;
  readonly leftovers: Leftovers;
  /** A line for people; at most once in FAULTS_MS. */
  onFault: (line: string) => void = () => undefined;
  private reportedMs = Number.NEGATIVE_INFINITY;
  private readonly methods: LimitMethod[] = [];

  constructor(
    /** Which methods may be used. */
    allowed: readonly Method[] = METHODS,
    runtime: Runtime = "node",
    /** A process that cannot be put under its limits must not run. */
    private readonly required = false,
  ) {
    const mounts = cgroupMounts();
    this.leftovers = cleanLeftovers(mounts);
    const name = groupName(process.pid);
    const open = new Set<LimitKind>(LIMIT_KINDS);
    const enforced: Record<LimitKind, Enforcement> = { cpu: "none", memory: "none", pids: "none", network: "none" };
    const take = (method: LimitMethod): void => {
      for (const [kind, by] of method.enforces) {
        if (!open.delete(kind)) continue;
        enforced[kind] = by;
      }
      if (method.enforces.size === 0) method.close();
      else this.methods.push(method);
    };
    for (const method of METHODS) if (allowed.includes(method)) take(makers[method]({ mounts, name, open, runtime }));
    this.enforced = enforced;
  }

  /** The first words of a command line under these limits. */
  prefix(limits: Limits, runtime: Runtime): string[] {
    return this.methods.flatMap((method) => method.prefix(limits, runtime));
  }

  /**
   * If a limit cannot be set up (a group cannot be made): throws an Error where limits are
   * required, otherwise reports the fault and continues.
   */
  open(name: string, limits: Limits): Cage {
    const cages: Cage[] = [];
    for (const method of this.methods) {
      try {
        cages.push(method.open(name, limits));
      } catch (error) {
        if (this.required) {
          for (const cage of cages) cage.close();
          throw error;
        }
        this.report(error instanceof Error ? error.message : String(error));
      }
    }
    return {
      attach: (pid) => {
        const isIn = cages.map((cage) => cage.attach(pid)).every(Boolean);
        if (!isIn) this.report(`process ${pid} cannot be put into its control group`);
        return isIn || !this.required;
      },
      onReady: () => {
        for (const cage of cages) cage.onReady();
      },
      memoryKills: () => cages.reduce((sum, cage) => sum + cage.memoryKills(), 0),
      throttles: () => cages.reduce((sum, cage) => sum + cage.throttles(), 0),
      close: () => {
        for (const cage of cages) cage.close();
      },
    };
  }

  private report(fault: string): void {
    const nowMs = performance.now();
    if (nowMs - this.reportedMs < FAULTS_MS) return;
    this.reportedMs = nowMs;
    this.onFault(`limits do not hold: ${fault}`);
  }

  close(): void {
    for (const method of this.methods) method.close();
  }
}
