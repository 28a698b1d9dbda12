import { assert } from "./assert.js";

export interface KimNelsonSpec {
  /** Systems that are compared, at least 2. */
  readonly systems: number;
  /** A difference that is worth finding, in the unit of the values; > 0. */
  readonly delta: number;
  /** 1 − probability of keeping the best where it is better by `delta`. */
  readonly alpha: number;
  /** Replications before the first comparison, at least 2. */
  readonly firstStage: number;
}

/** η = ½[(2α/(k−1))^(−2/(n₀−1)) − 1] and h² = 2η(n₀−1) (Kim, Nelson 2001, c = 1). */
export function kimNelsonConstant({ systems, alpha, firstStage }: Omit<KimNelsonSpec, "delta">): number {
  const share = (2 * alpha) / (systems - 1);
  const eta = (Math.exp((-2 / (firstStage - 1)) * Math.log(share)) - 1) / 2;
  return 2 * eta * (firstStage - 1);
}

/**
 * Fully sequential selection of the smallest mean (Kim, Nelson 2001, KN): all systems meet the same
 * replications; from the first stage on, system i leaves when X̄ᵢ > X̄ⱼ + max(0, (δ/2r)(h²S²ᵢⱼ/δ² −
 * r)) for another j, with S²ᵢⱼ the variance of their difference in the first stage. The best
 * remains with probability 1 − α where it is better than all others by δ.
 */
export class KimNelson {
  private readonly values: number[][] = [];
  private readonly alive: number[];
  private readonly constant: number;

  constructor(private readonly spec: KimNelsonSpec) {
    assert(spec.systems >= 2 && spec.firstStage >= 2 && spec.delta > 0, "KN compares at least two systems, with δ > 0");
    this.alive = Array.from({ length: spec.systems }, (_, i) => i);
    this.constant = kimNelsonConstant(spec);
  }

  /** Systems that have not left, in their order. */
  get survivors(): readonly number[] {
    return this.alive;
  }

  /**
   * Adds one replication: `values[i]` is that of system i. Values of systems that left are
   * ignored.
   */
  add(values: readonly number[]): void {
    assert(values.length === this.spec.systems, `${values.length} values for ${this.spec.systems} systems`);
    this.values.push([...values]);
    if (this.values.length >= this.spec.firstStage) this.screen();
  }

  /** The survivor with the smallest mean over what was added. */
  get leader(): number {
    let best = this.alive[0];
    for (const i of this.alive) if (this.mean(i) < this.mean(best)) best = i;
    return best;
  }

  private screen(): void {
    const before = [...this.alive];
    const r = this.values.length;
    const { delta } = this.spec;
    const beaten = before.filter((i) =>
      before.some((j) => {
        if (i === j) return false;
        const slack = (delta / (2 * r)) * ((this.constant * this.differenceVariance(i, j)) / (delta * delta) - r);
        return this.mean(i) > this.mean(j) + Math.max(0, slack);
      }),
    );
    for (const i of beaten) this.alive.splice(this.alive.indexOf(i), 1);
  }

  private mean(i: number): number {
    let sum = 0;
    for (const row of this.values) sum += row[i];
    return sum / this.values.length;
  }

  private differenceVariance(i: number, j: number): number {
    const { firstStage } = this.spec;
    let sum = 0;
    for (let r = 0; r < firstStage; r++) sum += this.values[r][i] - this.values[r][j];
    const centre = sum / firstStage;
    let squares = 0;
    for (let r = 0; r < firstStage; r++) {
      const deviation = this.values[r][i] - this.values[r][j] - centre;
      squares += deviation * deviation;
    }
    return squares / (firstStage - 1);
  }
}
