// Private folders for sockets and secrets of one run: mode 0700, with a random name, in the first
// suitable place. Their owner holds their lock (held-folder.ts). A folder left by a killed
// process is removed by the next process that makes a folder in the same place.
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FLOCK_MS, type HeldFolder, holdFolder, holdNewFolder, MOST_NEW_NAMES } from "./held-folder.js";

/**
 * A Unix socket's path has 107 bytes (sockaddr_un); names in these folders are shorter than this.
 */
const MOST_PATH_BYTES = 90;
/** Most left-over folders to look at; more are left to the system's own cleaner. */
const MOST_LOOKED_AT = 200;

export interface RuntimeFolder {
  readonly path: string;
  /** False after another program has removed it (a cleaner of temporary files). */
  readonly isThere: boolean;
  /** Removes it with all that is in it. */
  close(): void;
}

/** The kernel's id of this boot: a folder with another id has no living owner. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").replaceAll("-", "").slice(0, 8);
  } catch {
    return "00000000";
  }
}

/**
 * Makes `PREFIX<pid>-<boot>-<random>`; the process id is for people. `lockWithinMs`: the
 * time for one attempt to lock it. Throws an Error that names each place and why it is unsuitable.
 */
export function makeRuntimeFolder(prefix: string, lockWithinMs = FLOCK_MS): RuntimeFolder {
  const refused: string[] = [];
  for (const place of runtimePlaces()) {
    try {
      accessSync(place, constants.W_OK | constants.X_OK);
      clearLeftovers(place, prefix);
      return makeHeld(join(place, `${prefix}${process.pid}-${bootId()}-`), lockWithinMs);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      refused.push(`${place} (${code ?? message})`);
    }
  }
  throw new Error(`no folder for sockets can be made: ${refused.join(", ")}`);
}

/** XDG_RUNTIME_DIR if it is this user's own; then TMPDIR; then the usual folders. */
export function runtimePlaces(): Set<string> {
  const { XDG_RUNTIME_DIR: own } = process.env;
  return new Set([...(own !== undefined && isPrivate(own) ? [own] : []), tmpdir(), "/tmp", "/dev/shm"]);
}

function isPrivate(folder: string): boolean {
  try {
    const { uid, mode } = statSync(folder);
    return uid === process.getuid?.() && (mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/** A folder whose path begins like this, with its lock. Throws an Error where it cannot be. */
function makeHeld(beginning: string, lockWithinMs: number): RuntimeFolder {
  for (let attempt = 1; attempt <= MOST_NEW_NAMES; attempt++) {
    const path = mkdtempSync(beginning);
    if (Buffer.byteLength(path) > MOST_PATH_BYTES) {
      rmSync(path, { recursive: true });
      throw new Error("too long a path for a socket");
    }
    const lock = holdNewFolder(path, lockWithinMs);
    if (lock === "slow") {
      rmSync(path, { recursive: true });
      throw new Error("the program flock does not end");
    }
    if (lock !== "taken") return folderAt(path, lock);
  }
  throw new Error(`other processes removed ${MOST_NEW_NAMES} new folders`);
}

function folderAt(path: string, lock: HeldFolder | "no-locks"): RuntimeFolder {
  return {
    path,
    get isThere() {
      return existsSync(path);
    },
    close: () => {
      rmSync(path, { recursive: true, force: true });
      if (typeof lock === "object") lock.release();
    },
  };
}

/**
 * Removes folders of this user and this boot whose lock is free. A folder that cannot be removed
 * stays.
 */
function clearLeftovers(place: string, prefix: string): void {
  const mark = `-${bootId()}-`;
  const names = readdirSync(place).filter((name) => name.startsWith(prefix) && name.includes(mark));
  for (const name of names.slice(0, MOST_LOOKED_AT)) {
    const folder = join(place, name);
    const lock = isPrivate(folder) ? holdFolder(folder) : "unknown";
    if (typeof lock === "object") removeHeld(folder, lock);
  }
}

function removeHeld(folder: string, lock: HeldFolder): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It stays, with a socket that no process listens on.
  } finally {
    lock.release();
  }
}
