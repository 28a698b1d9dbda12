/** What Knative calls DeciderSpec. Rates and thresholds are factors, windows ms. */
export interface KpaSpec {
  /** Concurrency that one replica is to have: max(0.01, concurrency target × utilisation). */
  readonly targetValue: number;
  /** Concurrency that one replica can have; for the excess burst capacity only. */
  readonly totalValue: number;
  readonly maxScaleUpRate: number;
  readonly maxScaleDownRate: number;
  readonly panicThreshold: number;
  readonly stableWindowMs: number;
  readonly scaleDownDelayMs: number;
  readonly activationScale: number;
  /** 0 = the activator is never needed; −1 = always in the path. */
  readonly targetBurstCapacity: number;
  /** False = no route leads to the revision: it may go down at any rate. */
  readonly reachable: boolean;
}

/** The autoscaler looks every 2 s (tickInterval); delays are counted in these. */
const KPA_TICK_MS = 2000;

export interface KpaOutcome {
  readonly desired: number;
  readonly wantStable: number;
  readonly wantPanic: number;
  readonly inPanic: boolean;
  /**
   * The clamp that cut the stable proposal; whether the panic maximum or the delay raised the
   * result.
   */
  readonly heldBy: "" | "up-rate" | "down-rate" | "panic" | "scale-down-delay";
  readonly excessBurstCapacity: number;
}

/**
 * One revision's autoscaler (knative/serving pkg/autoscaler/scaling/autoscaler.go): a function of
 * the two windows' concurrency, the ready count and its own panic. If it is created with more than
 * one ready it starts in panic, so that a restart without data never scales down.
 */
export class KpaScaler {
  private panicSinceMs: number | undefined;
  private maxPanic: number;
  private readonly delayed: { readonly tick: number; readonly desired: number }[] = [];

  constructor(
    private readonly spec: KpaSpec,
    readyAtCreation: number,
    createdAtMs: number,
  ) {
    this.panicSinceMs = readyAtCreation > 1 ? createdAtMs : undefined;
    this.maxPanic = readyAtCreation;
  }

  scale(stableConcurrency: number, panicConcurrency: number, readyCount: number, nowMs: number): KpaOutcome {
    const { spec } = this;
    const ready = Math.max(1, readyCount);
    // At least one more than now, even if the rate alone would not allow it: 1.1·2 = 2.2, and 3 are
    // allowed.
    const maxUp = Math.ceil(spec.maxScaleUpRate * ready);
    const maxDown = spec.reachable ? Math.floor(ready / spec.maxScaleDownRate) : 0;
    const wantStable = Math.ceil(stableConcurrency / spec.targetValue);
    const wantPanic = Math.ceil(panicConcurrency / spec.targetValue);
    const stable = this.activated(Math.min(Math.max(wantStable, maxDown), maxUp), wantStable);
    const panic = this.activated(Math.min(Math.max(wantPanic, maxDown), maxUp), wantPanic);
    // The unclamped proposal decides. A clamped one could not cross a threshold above the rate.
    this.watchPanic(wantPanic / ready >= spec.panicThreshold, nowMs);
    const inPanic = this.panicSinceMs !== undefined;
    let desired = stable;
    if (inPanic) {
      desired = Math.max(stable, panic);
      this.maxPanic = Math.max(this.maxPanic, desired);
    }
    const beforeHold = desired;
    if (inPanic) desired = this.maxPanic;
    const beforeDelay = desired;
    if (spec.scaleDownDelayMs > 0) desired = this.delay(desired, nowMs);
    const rate = wantStable > maxUp ? "up-rate" : wantStable < maxDown ? "down-rate" : "";
    return {
      desired,
      wantStable,
      wantPanic,
      inPanic,
      heldBy: desired > beforeDelay ? "scale-down-delay" : beforeDelay > beforeHold ? "panic" : inPanic ? "" : rate,
      excessBurstCapacity: this.excessBurstCapacity(readyCount, panicConcurrency),
    };
  }

  private activated(clamped: number, wanted: number): number {
    const { activationScale } = this.spec;
    return activationScale > 1 && wanted > 0 ? Math.max(clamped, activationScale) : clamped;
  }

  private watchPanic(over: boolean, nowMs: number): void {
    if (over) {
      this.panicSinceMs = nowMs;
    } else if (this.panicSinceMs !== undefined && this.panicSinceMs + this.spec.stableWindowMs < nowMs) {
      this.panicSinceMs = undefined;
      this.maxPanic = 0;
    }
  }

  /** The largest proposal within the delay window, in steps of one tick. */
  private delay(desired: number, nowMs: number): number {
    const tick = Math.floor(nowMs / KPA_TICK_MS);
    const ticks = Math.ceil(this.spec.scaleDownDelayMs / KPA_TICK_MS);
    while (this.delayed.length > 0 && this.delayed[0].tick <= tick - ticks) this.delayed.shift();
    // An older value matters only if it is larger than all later ones.
    while (this.delayed.length > 0 && this.delayed[this.delayed.length - 1].desired <= desired) this.delayed.pop();
    this.delayed.push({ tick, desired });
    return this.delayed[0].desired;
  }

  private excessBurstCapacity(readyCount: number, panicConcurrency: number): number {
    const { targetBurstCapacity, totalValue } = this.spec;
    if (targetBurstCapacity === 0) return 0;
    if (targetBurstCapacity < 0) return -1;
    return Math.floor(readyCount * totalValue - targetBurstCapacity - panicConcurrency);
  }
}
