import { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { Dice } from "../../swarm/dice.js";

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY_MS = 24 * HOUR;

/** A history of these counts; NaN = unknown. */
export function historyOf(values: ArrayLike<number>, binMs = HOUR, startMs = 0): BinHistory {
  const history = new BinHistory(startMs, binMs);
  for (let i = 0; i < values.length; i++) history.append(values[i]);
  return history;
}

/**
 * Counts with a rhythm of days and weeks, a trend and scatter; each fortieth bin or so is unknown
 * if `gaps`. `dayBins` may be a fraction.
 */
export function scatteredCounts(seed: string, bins: number, dayBins: number, gaps = false): number[] {
  const dice = new Dice(seed);
  return Array.from({ length: bins }, (_, t) => {
    const day = t / dayBins;
    const usual = 120 + 50 * Math.sin(2 * Math.PI * day) + 20 * Math.cos((2 * Math.PI * day) / 7) + 0.4 * day;
    const count = Math.round(usual * dice.number(0.7, 1.3));
    return gaps && dice.chance(1 / 40) ? Number.NaN : count;
  });
}
