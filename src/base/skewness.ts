/** 1.96, the normal quantile of 97.5 %. */
const NORMAL = 1.959963984540054;

/**
 * Amount that positive skewness adds to the t of a mean's interval: γ (1 + 2z²) / (6√n), the first
 * term of the Cornish–Fisher expansion of Student's t (Johnson 1978); z is the normal quantile of
 * 95 %. It is added on both sides, since one half-width describes the interval. γ is the sample's
 * skewness, at most (n−2)/√(n−1), and 0 if it is negative: the metrics are times and shares, which
 * have their long tail above.
 */
export function skewnessTerm(values: readonly number[]): number {
  const n = values.length;
  const centre = values.reduce((sum, value) => sum + value, 0) / n;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    const off = value - centre;
    squares += off * off;
    cubes += off * off * off;
  }
  if (!(squares > 0)) return 0;
  const deviation = Math.sqrt(squares / n);
  const skewness = cubes / n / (deviation * deviation * deviation);
  return (Math.max(0, skewness) * (1 + 2 * NORMAL * NORMAL)) / (6 * Math.sqrt(n));
}
