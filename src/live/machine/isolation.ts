// The rights that streamlet processes give up before they read a byte from outside, so that a
// compromised one can do little. The C classes also give up all but some thirty system calls
// (native/confine.c, native/syscalls.c). At start it is tried which of these this machine
// supports.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../base/errors.js";
import { bubblewrap, ownNamespaces } from "./bubblewrap.js";
import { nativeStreamlet, type Runtime } from "./launch-command.js";
import { runtimePlaces } from "./runtime-folder.js";

/** How the streamlets of a class are confined. */
export interface IsolationOrder {
  /**
   * Streams are forwarded to or fetched from other addresses: streamlets may then open
   * connections.
   */
  readonly connects: boolean;
  /** They run as this user, which takes root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Node streamlets run in namespaces of their own, also without root (bubblewrap.ts). */
  readonly sandbox?: "bubblewrap";
}

export const openIsolation: IsolationOrder = { connects: true };

/** Measures by their names, as the C program prints them. */
const RIGHTS = ["no-new-privs", "no-capabilities"] as const;
const NATIVE = [...RIGHTS, "not-dumpable", "seccomp"] as const;
const WHERE_ALLOWED = ["landlock", "own-user", "own-network", "own-mounts", "own-pids"] as const;
type Measure = (typeof NATIVE)[number] | (typeof WHERE_ALLOWED)[number];

/** The measures in force on this machine, and the others with reasons. */
export interface Isolation {
  readonly runtime: Runtime;
  readonly holds: readonly string[];
  readonly missing: ReadonlyMap<string, string>;
}

/** The C program's argument (native/confine.h); −1 = the user that starts it. */
export function isolationArgument({ connects, user }: IsolationOrder): string {
  return `${user?.uid ?? -1}:${user?.gid ?? -1}${connects ? ",connect" : ""}`;
}

const works = new Map<string, boolean>();

/** Whether setpriv (util-linux) starts a program with these options. Tried once for each. */
function setprivWorks(options: readonly string[]): boolean {
  const key = options.join(" ");
  let known = works.get(key);
  if (known === undefined) {
    known = spawnSync("setpriv", [...options, "true"]).status === 0;
    works.set(key, known);
  }
  return known;
}

/**
 * The first words of a command that ends with its parent, even while busy; empty without setpriv.
 */
export function endsWithParent(): string[] {
  return setprivWorks(WITH_PARENT) ? ["setpriv", ...WITH_PARENT] : [];
}

const NO_RIGHTS = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];
const NO_NEW_RIGHTS = ["--no-new-privs"];
const WITH_PARENT = ["--pdeathsig", "KILL"];

/** The path of setpriv, for machines without the C program. */
const TOOLS = ["/bin", "/usr/bin"];

/** Paths of the machine that Node reads: its libraries, and information about the system. */
const NODE_READS = [
  "/lib",
  "/lib64",
  "/usr/lib",
  "/usr/lib64",
  "/usr/local/lib",
  "/etc/ld.so.cache",
  "/etc/ssl",
  "/etc/localtime",
  "/usr/share/zoneinfo",
  "/proc/self",
  "/proc/meminfo",
  "/proc/stat",
  "/sys/fs/cgroup",
  "/dev/null",
  "/dev/urandom",
];

/**
 * Our compiled code and the libraries that it uses, including those next to it in the node_modules
 * of another package.
 */
function ownFiles(): string[] {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const beside = dirname(resolve(root));
  const files = ["dist", "node_modules", "package.json"].map((name) => join(root, name));
  return basename(beside) === "node_modules" ? [...files, beside] : files;
}

function wrap(program: string, order: IsolationOrder): string[] {
  const readable = [process.execPath, ...NODE_READS, ...ownFiles()].join("\n");
  // The folder of the gateway's direct pipes.
  const sockets = Array.from(runtimePlaces()).join("\n");
  return [program, "--wrap", isolationArgument(order), readable, sockets, "--"];
}

/**
 * The first words of a Node streamlet's command. The C program, if it is built, confines itself
 * and then executes Node; otherwise setpriv drops the rights. With either, the process ends with
 * its parent, even while it is busy. With neither, it ends only when its channel closes, which a
 * process that never returns to its event loop does not notice. Dropping from the bounding set
 * needs a capability; without root there is nothing to drop.
 */
export function nodePrefix(order: IsolationOrder): string[] {
  return [...sandboxPrefix(order), ...confiningPrefix(order)];
}

function sandboxPrefix(order: IsolationOrder): string[] {
  if (order.sandbox === undefined) return [];
  const readable = [process.execPath, nativeStreamlet(), ...TOOLS, ...NODE_READS, ...ownFiles()];
  return bubblewrap({ readable, sockets: Array.from(runtimePlaces()), ...order });
}

function confiningPrefix(order: IsolationOrder): string[] {
  const program = nativeStreamlet();
  if (existsSync(program)) return wrap(program, order);
  const { user } = order;
  const asUser = user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  const options = [[...WITH_PARENT, ...NO_RIGHTS, ...asUser], [...WITH_PARENT, ...NO_NEW_RIGHTS], WITH_PARENT].find(
    setprivWorks,
  );
  return options === undefined ? [] : ["setpriv", ...options];
}

const NO_FILES = "the system calls that open files are forbidden";

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

function whyNot(measure: string, runtime: Runtime, order: IsolationOrder): string {
  if (measure === "own-user") return order.user === undefined ? "no --streamlet-user" : "only root can start them so";
  if (measure === "landlock")
    return runtime === "node" ? "this kernel has none, or the C program is not built" : NO_FILES;
  if (measure === "seccomp" && runtime === "node") return "the C program, which filters, is not built";
  if (runtime === "node" && measure !== "not-dumpable" && order.sandbox === undefined)
    return "C classes, or --sandbox bubblewrap";
  if (runtime === "node" && measure === "not-dumpable") return "C classes only";
  if (measure === "own-network" && order.connects) return "streams are forwarded to other addresses";
  if (measure.startsWith("own-"))
    return isRoot() ? "this container does not let it have them" : "only root can have them";
  return "this kernel or build has none";
}

function missingOf(runtime: Runtime, order: IsolationOrder, holds: readonly string[]): Map<string, string> {
  const all: readonly Measure[] = [...NATIVE, ...WHERE_ALLOWED];
  return new Map(all.filter((one) => !holds.includes(one)).map((one) => [one, whyNot(one, runtime, order)]));
}

/** Tries which measures work for a class, on a separate process. */
export function probeIsolation(runtime: Runtime, order: IsolationOrder): Isolation {
  let holds: string[] = [];
  const program = nativeStreamlet();
  const sandbox = runtime === "node" ? sandboxPrefix(order) : [];
  if (existsSync(program)) {
    const probe = [program, runtime === "node" ? "--wrap" : "--isolation", isolationArgument(order)];
    const [file, ...rest] = [...sandbox, ...probe];
    const { status, stdout } = spawnSync(file, rest);
    if (status === 0) holds = stdout.toString().trim().split(" ");
  } else if (runtime === "node") {
    const prefix = nodePrefix(order);
    if (prefix.includes("--no-new-privs")) holds.push("no-new-privs");
    // Without root there are no capabilities to begin with.
    if (prefix.includes("--bounding-set=-all") || (prefix.length > 0 && !isRoot())) holds.push("no-capabilities");
    if (order.user !== undefined && prefix.includes("--clear-groups")) holds.push("own-user");
  }
  if (sandbox.length > 0) holds.push(...ownNamespaces(order));
  return { runtime, holds, missing: missingOf(runtime, order, holds) };
}

/** One line for people. */
export function describeIsolation({ runtime, holds, missing }: Isolation): string {
  const not = Array.from(missing, ([measure, why]) => `${measure} (${why})`).join(", ");
  return `isolation (${runtime}): ${holds.join(", ") || "none"}${not === "" ? "" : `; not: ${not}`}`;
}

/**
 * `--require-isolation`: throws an InputError if a restriction that every machine supports, or a
 * requested user, is not in force.
 */
export function requireIsolation({ runtime, holds, missing }: Isolation, order: IsolationOrder): void {
  const wanted: string[] = [
    ...(runtime === "node" ? RIGHTS : NATIVE),
    ...(order.user === undefined ? [] : ["own-user"]),
  ];
  const lacking = wanted.filter((one) => !holds.includes(one));
  if (lacking.length === 0) return;
  throw new InputError({
    code: "HR1501",
    where: "--require-isolation",
    got: `streamlets (${runtime}) without ${lacking.map((one) => `${one} (${missing.get(one)})`).join(", ")}`,
    expected: `each of ${wanted.join(", ")}`,
    remedy:
      runtime === "node"
        ? "Install util-linux (setpriv), and start as root if --streamlet-user is given"
        : "Build the C program on this machine (headrace doctor " +
          "--build-native), and start as root if --streamlet-user is given",
  });
}
