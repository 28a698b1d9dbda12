import { readFileSync } from "node:fs";

/**
 * The manager sends a heartbeat each second. After the first of these times without any, and
 * without CPU use, it is stopped or blocked. If it used CPU it may be starved on a busy machine
 * (at load 25 a timer of 1 s fired after 4 s), and has until the second.
 */
const HUNG_AFTER_MS = { idle: 5000, busy: 30_000 };
/** After this silence its use of CPU is watched. */
const SILENT_MS = 1500;
const LOOK_MS = 500;

/** Watches whether a manager sends messages; calls `onHung` once when it must be taken for hung. */
export class ManagerSilence {
  private isOver = false;
  private heardMs = performance.now();
  private lookedMs = performance.now();
  /** Its CPU time at the first check of its silence. */
  private silentCpuNs: string | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pid: number,
    private readonly onHung: (silentMs: number) => void,
  ) {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** It was silent for too long. */
  get isHung(): boolean {
    return this.isOver;
  }

  /** A message has come. */
  end(): void {
    this.heardMs = performance.now();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const nowMs = performance.now();
    const sinceMs = nowMs - this.lookedMs;
    this.lookedMs = nowMs;
    // This process itself was not running: messages of that time are still unread.
    if (sinceMs > HUNG_AFTER_MS.idle / 2) this.heardMs = nowMs;
    const silentMs = nowMs - this.heardMs;
    if (silentMs < SILENT_MS) this.silentCpuNs = undefined;
    else this.silentCpuNs ??= this.cpuNs();
    if (silentMs <= HUNG_AFTER_MS.idle || this.isOver) return;
    if (silentMs <= HUNG_AFTER_MS.busy && this.cpuNs() !== this.silentCpuNs) return;
    this.isOver = true;
    this.onHung(silentMs);
  }

  /** CPU time that the manager has used, from the kernel; empty if unknown. */
  private cpuNs(): string {
    try {
      return readFileSync(`/proc/${this.pid}/schedstat`, "utf8").split(" ")[0];
    } catch {
      return "";
    }
  }
}
