/**
 * The least whole number ≥ 0 at which a condition holds. It must hold from some number on. The
 * search doubles until it holds, then halves: about 2·log₂(answer) calls.
 */
export function leastNumber(holds: (number: number) => boolean): number {
  let low = -1;
  let high = 1;
  while (!holds(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
