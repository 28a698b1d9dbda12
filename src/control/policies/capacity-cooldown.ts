/**
 * The cooldowns of Application Auto Scaling. A scale-out within the cooldown of an earlier one is
 * counted from the capacity before the earlier one, so only a larger one has an effect. A scale-in
 * waits for the cooldown of the last scale-in; a scale-out ends that cooldown.
 */
export class CapacityCooldown {
  private outAtMs = Number.NEGATIVE_INFINITY;
  private outFrom = 0;
  private inAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly outMs: number,
    private readonly inMs: number,
  ) {}

  /** The capacity that a scale-out counts from. */
  base(current: number, nowMs: number): number {
    return this.isOut(nowMs) ? Math.min(this.outFrom, current) : current;
  }

  /** Within the cooldown of a scale-out: what it launched is still warming. */
  isOut(nowMs: number): boolean {
    return nowMs - this.outAtMs < this.outMs;
  }

  isIn(nowMs: number): boolean {
    return nowMs - this.inAtMs < this.inMs;
  }

  scaledOut(from: number, nowMs: number): void {
    if (!this.isOut(nowMs)) this.outFrom = from;
    this.outAtMs = nowMs;
    this.inAtMs = Number.NEGATIVE_INFINITY;
  }

  scaledIn(nowMs: number): void {
    this.inAtMs = nowMs;
  }
}
