import { studentQuantile } from "./student.js";

/** NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** The unbiased sample variance (n − 1); NaN for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) * (values[i] - centre);
  return sum / (values.length - 1);
}

export interface MeanEstimate {
  readonly mean: number;
  /** null where n < 2: one value has no interval. */
  readonly halfWidth: number | null;
  readonly confidence: number;
  readonly n: number;
}

/** The mean of independent values with its confidence interval (Student 1908). */
export function estimate(values: ArrayLike<number>, confidence: number): MeanEstimate {
  const n = values.length;
  return { mean: mean(values), halfWidth: n < 2 ? null : halfWidthOf(values, confidence), confidence, n };
}

function halfWidthOf(values: ArrayLike<number>, confidence: number): number {
  const n = values.length;
  return studentQuantile(0.5 + confidence / 2, n - 1) * Math.sqrt(variance(values) / n);
}
