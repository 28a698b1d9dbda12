import type { RandomStream } from "../../base/random.js";

export interface CostRatio {
  /** Σ challenger ÷ Σ champion over the bins where both are known. */
  readonly ratio: number;
  /** Upper end of the one-sided 97.5 % interval of the ratio. */
  readonly upper: number;
  readonly bins: number;
}

const RESAMPLES = 400;
const UPPER = 0.975;

/**
 * Ratio of summed costs, challenger over champion, with a paired circular block bootstrap (Politis
 * and Romano 1992). It draws whole blocks of neighbouring bins, since their errors are alike, and
 * both models' costs of a bin together.
 */
export function costRatio(
  challenger: ArrayLike<number>,
  champion: ArrayLike<number>,
  blockBins: number,
  random: RandomStream,
): CostRatio {
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < challenger.length; i++) {
    if (Number.isNaN(challenger[i]) || Number.isNaN(champion[i])) continue;
    a.push(challenger[i]);
    b.push(champion[i]);
  }
  const n = a.length;
  if (n === 0) return { ratio: Number.NaN, upper: Number.POSITIVE_INFINITY, bins: 0 };
  const sumsA = prefixSums(a);
  const sumsB = prefixSums(b);
  const block = Math.max(1, Math.min(blockBins, n));
  const blocks = Math.ceil(n / block);
  const ratios = new Float64Array(RESAMPLES);
  for (let r = 0; r < RESAMPLES; r++) {
    let sumA = 0;
    let sumB = 0;
    for (let k = 0; k < blocks; k++) {
      const from = random.integerBelow(n);
      sumA += circularSum(sumsA, from, block);
      sumB += circularSum(sumsB, from, block);
    }
    ratios[r] = quotient(sumA, sumB);
  }
  ratios.sort();
  return { ratio: quotient(sumsA[n], sumsB[n]), upper: ratios[Math.ceil(UPPER * RESAMPLES) - 1], bins: n };
}

/** Two models that cost nothing are alike. */
function quotient(a: number, b: number): number {
  return b > 0 ? a / b : a > 0 ? Number.POSITIVE_INFINITY : 1;
}

function prefixSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return sums;
}

function circularSum(sums: Float64Array, from: number, length: number): number {
  const n = sums.length - 1;
  const to = from + length;
  return to <= n ? sums[to] - sums[from] : sums[n] - sums[from] + sums[to - n];
}
