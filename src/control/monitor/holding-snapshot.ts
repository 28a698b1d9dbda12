import type { HoldingView } from "../../ports/policy.js";

/**
 * Ages are counted in bins of one minute: fine enough for holding times of minutes, and 4,096 of
 * them reach 2.8 days.
 */
export const AGE_BIN_MS = 60_000;
export const AGE_BINS = 4096;

/**
 * Survival at the start of each age bin and its integral in ms. Float64Array[bins + 1] each; the
 * last entry covers all greater ages.
 */
export interface SurvivalCurve {
  readonly survivals: Float64Array;
  readonly integrals: Float64Array;
}

/** Open streams by pool and minute of start. */
export interface OpenCohorts {
  /** Pairs of a minute and the streams that started in it and are open; only minutes with some. */
  readonly pairs: Int32Array;
  /** The pairs of a pool stand at [ends[pool − 1], ends[pool]). */
  readonly ends: Int32Array;
}

/**
 * The survival curve and the open streams at one instant. A policy that sees its metrics late
 * therefore sees these late as well.
 */
export class HoldingSnapshot implements HoldingView {
  constructor(
    private readonly curve: SurvivalCurve,
    private readonly open: OpenCohorts,
    private readonly atMs: number,
  ) {}

  get meanMs(): number {
    const { integrals } = this.curve;
    return integrals[integrals.length - 1];
  }

  survival(ageMs: number): number {
    return survivalAt(this.curve.survivals, ageMs);
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
    const { atMs } = this;
    const { survivals } = this.curve;
    const { pairs, ends } = this.open;
    const end = ends[pool];
    let sum = 0;
    for (let i = pool === 0 ? 0 : ends[pool - 1]; i < end; i += 2) {
      const sinceMiddleMs = atMs - (pairs[i] + 0.5) * AGE_BIN_MS;
      const ageMs = sinceMiddleMs > 0 ? sinceMiddleMs : 0;
      sum += (pairs[i + 1] * survivalAt(survivals, ageMs + aheadMs)) / survivalAt(survivals, ageMs);
    }
    return sum;
  }
}

/**
 * Survival at an age ≥ 0. It is asked for some 200 times per pool and tick. `| 0` gives an integer
 * where `Math.floor` gives a float: 3.5 ns instead of 5.5.
 */
function survivalAt(survivals: Float64Array, ageMs: number): number {
  const last = survivals.length - 1;
  const at = ageMs / AGE_BIN_MS;
  if (at >= last) return survivals[last];
  const bin = at | 0;
  const here = survivals[bin];
  return here + (survivals[bin + 1] - here) * (at - bin);
}
