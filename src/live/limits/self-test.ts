import { type ChildProcess, spawn } from "node:child_process";
import { InputError } from "../../base/errors.js";
import { endsWithParent } from "../machine/isolation.js";
import { readText } from "./cgroup-files.js";
import type { Limiter } from "./limiter.js";
import {
  type Cage,
  type Enforcement,
  isLimited,
  LIMIT_KINDS,
  type LimitKind,
  type Limits,
  noLimits,
} from "./limits.js";

/**
 * A quiet machine needs half a second for all tests. At load 35 a process gets a fortieth of
 * that; the limit is then not checked, which is no fault.
 */
const END_WITHIN_MS = 8000;
const CPU_ASKED = 0.2;
/**
 * A quota is given in slices, one per period of 100 ms. A measurement that begins within a period
 * includes one slice too many, a quarter of four. So it runs from the end of one slice to the end
 * of another, five periods later. 10 % allow for the delay until that is noticed.
 */
const CPU_PERIODS = 5;
const CPU_ALLOWED = 0.22;
const CPU_ATTEMPTS = 3;
const LOOK_MS = 5;
const MEMORY_ASKED_BYTES = 32 * 1024 * 1024;
/**
 * A method that watches notices a hog some milliseconds late. It lets no more than this through.
 */
const MEMORY_ALLOWED_BYTES = 2 * MEMORY_ASKED_BYTES;
const MEMORY_DANGEROUS_BYTES = 16 * MEMORY_ASKED_BYTES;

/**
 * Result of the test of a limit. "broken": a process exceeded it. "not-observed": no process came
 * that far in time, because the machine is busy; the limit may hold.
 */
type Verdict = "holds" | "broken" | "not-observed" | "not-enforced";

/** The result of a limit's test on this machine. */
interface Proof {
  readonly by: Enforcement;
  readonly verdict: Verdict;
  /** The verdict is "holds". */
  readonly proven: boolean;
  readonly detail: string;
}

function proof(by: Enforcement, verdict: Verdict, detail: string): Proof {
  const text = verdict === "not-observed" ? `NOT CHECKED: the machine is too busy; ${detail}` : detail;
  return { by, verdict, proven: verdict === "holds", detail: text };
}

/** Not tested here, since it needs streams; the tests do it. */
const NETWORK_DETAILS: ReadonlyMap<Enforcement, string> = new Map([
  [
    "streamlet",
    "each streamlet sends through a token bucket of its own; nothing outside it would hold one that did not",
  ],
  ["userspace", "what streamlets send passes through a token bucket of the manager's"],
]);

export type Proofs = Readonly<Record<LimitKind, Proof>>;

/** Tries each limit on a process that breaks it; all at once, in about 700 ms. */
export async function selfTest(limiter: Limiter): Promise<Proofs> {
  const [cpu, memory, pids] = await Promise.all([tryCpu(limiter), tryMemory(limiter), tryPids(limiter)]);
  const { network: by } = limiter.enforced;
  const detail = NETWORK_DETAILS.get(by) ?? "not enforced";
  return { cpu, memory, pids, network: proof(by, by === "none" ? "not-enforced" : "holds", detail) };
}

/** One line per limit, for people. */
export function describeProofs(proofs: Proofs): string[] {
  return LIMIT_KINDS.map((kind) => {
    const { by, verdict, detail } = proofs[kind];
    return `limit ${kind}: ${by}${VERDICT_WORDS[verdict]} (${detail})`;
  });
}

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  holds: "",
  broken: ", BUT IT DOES NOT HOLD",
  "not-observed": "",
  "not-enforced": "",
};

/** The method that enforces each limit; "none" if there is none, or if the test broke it. */
export function enforcedBy(proofs: Proofs): Readonly<Record<string, Enforcement>> {
  const works = ({ by, verdict }: Proof): Enforcement => (verdict === "broken" ? "none" : by);
  return Object.fromEntries(LIMIT_KINDS.map((kind) => [kind, works(proofs[kind])]));
}

const UNFIT: ReadonlySet<Verdict> = new Set(["broken", "not-enforced"]);

/** `--require-limits`: throws an InputError if a limit of the scenario is not really enforced. */
export function requireLimits(proofs: Proofs, asked: readonly Limits[]): void {
  const isAsked = (kind: LimitKind): boolean => asked.some((limits) => isLimited(limits, kind));
  const missing = LIMIT_KINDS.filter((kind) => isAsked(kind) && UNFIT.has(proofs[kind].verdict));
  if (missing.length === 0) return;
  throw new InputError({
    code: "HR1501",
    where: "--require-limits",
    got:
      "limits that this machine does not enforce: " +
      `${missing.map((kind) => `${kind} (${proofs[kind].detail})`).join(", ")}`,
    expected: "each limit of the scenario to hold",
    remedy: "Run as root with cgroups mounted, or leave --require-limits out",
  });
}

async function tryCpu(limiter: Limiter): Promise<Proof> {
  const by = limiter.enforced.cpu;
  if (by === "none") return unenforced;
  return inCage(limiter, { cpu: CPU_ASKED }, "while :; do :; done", async (child, cage) => {
    const [beganMs, usedMs] = [performance.now(), cpuMs(child)];
    let share = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < CPU_ATTEMPTS && share > CPU_ALLOWED; attempt++)
      share = await shareOf(child, cage, beganMs + END_WITHIN_MS);
    if (share === Number.POSITIVE_INFINITY) {
      const got = (cpuMs(child) - usedMs) / (performance.now() - beganMs);
      const detail = `a hog at ${CPU_ASKED} cores was not held back, and used ${got.toFixed(3)}`;
      return proof(by, got > CPU_ALLOWED ? "broken" : "not-observed", detail);
    }
    const detail = `a hog at ${CPU_ASKED} cores used ${share.toFixed(3)} over ${CPU_PERIODS} periods`;
    return proof(by, share <= CPU_ALLOWED ? "holds" : "broken", detail);
  });
}

/** CPU time over wall time, by whole periods; Infinity if the process is not limited at all. */
async function shareOf(child: ChildProcess, cage: Cage, deadlineMs: number): Promise<number> {
  let [throttles, left] = [cage.throttles(), CPU_PERIODS + 1];
  let [fromMs, fromUsedMs] = [Number.NaN, 0];
  while (performance.now() < deadlineMs) {
    await sleep(LOOK_MS);
    const seen = cage.throttles();
    if (seen === throttles) continue;
    const nowMs = performance.now();
    const usedMs = cpuMs(child);
    // The first call only starts the clock.
    left -= Number.isNaN(fromMs) ? 1 : seen - throttles;
    throttles = seen;
    if (Number.isNaN(fromMs)) [fromMs, fromUsedMs] = [nowMs, usedMs];
    else if (left <= 0) return (usedMs - fromUsedMs) / (nowMs - fromMs);
  }
  return Number.POSITIVE_INFINITY;
}

async function tryMemory(limiter: Limiter): Promise<Proof> {
  const by = limiter.enforced.memory;
  if (by === "none") return unenforced;
  if (by === "rlimit") return proof(by, "holds", "address space of the native class only");
  const hog = "a=xxxxxxxxxxxxxxxx; while :; do a=$a$a; done";
  return inCage(limiter, { memoryBytes: MEMORY_ASKED_BYTES }, hog, async (child, cage) => {
    const mostBytes = await highestUntilEnd(child);
    const got = `got to ${Math.round(mostBytes / 2 ** 20)} MiB`;
    if (cage.memoryKills() > 0) return proof(by, "holds", "a hog at 32 MiB was ended");
    return proof(by, mostBytes > MEMORY_ALLOWED_BYTES ? "broken" : "not-observed", `a hog at 32 MiB ${got}`);
  });
}

/**
 * The highest resident memory of a process, in bytes. Looks until it ends, endangers the machine,
 * or time is up.
 */
async function highestUntilEnd(child: ChildProcess): Promise<number> {
  const deadlineMs = performance.now() + END_WITHIN_MS;
  let most = 0;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadlineMs) {
    const [, kilobytes = "0"] = /^VmHWM:\s+(\d+) kB$/m.exec(readText(`/proc/${child.pid}/status`)) ?? [];
    most = Math.max(most, Number(kilobytes) * 1024);
    if (most > MEMORY_DANGEROUS_BYTES) return most;
    await sleep(LOOK_MS);
  }
  return most;
}

async function tryPids(limiter: Limiter): Promise<Proof> {
  const by = limiter.enforced.pids;
  if (by === "none") return unenforced;
  return inCage(limiter, { pids: 1 }, "(exit 0) && exit 77", async (child) => {
    if (!(await endOf(child))) return proof(by, "not-observed", "a shell did not get to it");
    if (child.exitCode === 77) return proof(by, "broken", "a second process was let in");
    return proof(by, "holds", "a second process was refused");
  });
}

const unenforced = proof("none", "not-enforced", "not enforced");

async function inCage(
  limiter: Limiter,
  limits: Partial<Limits>,
  script: string,
  judge: (child: ChildProcess, cage: Cage) => Promise<Proof>,
): Promise<Proof> {
  const cage = limiter.open(`self-test-${Object.keys(limits)[0]}`, { ...noLimits, ...limits });
  // A manager that is killed meanwhile must leave no hog: before its start a hog ends with its
  // input, afterwards with its parent.
  const [file, ...rest] = [...endsWithParent(), "sh", "-c", `read go || exit 0; ${script}`];
  const child = spawn(file, rest, { stdio: ["pipe", "ignore", "ignore"] });
  try {
    if (child.pid === undefined) return { ...unenforced, detail: "no shell to try it with" };
    cage.attach(child.pid);
    cage.onReady();
    child.stdin?.on("error", () => undefined);
    child.stdin?.write("go\n");
    return await judge(child, cage);
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
    const timer = setTimeout(() => resolve(false), END_WITHIN_MS);
    child.once("exit", () => {
      clearTimeout(timer);
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
