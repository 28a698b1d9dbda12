// The owner of a folder holds a lock on it: flock(2) on the folder itself, for ordinary folders
// and control groups alike. The kernel releases the lock when the process ends, in every PID
// namespace; a process id has no meaning outside its own namespace. Node has no flock. The
// program of that name (util-linux, busybox) locks a descriptor of ours, and the lock stays when
// that program has ended.
import { spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, fstatSync, openSync, statSync } from "node:fs";

/** It takes 2 ms, and on a machine at load 20 some tens. */
export const FLOCK_MS = 5000;
/** Attempts to lock a new folder on a machine that stalls: at most 15 s. */
const MOST_SLOW_ATTEMPTS = 3;

/** A lock that is held until `release`, or until this process ends. */
export interface HeldFolder {
  release(): void;
}

/**
 * The result of an attempt to lock. "slow": the program did not end in 5 s. "unknown": it is
 * missing, or the folder cannot be opened.
 */
export type Attempt = HeldFolder | "held-by-another" | "slow" | "unknown";

/** Takes the lock of a folder that is there. `withinMs`: the time that the program gets. */
export function holdFolder(folder: string, withinMs = FLOCK_MS): Attempt {
  let descriptor: number;
  try {
    descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    return "unknown";
  }
  const { status, error } = spawnSync("flock", ["-n", "3"], {
    stdio: ["ignore", "ignore", "ignore", descriptor],
    timeout: withinMs,
    killSignal: "SIGKILL",
  });
  // Another process may have removed the folder between mkdir and lock, and a third one may have
  // created it again.
  if (status === 0 && isAt(descriptor, folder)) {
    let isHeld = true;
    const release = (): void => {
      if (isHeld) closeSync(descriptor);
      isHeld = false;
    };
    return { release };
  }
  closeSync(descriptor);
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT") return "slow";
  return status === 1 ? "held-by-another" : "unknown";
}

/**
 * Names that are tried for a new folder: another process that looks for leftovers may take each of
 * them first.
 */
export const MOST_NEW_NAMES = 20;

/**
 * Takes the lock of a folder that this process has just made. "taken": another process looked for
 * leftovers in the 2 ms between the two, and removes the folder. "no-locks": there is no lock here,
 * so no process takes the folder for a leftover. "slow": three attempts did not end; the caller
 * removes the folder, which another process could else take for a leftover while it is in use.
 */
export function holdNewFolder(folder: string, withinMs = FLOCK_MS): HeldFolder | "taken" | "no-locks" | "slow" {
  for (let attempt = 1; attempt <= MOST_SLOW_ATTEMPTS; attempt++) {
    const lock = holdFolder(folder, withinMs);
    if (typeof lock === "object") return lock;
    if (lock !== "slow") return lock === "unknown" && existsSync(folder) ? "no-locks" : "taken";
  }
  return "slow";
}

function isAt(descriptor: number, folder: string): boolean {
  try {
    const [ours, there] = [fstatSync(descriptor), statSync(folder)];
    return ours.ino === there.ino && ours.dev === there.dev;
  } catch {
    return false;
  }
}
