import type { Season } from "./season.js";

const RUNGS = [1, 2, 3, 5, 9, 18, 36, 72, 144, 240];
/** Where bins make no day, forecasts are judged up to a dozen bins. */
const SHORT_LADDER = 12;

/**
 * The leads at which forecasts are scored: one or two in each bucket {1, 2–3, 4–6, 7–12, … a day}.
 * Leads between are interpolated.
 */
export function scoredLeads(season: Season): Int32Array {
  const longest = Math.max(SHORT_LADDER, season.dayBins);
  return Int32Array.from(RUNGS.filter((lead) => lead <= longest));
}

/**
 * The position of a lead between two rungs: `low` and `low + 1` with the weight of the upper one,
 * by the logarithm of the lead.
 */
export function placeOnLadder(rungs: Int32Array, lead: number): { readonly low: number; readonly share: number } {
  const last = rungs.length - 1;
  if (lead >= rungs[last]) return { low: last, share: 0 };
  let low = 0;
  while (lead >= rungs[low + 1]) low++;
  return { low, share: Math.log(lead / rungs[low]) / Math.log(rungs[low + 1] / rungs[low]) };
}

/** 1, 2, … bins. */
export function leadsUpTo(bins: number): Int32Array {
  return Int32Array.from({ length: bins }, (_, i) => i + 1);
}
