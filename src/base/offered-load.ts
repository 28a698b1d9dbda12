import { assert } from "./assert.js";
import type { Distribution } from "./distribution.js";

/** The sum ends where the remaining mean holding time is below this share of the whole mean. */
const NEGLIGIBLE_REST = 1e-7;
/** Points per bin of the midpoint rule that integrates the survival. */
const POINTS = 16;

/**
 * The mean number of open streams of M_t/G/∞ at the end of each bin, in erlangs (Eick, Massey,
 * Whitt 1993): m(t) = ∫ λ(t−u)·P(S > u) du for a rate that is constant within a bin. `arrivals` =
 * expected arrivals per bin; nothing is open before the first bin. `kernel`: of these bins.
 */
export function offeredLoad(arrivals: Float64Array, kernel: Float64Array): Float64Array {
  const load = new Float64Array(arrivals.length);
  for (let i = 0; i < load.length; i++) {
    let sum = 0;
    const depth = Math.min(i + 1, kernel.length);
    for (let d = 0; d < depth; d++) sum += arrivals[i - d] * kernel[d];
    load[i] = sum;
  }
  return load;
}

/**
 * Share of the arrivals of a bin, spread evenly over it, that are open d bins after its end: ∫ P(S
 * > u) du / bin over [d·bin, (d+1)·bin].
 */
export function survivalKernel(bins: number, binMs: number, holding: Distribution): Float64Array {
  assert(binMs > 0, `bins of ${binMs} ms`);
  const kernel = new Float64Array(bins);
  let rest = holding.mean;
  for (let d = 0; d < bins; d++) {
    const share = meanSurvival(holding, d * binMs, binMs);
    kernel[d] = share;
    rest -= share * binMs;
    if (rest < NEGLIGIBLE_REST * holding.mean) return kernel.subarray(0, d + 1);
  }
  return kernel;
}

function meanSurvival(holding: Distribution, fromMs: number, widthMs: number): number {
  let sum = 0;
  for (let i = 0; i < POINTS; i++) sum += holding.survival(fromMs + ((i + 0.5) / POINTS) * widthMs);
  return sum / POINTS;
}
