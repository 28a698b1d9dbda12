// Node streamlets in a sandbox of bubblewrap(1): namespaces of their own (PIDs, mounts, IPC, and
// the network where no stream is forwarded), also without root where the kernel lets a user make
// user namespaces. The process that is spawned is bubblewrap's own, which waits for the streamlet
// and exits as it did.
import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { InputError } from "../../base/errors.js";
import type { Runtime } from "./launch-command.js";

export interface SandboxOrder {
  /** Files and folders that are there, for reading only; one that is missing is passed over. */
  readonly readable: readonly string[];
  /** Folders in which it may make sockets. */
  readonly sockets: readonly string[];
  readonly connects: boolean;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A shell's way to report a process that a signal ended, which bubblewrap follows. */
const SIGNAL_EXIT = 128;

/** What a command begins with that runs in a sandbox. It ends with its parent. */
export function bubblewrap({ readable, sockets, connects, user }: SandboxOrder): string[] {
  const rights = user === undefined ? [] : ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"];
  return [
    ...["bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts"],
    ...(connects ? [] : ["--unshare-net"]),
    ...["--dev", "/dev"],
    // The machine's own: by it a streamlet learns its number outside.
    ...["--ro-bind", "/proc", "/proc"],
    ...readable.filter((path) => !/^\/(proc|dev)\b/.test(path)).flatMap((path) => ["--ro-bind-try", path, path]),
    ...sockets.flatMap((path) => ["--bind-try", path, path]),
    ...rights.flatMap((right) => ["--cap-add", right]),
    ...["--chdir", "/", "--"],
  ];
}

/** The measures that a sandbox gives, by their names in isolation.ts. */
export function ownNamespaces({ connects }: { readonly connects: boolean }): string[] {
  return [...(connects ? [] : ["own-network"]), "own-mounts", "own-pids"];
}

/**
 * The signal that ended a sandboxed process, by the exit code of bubblewrap; null where none did.
 */
export function signalOfExit(code: number | null): NodeJS.Signals | null {
  const signals = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return signals.find(([, number]) => code === SIGNAL_EXIT + number)?.[0] ?? null;
}

/**
 * `--sandbox bubblewrap`: throws an InputError for the C classes, whose makers have namespaces of
 * their own, and where bubblewrap does not run.
 */
export function checkSandbox(runtime: Runtime): void {
  if (runtime !== "node") {
    throw new InputError({
      code: "HR1501",
      where: "--sandbox",
      got: `bubblewrap for streamlets of the class ${runtime}`,
      expected: "the class node",
      remedy: "Leave --sandbox out: as root the C classes have namespaces of their own",
    });
  }
  const tried = spawnSync("bwrap", ["--unshare-pid", "--ro-bind", "/", "/", "--", "/bin/true"], { encoding: "utf8" });
  if (tried.status === 0) return;
  const reason = tried.error?.message ?? tried.stderr.trim().split("\n").at(-1) ?? "";
  throw new InputError({
    code: "HR1501",
    where: "--sandbox",
    got: `a bubblewrap that does not run here (${reason})`,
    expected: "bwrap, and a kernel that lets this user make namespaces",
    remedy: "Install it (Debian: apt-get install bubblewrap), or leave --sandbox out",
  });
}
