/**
 * Ages are counted in bins of one minute: fine enough for holding times of minutes, and 4,096 of
 * them reach 2.8 days.
 */
export const AGE_BIN_MS = 60_000;
export const AGE_BINS = 4096;

/**
 * Survival at the start of each age bin and its integral in ms. Float64Array[bins + 1] each; the
 * last entry covers all greater ages.
 */
export interface SurvivalCurve {
  readonly survivals: Float64Array;
  readonly integrals: Float64Array;
}

/**
 * Survival at an age ≥ 0. It is called some 200 times per pool and tick. `| 0` gives an integer
 * where `Math.floor` gives a float: 3.5 ns instead of 5.5.
 */
export function survivalAt(survivals: Float64Array, ageMs: number): number {
  const last = survivals.length - 1;
  const at = ageMs / AGE_BIN_MS;
  if (at >= last) return survivals[last];
  const bin = at | 0;
  const here = survivals[bin];
  return here + (survivals[bin + 1] - here) * (at - bin);
}

/**
 * Of `count` streams that started in a minute of the run and are open at `atMs`, the expected
 * number still open `aheadMs` later.
 */
export function survivorsOf(
  count: number,
  minute: number,
  survivals: Float64Array,
  atMs: number,
  aheadMs: number,
): number {
  const sinceMiddleMs = atMs - (minute + 0.5) * AGE_BIN_MS;
  const ageMs = sinceMiddleMs > 0 ? sinceMiddleMs : 0;
  return (count * survivalAt(survivals, ageMs + aheadMs)) / survivalAt(survivals, ageMs);
}
