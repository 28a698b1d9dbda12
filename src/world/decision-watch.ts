import { type DecisionRecord, keptDecision, type Telemetry } from "../ports/telemetry.js";

const ignore = (): void => undefined;

/** Keeps the last few decisions of each pool for `--explain`, and nothing else of the run. */
export class DecisionWatch implements Telemetry {
  readonly onArrival = ignore;
  readonly onRejected = ignore;
  readonly onAbandoned = ignore;
  readonly onWaiting = ignore;
  readonly onAssigned = ignore;
  readonly onStreamEnded = ignore;
  readonly onStreamletState = ignore;
  private readonly kept: DecisionRecord[][];

  constructor(
    poolCount: number,
    /** Decisions kept per pool, at least 1. */
    private readonly depth: number,
  ) {
    this.kept = Array.from({ length: poolCount }, () => []);
  }

  onDecision(decision: DecisionRecord): void {
    const kept = this.kept[decision.pool];
    kept.push(keptDecision(decision));
    if (kept.length > this.depth) kept.shift();
  }

  /** Oldest first. */
  lastOf(pool: number): readonly DecisionRecord[] {
    return this.kept[pool];
  }
}
