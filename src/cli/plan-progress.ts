import type { PlanProgress } from "../experiment/plan/plan.js";

/**
 * Redraws at most this often on a terminal; elsewhere one line per phase and per this many days.
 */
const PERIOD_MS = 100;
const DAYS_PER_LINE = 100;

/** How many days a plan of this size usually simulates. */
export interface UsualRuns {
  readonly all: number;
  /** Those of them that the phase "what if" takes. */
  readonly whatIf: number;
}

/**
 * One line of progress on stderr: the phase, the days simulated so far, the estimated time, and
 * the cheapest design so far.
 */
export class PlanProgressLine {
  private last: PlanProgress | undefined;
  private drawnAtMs = 0;
  private printedRuns = 0;
  private whatIfFrom = 0;
  private width = 0;
  private readonly startedAtMs: number;

  constructor(
    private readonly quiet: boolean,
    private readonly usual: UsualRuns,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.startedAtMs = nowMs();
  }

  /** The cheapest design that was not ruled out when the plan was stopped. */
  get incumbent(): string | undefined {
    return this.last?.incumbent;
  }

  readonly show = (progress: PlanProgress): void => {
    const before = this.last;
    this.last = progress;
    if (progress.phase === "what if" && before?.phase !== "what if") this.whatIfFrom = progress.runs;
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

  lineOf({ phase, runs, incumbent }: PlanProgress): string {
    const elapsedS = (this.nowMs() - this.startedAtMs) / 1000;
    const { word, count } = this.left(phase, runs);
    const left = runs > 5 && count > 0 ? `, ${word} ${Math.ceil((elapsedS * count) / runs)} s left` : "";
    const design = incumbent === undefined ? "" : `; so far ${incumbent} (not verified)`;
    return `${phase}: ${runs} days simulated${left}${design}`;
  }

  /** A plan that takes more days than usual still has those of "what if" before it. */
  private left(phase: PlanProgress["phase"], runs: number): { readonly word: string; readonly count: number } {
    const { all, whatIf } = this.usual;
    if (phase === "assemble") return { word: "", count: 0 };
    if (phase === "what if") return { word: "about", count: this.whatIfFrom + whatIf - runs };
    return all - runs > whatIf ? { word: "about", count: all - runs } : { word: "at least", count: whatIf };
  }
}
