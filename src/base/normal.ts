/** Density of the standard normal. */
export function normalDensity(x: number): number {
  return 0.3989422804014327 * Math.exp((-x * x) / 2);
}

/**
 * Φ(x): the series around 0, the continued fraction in the tails (Abramowitz, Stegun 26.2.11,
 * 26.2.14). The relative error is below 1e-13.
 */
export function normalCdf(x: number): number {
  if (x < 0) return upperTail(-x);
  return 1 - upperTail(x);
}

function upperTail(x: number): number {
  if (x > 38) return 0;
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let k = 3; k < 200 && term > 1e-18 * sum; k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 - normalDensity(x) * sum;
  }
  let fraction = 0;
  for (let k = 120; k >= 1; k--) fraction = k / (x + fraction);
  return normalDensity(x) / (x + fraction);
}

/**
 * Φ⁻¹(p): Acklam's rational start (2003), then two Newton–Halley steps on Φ. p in (0, 1); ±Infinity
 * at the ends.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return p === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (!(p < 1)) return p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  let x = start(p);
  for (let i = 0; i < 2; i++) {
    const error = p < 0.5 ? normalCdf(x) - p : 1 - p - upperSigned(x);
    const step = error / normalDensity(x);
    x -= step / (1 + (x * step) / 2);
  }
  return x;
}

function upperSigned(x: number): number {
  return normalCdf(-x);
}

function start(p: number): number {
  if (p < 0.02425) return tailStart(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tailStart(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  const numerator =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q;
  const denominator =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return numerator / denominator;
}

function tailStart(q: number): number {
  const numerator =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const denominator =
    (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return numerator / denominator;
}
