/** 1.96, the normal quantile of 97.5 %. */
const NORMAL = 1.959963984540054;

/**
 * What positive skewness adds to the t of a mean's interval: γ (1 + 2z²) / (6√n), the first term of the Cornish–Fisher expansion of Student's t (Johnson
 * 1978), z the normal quantile of 95 %. Added on both sides, since the interval is given by one half-width. γ is the sample's skewness, at most
 * (n−2)/√(n−1); 0 where it is negative: the metrics are times and shares, whose long tail lies above.
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
