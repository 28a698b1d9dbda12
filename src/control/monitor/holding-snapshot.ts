import type { HoldingView } from "../../ports/policy.js";
import { AGE_BIN_MS, type SurvivalCurve, survivalAt } from "./survival-curve.js";

/** Open streams by age at the snapshot. */
export interface OpenStreams {
  /** Expected number of a pool's streams, open at `atMs`, that are still open `aheadMs` later. */
  survivors(pool: number, atMs: number, aheadMs: number): number;
}

/**
 * The survival curve and the open streams at one instant. A policy that sees its metrics late
 * therefore sees these late as well.
 */
export class HoldingSnapshot implements HoldingView {
  constructor(
    private readonly curve: SurvivalCurve,
    private readonly open: OpenStreams,
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
    return this.open.survivors(pool, this.atMs, aheadMs);
  }
}
