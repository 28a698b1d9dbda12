import { join } from "node:path";
import { type CgroupMount, childGroups, clearGroup, readText } from "./cgroup-files.js";

/** Groups of a manager are named by its process: `headrace-<pid>-<start time>`, so that another process with that number is not mistaken for it. */
const NAME = /^headrace-(\d+)-(\d+)(\.\d+)?$/;

/** The name of this manager's groups. */
export function groupName(pid: number): string {
  return `headrace-${pid}-${startTimeOf(pid)}`;
}

export interface Leftovers {
  readonly groups: number;
  readonly processes: number;
}

/** Ends the processes, and removes the groups, of managers that are no more. Returns what there was. */
export function cleanLeftovers(mounts: readonly CgroupMount[]): Leftovers {
  const killed = new Set<number>();
  let groups = 0;
  for (const mount of mounts) {
    for (const parent of new Set([mount.own, join(mount.own, ".."), mount.root])) {
      if (!parent.startsWith(mount.root)) continue;
      for (const name of childGroups(parent)) {
        const owner = NAME.exec(name);
        if (owner === null || startTimeOf(Number(owner[1])) === owner[2]) continue;
        groups += clean(join(parent, name), killed);
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

/** Field 22 of /proc/pid/stat, in clock ticks since boot; "0" if there is no such process. */
export function startTimeOf(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  // The command's name may hold blanks and brackets: fields are counted from the last bracket on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return stat === "" ? "0" : (fields[19] ?? "0");
}
