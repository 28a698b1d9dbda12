import type { PlanProgress } from "../experiment/plan/plan.js";

/**
 * Redraws at most this often on a terminal; elsewhere one line per phase and per this many days.
 */
const PERIOD_MS = 100;
const DAYS_PER_LINE = 100;

/**
 * One line of progress on stderr: the phase, the days simulated so far, the estimated time, and
 * the cheapest design so far.
 */
export class PlanProgressLine {
  private last: PlanProgress | undefined;
  private drawnAtMs = 0;
  private printedRuns = 0;
  private width = 0;
  private readonly startedAtMs = Date.now();

  constructor(
    private readonly quiet: boolean,
    /** Days that a plan of this size usually takes. */
    private readonly usualRuns: number,
  ) {}

  /** The cheapest design that was not ruled out when the plan was stopped. */
  get incumbent(): string | undefined {
    return this.last?.incumbent;
  }

  readonly show = (progress: PlanProgress): void => {
    const before = this.last;
    this.last = progress;
    if (this.quiet) return;
    const line = this.lineOf(progress);
    const nowMs = Date.now();
    if (process.stderr.isTTY) {
      if (nowMs - this.drawnAtMs < PERIOD_MS && before?.phase === progress.phase) return;
      this.drawnAtMs = nowMs;
      process.stderr.write(`\r${line.padEnd(this.width)}`);
      this.width = line.length;
      return;
    }
    if (before?.phase === progress.phase && progress.runs < this.printedRuns + DAYS_PER_LINE) return;
    this.printedRuns = progress.runs;
    process.stderr.write(`${line}\n`);
  };

  clear(): void {
    if (!this.quiet && process.stderr.isTTY) process.stderr.write(`\r${" ".repeat(this.width)}\r`);
  }

  private lineOf({ phase, runs, incumbent }: PlanProgress): string {
    const elapsedS = (Date.now() - this.startedAtMs) / 1000;
    const left =
      runs > 5 && runs < this.usualRuns && phase !== "assemble"
        ? `, about ${Math.ceil((elapsedS * (this.usualRuns - runs)) / runs)} s left`
        : "";
    const design = incumbent === undefined ? "" : `; so far ${incumbent} (not verified)`;
    return `${phase}: ${runs} days simulated${left}${design}`;
  }
}
