import { randomInt } from "node:crypto";
import { join } from "node:path";
import { FLOCK_MS, type HeldFolder, holdFolder, holdNewFolder, MOST_NEW_NAMES } from "../machine/held-folder.js";
import { type CgroupMount, tryRemove } from "./cgroup-files.js";
import { childGroups, clearGroup } from "./cgroup-groups.js";

/**
 * Names of a manager's groups: its process id, for people, and a random part. The lock of the
 * group shows whether the manager is alive (held-folder.ts).
 */
const NAME = /^headrace-\d+-\d+(\.\d+)?$/;
const DRAWN = 2 ** 47;

/** A unique name for a manager's groups. */
export function groupName(pid: number): string {
  return `headrace-${pid}-${randomInt(DRAWN)}`;
}

/** The locks of groups that this process has made. */
export class HeldGroups {
  private readonly locks: HeldFolder[] = [];

  /** `lockWithinMs`: the time for one attempt to lock a group. */
  constructor(private readonly lockWithinMs = FLOCK_MS) {}

  /**
   * Makes a group and holds its lock. `make` gets the group's name, and returns its folder, or
   * undefined where none can be made. Undefined, too, where the lock cannot be taken. A name that
   * another manager takes for a leftover is given up for the next: NAME.1, NAME.2 …
   */
  make(name: string, make: (name: string) => string | undefined): string | undefined {
    for (let i = 0; i < MOST_NEW_NAMES; i++) {
      const base = make(i === 0 ? name : `${name}.${i}`);
      if (base === undefined) return undefined;
      const lock = holdNewFolder(base, this.lockWithinMs);
      if (lock === "taken") continue;
      if (lock === "slow") {
        tryRemove(base);
        return undefined;
      }
      if (lock !== "no-locks") this.locks.push(lock);
      return base;
    }
    return undefined;
  }

  /** Call it once the groups are removed. */
  release(): void {
    for (const lock of this.locks.splice(0)) lock.release();
  }
}

export interface Leftovers {
  readonly groups: number;
  readonly processes: number;
}

/**
 * Ends the processes, and removes the groups, of managers that have ended: those whose lock is
 * free. Returns the number of both.
 */
export function cleanLeftovers(mounts: readonly CgroupMount[]): Leftovers {
  const killed = new Set<number>();
  let groups = 0;
  for (const mount of mounts) {
    for (const parent of new Set([mount.own, join(mount.own, ".."), mount.root])) {
      if (!parent.startsWith(mount.root)) continue;
      for (const name of childGroups(parent)) {
        if (!NAME.test(name)) continue;
        const base = join(parent, name);
        const lock = holdFolder(base);
        if (typeof lock !== "object") continue;
        groups += clean(base, killed);
        lock.release();
      }
    }
  }
  return { groups, processes: killed.size };
}

function clean(base: string, killed: Set<number>): number {
  const inside = childGroups(base).map((name) => join(base, name));
  for (const group of [...inside, base]) for (const pid of clearGroup(group)) killed.add(pid);
  return inside.length + 1;
}
