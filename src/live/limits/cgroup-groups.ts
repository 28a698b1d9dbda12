import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readText, tryRemove, tryWrite } from "./cgroup-files.js";

/**
 * As `tryWrite`, but creates no file: outside a cgroup file system that would be an ordinary
 * file.
 */
function tryWriteExisting(file: string, value: string): boolean {
  return existsSync(file) && tryWrite(file, value);
}

/**
 * Puts a process into a group; false if that fails. A process that has just ended is no fault.
 */
export function attachTo(group: string, pid: number): boolean {
  try {
    writeFileSync(join(group, "cgroup.procs"), String(pid));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Makes a group for a streamlet. Throws an Error with the reason if it cannot. */
export function makeGroup(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new Error(`the control group ${folder} cannot be made (${code})`);
  }
}

/**
 * Ends every process left in a group (started by a streamlet), then removes the group. Returns
 * the process ids. The kernel lists a process of another PID namespace as 0, which kill(2) takes
 * for the caller's own group: ids up to 1 are never signalled.
 */
export function clearGroup(folder: string): number[] {
  if (tryRemove(folder)) return [];
  const pids = readText(join(folder, "cgroup.procs"))
    .split("\n")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid);
  // Version 2 has a file that kills all processes of a group, in any namespace.
  tryWriteExisting(join(folder, "cgroup.kill"), "1");
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // The process has just ended.
    }
  }
  tryRemove(folder);
  return pids;
}

/** Names of the groups directly below. */
export function childGroups(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
