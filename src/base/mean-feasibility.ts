import { assert } from "./assert.js";

export interface MeanFeasibilitySpec {
  /** Upper bound on the mean. */
  readonly bound: number;
  /** A mean within this distance of the bound may be judged either way; > 0. */
  readonly tolerance: number;
  /** Probability of a wrong verdict, beyond the tolerance. */
  readonly beta: number;
  /** Values before the first verdict, at least 2. */
  readonly firstStage: number;
}

/** "open": more values are needed. */
export type MeanVerdict = "feasible" | "infeasible" | "open";

/**
 * Decides whether a mean is within its bound, with as few values as possible: procedure F_B of
 * Andradóttir and Kim (2010, c = 1). With S² the variance of the first stage, η =
 * ½[(2β)^(−2/(n₀−1)) − 1], h² = 2η(n₀−1) and R = max(0, h²S²/2ε − εr/2), it is feasible when
 * Σ(Y − q) ≤ −R after r values, infeasible when ≥ R.
 */
export class MeanFeasibility {
  private readonly first: number[] = [];
  private count = 0;
  private sum = 0;
  private spread = 0;
  private current: MeanVerdict = "open";

  constructor(private readonly spec: MeanFeasibilitySpec) {
    const { tolerance, firstStage, beta } = spec;
    assert(tolerance > 0 && firstStage >= 2 && beta > 0 && beta < 1, "F_B needs a tolerance and two values");
  }

  get verdict(): MeanVerdict {
    return this.current;
  }

  /** The more likely verdict, for use when no more values can be drawn. */
  get leaning(): "feasible" | "infeasible" {
    if (this.current !== "open") return this.current;
    return this.sum <= 0 ? "feasible" : "infeasible";
  }

  add(value: number): void {
    if (this.current !== "open") return;
    const { bound, tolerance, firstStage } = this.spec;
    this.count++;
    this.sum += value - bound;
    if (this.count < firstStage) this.first.push(value);
    if (this.count < firstStage) return;
    if (this.count === firstStage) this.spread = this.firstSpread([...this.first, value]);
    const reach = Math.max(0, this.spread / (2 * tolerance) - (tolerance * this.count) / 2);
    if (this.sum <= -reach) this.current = "feasible";
    else if (this.sum >= reach) this.current = "infeasible";
  }

  /** h²S² of the first stage. */
  private firstSpread(values: readonly number[]): number {
    const { beta, firstStage } = this.spec;
    const degrees = firstStage - 1;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / degrees;
    const eta = (Math.exp((-2 / degrees) * Math.log(2 * beta)) - 1) / 2;
    return 2 * eta * degrees * variance;
  }
}
