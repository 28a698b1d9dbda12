import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A killed process stays in its group a moment after its exit was reported. After this many
 * attempts the removal is left to `close`.
 */
const REMOVE_ATTEMPTS = 20;
const REMOVE_WAIT_MS = 1;

/** The mount point of a cgroup hierarchy, and the path of this process's group in it. */
export interface CgroupMount {
  readonly version: 1 | 2;
  /** The controllers of a v1 hierarchy; empty for v2. */
  readonly controllers: readonly string[];
  readonly root: string;
  readonly own: string;
}

/** Reads the mounts of all cgroup hierarchies; empty where there are none (or no /proc). */
export function cgroupMounts(): CgroupMount[] {
  const mounts = readText("/proc/self/mountinfo").split("\n");
  const places = new Map(readText("/proc/self/cgroup").split("\n").map(placeOf));
  const found: CgroupMount[] = [];
  for (const line of mounts) {
    const [left, right] = line.split(" - ");
    if (right === undefined) continue;
    const [type, , options] = right.split(" ");
    if (type !== "cgroup" && type !== "cgroup2") continue;
    const root = left.split(" ")[4].replaceAll("\\040", " ");
    const controllers = type === "cgroup2" ? [] : options.split(",").filter((name) => places.has(name));
    const place = places.get(type === "cgroup2" ? "" : (controllers[0] ?? "?"));
    if (place === undefined) continue;
    // In a container with a cgroup namespace of its own "/.." may appear: then only the mount's
    // root can be used.
    found.push({
      version: type === "cgroup2" ? 2 : 1,
      controllers,
      root,
      own: place.includes("..") ? root : join(root, place),
    });
  }
  return found;
}

function placeOf(line: string): [string, string] {
  const [, controllers = "?", place = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  return [controllers, place];
}

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** True if the value was written and accepted. */
export function tryWrite(file: string, value: string): boolean {
  try {
    writeFileSync(file, value);
    return true;
  } catch {
    return false;
  }
}

export function tryMkdir(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST";
  }
}

/** Removes a group; false while something is still in it. */
export function tryRemove(folder: string): boolean {
  for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
    try {
      rmdirSync(folder);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return true;
      if (code !== "EBUSY") return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REMOVE_WAIT_MS);
    }
  }
  return false;
}

/** The number after `key` in a file of "key value" lines; 0 if the key is absent. */
export function readCount(file: string, key: string): number {
  const found = new RegExp(`^${key} (\\d+)$`, "m").exec(readText(file));
  return found === null ? 0 : Number(found[1]);
}
