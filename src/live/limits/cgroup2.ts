import { join } from "node:path";
import { type CgroupMount, readCount, readText, tryMkdir, tryRemove, tryWrite } from "./cgroup-files.js";
import { attachTo, childGroups, clearGroup, makeGroup } from "./cgroup-groups.js";
import { HeldGroups } from "./leftovers.js";
import { type Cage, type Enforcement, isLimited, type LimitKind, type LimitMethod, type Limits } from "./limits.js";

const CONTROLLER_OF: ReadonlyMap<string, LimitKind> = new Map([
  ["cpu", "cpu"],
  ["memory", "memory"],
  ["pids", "pids"],
]);
/** The kernel's default period: throttling comes in slices of this. */
const PERIOD_US = 100_000;

/** The unified hierarchy: one group per streamlet below one group per manager. */
export class Cgroup2 implements LimitMethod {
  readonly enforces = new Map<LimitKind, Enforcement>();
  private readonly base: string | undefined;
  private readonly held = new HeldGroups();

  constructor(mounts: readonly CgroupMount[], name: string) {
    const mount = mounts.find((candidate) => candidate.version === 2);
    if (mount !== undefined) this.base = this.held.make(name, (one) => this.makeBase(mount, one));
    // makeBase sets these before the lock is taken.
    if (this.base === undefined) this.enforces.clear();
  }

  prefix(): readonly string[] {
    return [];
  }

  open(name: string, limits: Limits): Cage {
    const { base } = this;
    const group = base === undefined ? undefined : join(base, name);
    if (group === undefined) return emptyCage;
    makeGroup(group);
    if (isLimited(limits, "memory") && this.enforces.has("memory")) {
      // No swap: a streamlet that swaps looks like one that hangs. memory.high is not set for the
      // same reason.
      tryWrite(join(group, "memory.swap.max"), "0");
      tryWrite(join(group, "memory.max"), String(Math.floor(limits.memoryBytes)));
    }
    if (isLimited(limits, "pids") && this.enforces.has("pids")) tryWrite(join(group, "pids.max"), String(limits.pids));
    const cpu = this.enforces.has("cpu") ? limits.cpu : Number.POSITIVE_INFINITY;
    return {
      attach: (pid) => attachTo(group, pid),
      onReady: () => {
        if (cpu !== Number.POSITIVE_INFINITY)
          tryWrite(join(group, "cpu.max"), `${Math.max(1000, Math.round(cpu * PERIOD_US))} ${PERIOD_US}`);
      },
      memoryKills: () => readCount(join(group, "memory.events"), "oom_kill"),
      throttles: () => readCount(join(group, "cpu.stat"), "nr_throttled"),
      close: () => void clearGroup(group),
    };
  }

  close(): void {
    if (this.base === undefined) return;
    for (const name of childGroups(this.base)) clearGroup(join(this.base, name));
    tryRemove(this.base);
    this.held.release();
  }

  /**
   * Except for the root, a group holds either processes or children with controllers. So this
   * group, its parent and the root are tried in turn.
   */
  private makeBase(mount: CgroupMount, name: string): string | undefined {
    for (const parent of new Set([mount.own, join(mount.own, ".."), mount.root])) {
      if (!parent.startsWith(mount.root)) continue;
      const base = join(parent, name);
      if (!tryMkdir(base)) continue;
      for (const [controller, kind] of CONTROLLER_OF) {
        tryWrite(join(parent, "cgroup.subtree_control"), `+${controller}`);
        if (tryWrite(join(base, "cgroup.subtree_control"), `+${controller}`)) this.enforces.set(kind, "cgroup2");
      }
      if (this.enforces.size > 0 && readText(join(base, "cgroup.controllers")) !== "") return base;
      tryRemove(base);
    }
    return undefined;
  }
}

/** Used if nothing is to be enforced. */
export const emptyCage: Cage = {
  attach: () => true,
  onReady: () => undefined,
  memoryKills: () => 0,
  throttles: () => 0,
  close: () => undefined,
};
