/**
 * Ticks of a logarithmic axis from a power of ten: powers of ten, and twos and fives if the axis
 * spans less than four decades. Throws a RangeError if `from` is not above zero.
 */
export function decadeTicks(from: number, to: number): number[] {
  if (!(from > 0 && from < Number.POSITIVE_INFINITY))
    throw new RangeError(`A logarithmic axis begins above zero; got ${from}`);
  const steps = to / from < 10_000 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  // Rounded, since 0.001 × 10 × 10 × 10 need not be 1.
  for (let power = from; power <= to * 1.001; power *= 10)
    ticks.push(...steps.map((step) => Number((step * power).toPrecision(3))).filter((tick) => tick <= to));
  return ticks;
}
