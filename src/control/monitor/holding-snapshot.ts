import type { HoldingView } from "../../ports/policy.js";

/** Ages are counted in bins of one minute: fine against holding times of minutes, and 4,096 of them reach 2.8 days. */
export const AGE_BIN_MS = 60_000;
export const AGE_BINS = 4096;

/** Survival at the start of each age bin and its integral in ms; Float64Array[bins + 1] each, the last entry stands for all beyond. */
export interface SurvivalCurve {
  readonly survivals: Float64Array;
  readonly integrals: Float64Array;
}

/**
 * What is known of holding times at one instant: the curve, and how many streams of each pool and minute of start were open then
 * (`cohorts[pool][i]` for minute `firstMinute + i`). So a policy that sees metrics late sees these as late.
 */
export class HoldingSnapshot implements HoldingView {
  constructor(
    private readonly curve: SurvivalCurve,
    private readonly cohorts: readonly Int32Array[],
    private readonly firstMinute: number,
    /** No stream that began before this minute is open. */
    private readonly oldestMinute: number,
    private readonly atMs: number,
  ) {}

  get meanMs(): number {
    const { integrals } = this.curve;
    return integrals[integrals.length - 1];
  }

  survival(ageMs: number): number {
    const { survivals } = this.curve;
    const at = ageMs / AGE_BIN_MS;
    const bin = Math.floor(at);
    const last = survivals.length - 1;
    if (bin >= last) return survivals[last];
    return survivals[bin] + (survivals[bin + 1] - survivals[bin]) * (at - bin);
  }

  integratedSurvivalMs(horizonMs: number): number {
    const { survivals, integrals } = this.curve;
    const bin = Math.floor(horizonMs / AGE_BIN_MS);
    const last = integrals.length - 1;
    if (bin >= last) return integrals[last];
    const rest = horizonMs - bin * AGE_BIN_MS;
    return integrals[bin] + (rest * (survivals[bin] + this.survival(horizonMs))) / 2;
  }

  survivors(pool: number, aheadMs: number): number {
    const cohort = this.cohorts[pool];
    const newest = Math.min(cohort.length - 1, Math.floor(this.atMs / AGE_BIN_MS) - this.firstMinute);
    let sum = 0;
    for (let i = this.oldestMinute - this.firstMinute; i <= newest; i++) {
      const count = cohort[i];
      if (count === 0) continue;
      const ageMs = Math.max(0, this.atMs - (this.firstMinute + i + 0.5) * AGE_BIN_MS);
      sum += (count * this.survival(ageMs + aheadMs)) / this.survival(ageMs);
    }
    return sum;
  }
}
