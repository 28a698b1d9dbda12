/**
 * Weighted least squares by normal equations, with a ridge relative to each column's own size
 * (Hoerl and Kennard 1970).
 */
export class NormalEquations {
  private readonly gram: Float64Array;
  private readonly moment: Float64Array;
  rows = 0;

  constructor(readonly columns: number) {
    this.gram = new Float64Array(columns * columns);
    this.moment = new Float64Array(columns);
  }

  add(row: Float64Array, target: number, weight: number): void {
    const p = this.columns;
    for (let i = 0; i < p; i++) {
      const wi = weight * row[i];
      if (wi === 0) continue;
      this.moment[i] += wi * target;
      const base = i * p;
      for (let j = 0; j <= i; j++) this.gram[base + j] += wi * row[j];
    }
    this.rows++;
  }

  /**
   * The coefficients, with `ridge` (of each column, or of all) times the column's mean square added
   * to the diagonal. Columns of zeros get 0. Float64Array[columns].
   */
  solve(ridge: number | Float64Array): Float64Array {
    const p = this.columns;
    const factor = new Float64Array(p * p);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j <= i; j++) factor[i * p + j] = this.gram[i * p + j];
      const own = this.gram[i * p + i];
      factor[i * p + i] = own > 0 ? own * (1 + (typeof ridge === "number" ? ridge : ridge[i])) : 1;
    }
    return solveCholesky(factor, this.moment, p);
  }
}

/**
 * Solves A·x = b for a symmetric positive definite A given by its lower triangle, which is
 * overwritten.
 */
function solveCholesky(a: Float64Array, b: Float64Array, p: number): Float64Array {
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * p + j];
      for (let k = 0; k < j; k++) sum -= a[i * p + k] * a[j * p + k];
      // A column that is an exact combination of the others has a pivot of 0. A bound keeps it at
      // the size of its ridge, as 1e-300 would explode.
      if (i === j) a[i * p + i] = Math.sqrt(Math.max(sum, 1e-10 * Math.abs(a[i * p + i]) + 1e-300));
      else a[i * p + j] = sum / a[j * p + j];
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i * p + k] * x[k];
    x[i] /= a[i * p + i];
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i] -= a[k * p + i] * x[k];
    x[i] /= a[i * p + i];
  }
  return x;
}
