import { FLOAT_ZERO } from "../../base/float-zero.js";
import { objectList } from "../../base/object-list.js";

/** State of one more unit: needed now since an instant, or last needed until one. NaN = never. */
interface Rung {
  isOn: boolean;
  changedAtMs: number;
}

/**
 * The least time that must be paid for a need that grows and shrinks. The k-th unit is needed
 * while the need is at least k. In a gap of length g between two such times the unit is either
 * kept (cost g) or ended and started again (cost at least `startMs`, paid before it is needed):
 * min(g, startMs). The gaps of different k are independent, so the sum is the optimum (off-line
 * rent-or-buy; Karlin et al. 1988). Only time after `fromMs` counts.
 */
export class NeedLadder {
  private readonly rungs = objectList<Rung>();
  private need = 0;
  private totalMs = FLOAT_ZERO;

  constructor(
    private readonly startMs: number,
    private readonly fromMs: number,
  ) {}

  /** This many units are needed from now on. */
  set(need: number, nowMs: number): void {
    while (this.need < need) this.switchOn(this.need++, nowMs);
    while (this.need > need) this.switchOff(--this.need, nowMs);
  }

  /** Unit-milliseconds in [fromMs, nowMs]; `nowMs` is the end of the run. */
  spentMs(nowMs: number): number {
    let total = 0 + this.totalMs;
    for (const rung of this.rungs) if (rung.isOn) total += this.measured(rung.changedAtMs, nowMs);
    return total;
  }

  private switchOn(k: number, nowMs: number): void {
    if (k === this.rungs.length) this.rungs.push({ isOn: false, changedAtMs: Number.NaN });
    const rung = this.rungs[k];
    // Not needed before: it was ready from the start or was started, whichever is cheaper.
    const gapMs = this.measured(Number.isNaN(rung.changedAtMs) ? 0 : rung.changedAtMs, nowMs);
    this.totalMs += Math.min(gapMs, this.startMs);
    rung.isOn = true;
    rung.changedAtMs = nowMs;
  }

  private switchOff(k: number, nowMs: number): void {
    const rung = this.rungs[k];
    this.totalMs += this.measured(rung.changedAtMs, nowMs);
    rung.isOn = false;
    rung.changedAtMs = nowMs;
  }

  private measured(sinceMs: number, nowMs: number): number {
    return Math.max(0, nowMs - Math.max(sinceMs, this.fromMs));
  }
}
