import type { HoldingSnapshot } from "../../../src/control/monitor/holding-snapshot.js";
import { HoldingTimes } from "../../../src/control/monitor/holding-times.js";

/** Holding times whose clock is set by each call. */
export class DatedHolding {
  private atMs = 0;
  private readonly times: HoldingTimes;

  constructor(poolCount: number, past: Float64Array) {
    this.times = new HoldingTimes(poolCount, past, { nowMs: () => this.atMs });
  }

  get past(): HoldingSnapshot {
    return this.times.past;
  }

  onStart(pool: number, atMs: number): void {
    this.atMs = atMs;
    this.times.onStart(pool);
  }

  onEnd(stream: { readonly pool: number; readonly startedAtMs: number }, atMs: number, completed: boolean): void {
    this.atMs = atMs;
    this.times.onEnd(stream, completed);
  }

  now(nowMs: number): HoldingSnapshot {
    return this.times.now(nowMs);
  }

  keep(nowMs: number): HoldingSnapshot {
    return this.times.keep(nowMs);
  }
}
