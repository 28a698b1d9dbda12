import { readText } from "./cgroup-files.js";
import { emptyCage } from "./cgroup2.js";
import type { Cage, Enforcement, LimitKind, LimitMethod, Limits } from "./limits.js";

const PERIOD_MS = 20;
/** An idle process saves at most this much of its share. */
const SAVED_MS = 100;
const PAGE_BYTES = 4096;

/** The state of one watched process. */
class Watched implements Cage {
  pid = 0;
  kills = 0;
  private measuredMs = 0;
  private usedMs = 0;
  private budgetMs = 0;
  private stopped = false;
  private stops = 0;
  private limited = false;

  constructor(
    private readonly cpu: number,
    private readonly memoryBytes: number,
    private readonly onClose: (cage: Watched) => void,
  ) {}

  attach(pid: number): boolean {
    this.pid = pid;
    return true;
  }

  onReady(): void {
    this.limited = this.cpu !== Number.POSITIVE_INFINITY;
    this.measuredMs = performance.now();
    this.usedMs = this.cpuTimeMs();
  }

  throttles(): number {
    return this.stops;
  }

  memoryKills(): number {
    return this.kills;
  }

  close(): void {
    this.pid = 0;
    this.onClose(this);
  }

  look(nowMs: number): void {
    if (this.pid === 0) return;
    if (this.memoryBytes !== Number.POSITIVE_INFINITY && this.residentBytes() > this.memoryBytes) {
      this.kills++;
      this.signal("SIGKILL");
      this.pid = 0;
      return;
    }
    if (this.limited) this.share(nowMs);
  }

  /**
   * Stops a process that used more than its share until the time makes up for it: exact over
   * seconds, coarse below 20 ms.
   */
  private share(nowMs: number): void {
    const usedMs = this.cpuTimeMs();
    this.budgetMs += this.cpu * (nowMs - this.measuredMs) - (usedMs - this.usedMs);
    this.budgetMs = Math.min(this.budgetMs, this.cpu * SAVED_MS);
    this.measuredMs = nowMs;
    this.usedMs = usedMs;
    const over = this.budgetMs < 0;
    if (over === this.stopped) return;
    this.stopped = over;
    if (over) this.stops++;
    this.signal(over ? "SIGSTOP" : "SIGCONT");
  }

  private cpuTimeMs(): number {
    return Number(readText(`/proc/${this.pid}/schedstat`).split(" ")[0]) / 1e6;
  }

  private residentBytes(): number {
    return Number(readText(`/proc/${this.pid}/statm`).split(" ")[1] ?? 0) * PAGE_BYTES;
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.pid, signal);
    } catch {
      // The process has just ended.
    }
  }
}

/**
 * Limits enforced by watching, without any privilege: CPU (stopping and continuing) and memory
 * (killing) of the process itself. Network: the manager passes the bytes through a token bucket.
 */
export class UserSpace implements LimitMethod {
  readonly enforces = new Map<LimitKind, Enforcement>();
  private readonly cages = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  private readonly wanted: ReadonlySet<LimitKind>;

  constructor(wanted: ReadonlySet<LimitKind>) {
    this.wanted = new Set(wanted);
    const watches = readText("/proc/self/schedstat") !== "";
    for (const kind of ["cpu", "memory"] as const)
      if (watches && wanted.has(kind)) this.enforces.set(kind, "userspace");
    if (wanted.has("network")) this.enforces.set("network", "userspace");
  }

  prefix(): readonly string[] {
    return [];
  }

  open(_name: string, limits: Limits): Cage {
    const cpu = this.wanted.has("cpu") ? limits.cpu : Number.POSITIVE_INFINITY;
    const memoryBytes = this.wanted.has("memory") ? limits.memoryBytes : Number.POSITIVE_INFINITY;
    if (cpu === Number.POSITIVE_INFINITY && memoryBytes === Number.POSITIVE_INFINITY) return emptyCage;
    const cage = new Watched(cpu, memoryBytes, (closed) => {
      this.cages.delete(closed);
      if (this.cages.size === 0) this.rest();
    });
    this.cages.add(cage);
    this.timer ??= setInterval(() => this.look(), PERIOD_MS);
    return cage;
  }

  close(): void {
    this.rest();
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    const nowMs = performance.now();
    for (const cage of this.cages) cage.look(nowMs);
  }
}
