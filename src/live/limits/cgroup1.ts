import { join } from "node:path";
import { type CgroupMount, readCount, tryMkdir, tryRemove, tryWrite } from "./cgroup-files.js";
import { attachTo, childGroups, clearGroup, makeGroup } from "./cgroup-groups.js";
import { HeldGroups } from "./leftovers.js";
import { type Cage, type Enforcement, isLimited, type LimitKind, type LimitMethod, type Limits } from "./limits.js";

const PERIOD_US = 100_000;

/** The older hierarchies, one per controller: cpu, memory, pids. */
export class Cgroup1 implements LimitMethod {
  readonly enforces = new Map<LimitKind, Enforcement>();
  /** The manager's own group in each hierarchy. */
  private readonly bases = new Map<LimitKind, string>();
  private readonly held = new HeldGroups();

  constructor(mounts: readonly CgroupMount[], name: string, wanted: ReadonlySet<LimitKind>) {
    for (const kind of ["cpu", "memory", "pids"] as const) {
      if (!wanted.has(kind)) continue;
      const mount = mounts.find((candidate) => candidate.version === 1 && candidate.controllers.includes(kind));
      const base = mount === undefined ? undefined : this.held.make(name, (one) => makeBase(mount, one));
      if (base === undefined) continue;
      this.bases.set(kind, base);
      this.enforces.set(kind, "cgroup1");
    }
  }

  prefix(): readonly string[] {
    return [];
  }

  open(name: string, limits: Limits): Cage {
    const groups = new Map<LimitKind, string>();
    for (const [kind, base] of this.bases) {
      if (!isLimited(limits, kind)) continue;
      const group = join(base, name);
      makeGroup(group);
      groups.set(kind, group);
    }
    const { cpu, memory, pids } = Object.fromEntries(groups);
    if (memory !== undefined) {
      const bytes = String(Math.floor(limits.memoryBytes));
      tryWrite(join(memory, "memory.limit_in_bytes"), bytes);
      tryWrite(join(memory, "memory.memsw.limit_in_bytes"), bytes);
    }
    if (pids !== undefined) tryWrite(join(pids, "pids.max"), String(limits.pids));
    return {
      attach: (pid) => Array.from(groups.values()).every((group) => attachTo(group, pid)),
      onReady: () => {
        if (cpu === undefined) return;
        tryWrite(join(cpu, "cpu.cfs_period_us"), String(PERIOD_US));
        tryWrite(join(cpu, "cpu.cfs_quota_us"), String(Math.max(1000, Math.round(limits.cpu * PERIOD_US))));
      },
      // failcnt stays 0 when the kernel kills; oom_control counts.
      memoryKills: () => (memory === undefined ? 0 : readCount(join(memory, "memory.oom_control"), "oom_kill")),
      throttles: () => (cpu === undefined ? 0 : readCount(join(cpu, "cpu.stat"), "nr_throttled")),
      close: () => {
        for (const group of groups.values()) clearGroup(group);
      },
    };
  }

  close(): void {
    for (const base of this.bases.values()) {
      for (const name of childGroups(base)) clearGroup(join(base, name));
      tryRemove(base);
    }
    this.held.release();
  }
}

function makeBase(mount: CgroupMount, name: string): string | undefined {
  for (const parent of new Set([mount.own, mount.root])) {
    const base = join(parent, name);
    if (tryMkdir(base)) return base;
  }
  return undefined;
}
