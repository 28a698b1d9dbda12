import { type ChildProcess, spawn } from "node:child_process";
import { InputError } from "../../base/errors.js";
import { readText } from "./cgroup-files.js";
import type { Limiter } from "./limiter.js";
import { type Enforcement, LIMIT_KINDS, type LimitKind, type Limits, noLimits } from "./limits.js";

/** A quiet machine needs 200 ms for all; one that is busy gets more, since a slow proof is better than a false alarm. */
const CPU_MEASURED_MS = 200;
const PATIENCE_MS = 3000;
const CPU_ASKED = 0.2;
/** A quota is spent in slices of 100 ms: over 200 ms it may be exceeded by one slice's worth. */
const CPU_ALLOWED = 0.35;
const MEMORY_ASKED_BYTES = 32 * 1024 * 1024;

/** What a limit is worth on this machine. */
interface Proof {
  readonly by: Enforcement;
  /** False: it did not bite when it was tried. */
  readonly proven: boolean;
  readonly detail: string;
}

/** Not tried here: it takes streams to do so, which the tests have. */
const NETWORK_DETAILS: ReadonlyMap<Enforcement, string> = new Map([
  [
    "streamlet",
    "each streamlet sends through a token bucket of its own; nothing outside it would hold one that did not",
  ],
  ["userspace", "what streamlets send passes through a token bucket of the manager's"],
]);

export type Proofs = Readonly<Record<LimitKind, Proof>>;

/** Tries each limit on a process that breaks it; all at once, in about 300 ms. */
export async function selfTest(limiter: Limiter): Promise<Proofs> {
  const [cpu, memory, pids] = await Promise.all([tryCpu(limiter), tryMemory(limiter), tryPids(limiter)]);
  const { network: by } = limiter.enforced;
  const detail = NETWORK_DETAILS.get(by) ?? "not enforced";
  return { cpu, memory, pids, network: { by, proven: by !== "none", detail } };
}

/** One line per limit, for people. */
export function describeProofs(proofs: Proofs): string[] {
  return LIMIT_KINDS.map((kind) => {
    const { by, proven, detail } = proofs[kind];
    return `limit ${kind}: ${by}${by === "none" || proven ? "" : ", BUT IT DOES NOT HOLD"} (${detail})`;
  });
}

/** `--require-limits`: throws an InputError when a limit that the scenario sets is not truly enforced. */
export function requireLimits(proofs: Proofs, asked: readonly Limits[]): void {
  const set: Record<LimitKind, boolean> = {
    cpu: asked.some((limits) => limits.cpu !== Number.POSITIVE_INFINITY),
    memory: asked.some((limits) => limits.memoryBytes !== Number.POSITIVE_INFINITY),
    pids: asked.some((limits) => limits.pids !== Number.POSITIVE_INFINITY),
    network: asked.some((limits) => limits.bitsPerSecond !== Number.POSITIVE_INFINITY),
  };
  const missing = LIMIT_KINDS.filter((kind) => set[kind] && (proofs[kind].by === "none" || !proofs[kind].proven));
  if (missing.length === 0) return;
  throw new InputError({
    where: "--require-limits",
    got: `limits that this machine does not enforce: ${missing.map((kind) => `${kind} (${proofs[kind].detail})`).join(", ")}`,
    expected: "each limit of the scenario to hold",
    remedy: "Run as root with cgroups mounted, or leave --require-limits out",
  });
}

async function tryCpu(limiter: Limiter): Promise<Proof> {
  const by = limiter.enforced.cpu;
  if (by === "none") return unenforced;
  return inCage(limiter, { cpu: CPU_ASKED }, "while :; do :; done", async (child) => {
    const [beganMs, usedMs] = [performance.now(), cpuMs(child)];
    await sleep(CPU_MEASURED_MS);
    const share = (cpuMs(child) - usedMs) / (performance.now() - beganMs);
    return { by, proven: share <= CPU_ALLOWED, detail: `a hog at ${CPU_ASKED} cores used ${share.toFixed(2)}` };
  });
}

async function tryMemory(limiter: Limiter): Promise<Proof> {
  const by = limiter.enforced.memory;
  if (by === "none") return unenforced;
  if (by === "rlimit") return { by, proven: true, detail: "address space of the native class only" };
  const hog = "a=xxxxxxxxxxxxxxxx; while :; do a=$a$a; done";
  return inCage(limiter, { memoryBytes: MEMORY_ASKED_BYTES }, hog, async (child, kills) => {
    const ended = await endOf(child);
    const proven = ended && kills() > 0;
    return { by, proven, detail: proven ? "a hog at 32 MiB was ended" : "a hog at 32 MiB went on" };
  });
}

async function tryPids(limiter: Limiter): Promise<Proof> {
  const by = limiter.enforced.pids;
  if (by === "none") return unenforced;
  return inCage(limiter, { pids: 1 }, "(exit 0) && exit 77", async (child) => {
    const ended = await endOf(child);
    const proven = ended && child.exitCode !== 77;
    return { by, proven, detail: proven ? "a second process was refused" : "a second process was let in" };
  });
}

const unenforced: Proof = { by: "none", proven: false, detail: "not enforced" };

async function inCage(
  limiter: Limiter,
  limits: Partial<Limits>,
  script: string,
  judge: (child: ChildProcess, memoryKills: () => number) => Promise<Proof>,
): Promise<Proof> {
  const cage = limiter.open(`self-test-${Object.keys(limits)[0]}`, { ...noLimits, ...limits });
  const child = spawn("sh", ["-c", `read go; ${script}`], { stdio: ["pipe", "ignore", "ignore"] });
  try {
    if (child.pid === undefined) return { ...unenforced, detail: "no shell to try it with" };
    cage.attach(child.pid);
    cage.onReady();
    child.stdin?.on("error", () => undefined);
    child.stdin?.write("go\n");
    return await judge(child, () => cage.memoryKills());
  } finally {
    child.kill("SIGKILL");
    await endOf(child);
    cage.close();
  }
}

/** True once it has ended; false if it does not in time. */
function endOf(child: ChildProcess): Promise<boolean> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(false), PATIENCE_MS);
    child.once("exit", () => {
      clearTimeout(patience);
      resolve(true);
    });
  });
}

function cpuMs(child: ChildProcess): number {
  return Number(readText(`/proc/${child.pid}/schedstat`).split(" ")[0]) / 1e6;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
