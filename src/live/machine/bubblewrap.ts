// Node streamlets in a sandbox of bubblewrap(1), with namespaces of their own (PIDs, mounts, IPC,
// and the network if no stream is forwarded). Works without root if the kernel allows user
// namespaces. The spawned process is bubblewrap's own; it waits for the streamlet and exits as
// the streamlet did.
import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { InputError } from "../../base/errors.js";
import type { Runtime } from "./launch-command.js";

export interface SandboxOrder {
  /** Files and folders that the sandbox may read; missing ones are skipped. */
  readonly readable: readonly string[];
  /** Folders in which it may make sockets. */
  readonly sockets: readonly string[];
  readonly connects: boolean;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A shell adds this to the number of the signal that ended a process; so does bubblewrap. */
const SIGNAL_EXIT = 128;

/** The first words of a command that runs in a sandbox. It ends with its parent. */
export function bubblewrap({ readable, sockets, connects, user }: SandboxOrder): string[] {
  const rights = user === undefined ? [] : ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"];
  return [
    ...["bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts"],
    ...(connects ? [] : ["--unshare-net"]),
    ...["--dev", "/dev"],
    // The machine's own /proc, from which a streamlet learns its id outside.
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
 * The signal that ended a sandboxed process, from the exit code of bubblewrap; null if none did.
 */
export function signalOfExit(code: number | null): NodeJS.Signals | null {
  const signals = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return signals.find(([, number]) => code === SIGNAL_EXIT + number)?.[0] ?? null;
}

/**
 * `--sandbox bubblewrap`: throws an InputError for the C classes, whose zygotes make namespaces
 * of their own, and if bubblewrap does not run.
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
