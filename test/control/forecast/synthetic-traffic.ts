import { RandomStream } from "../../../src/base/random.js";

export const FIVE_MIN = 300_000;
export const DAY = 288;

/** A day's sine with Poisson noise, mean 50. */
export function dailyCounts(bins: number, seed = "daily", mean = 50): Float64Array {
  const random = new RandomStream(seed);
  return Float64Array.from({ length: bins }, (_, i) =>
    random.poisson(mean * (1 + 0.8 * Math.sin((2 * Math.PI * i) / DAY))),
  );
}
