import type { Season } from "./season.js";

const RUNGS = [1, 2, 3, 5, 9, 18, 36, 72, 144, 240];
/** Where bins make no day, forecasts are judged up to a dozen bins. */
const SHORT_LADDER = 12;

/** For forecasters of any lead. */
export const ANY_LEAD = Number.POSITIVE_INFINITY;

/**
 * The leads at which forecasts are scored: one or two in each bucket {1, 2–3, 4–6, 7–12, … a
 * day}. Leads between are interpolated. With `longestLead` the last one is the first that reaches
 * it.
 */
export function scoredLeads(season: Season, longestLead = ANY_LEAD): Int32Array {
  const longest = Math.max(SHORT_LADDER, season.dayBins);
  const rungs = RUNGS.filter((lead) => lead <= longest);
  return rungsUpTo(rungs, longestLead);
}

/** The rungs (ascending) up to the first that reaches `lead`, or all of them. */
export function rungsUpTo(rungs: readonly number[], lead: number): Int32Array {
  let count = Math.min(1, rungs.length);
  while (count < rungs.length && rungs[count - 1] < lead) count++;
  return Int32Array.from(rungs.slice(0, count));
}

/** A position between two rungs: `low` and `low + 1`, with the weight `share` of the upper one. */
export interface LadderPlace {
  readonly low: number;
  readonly share: number;
}

/** Rungs, and the places of leads between them by the logarithm of the lead. */
export class LeadLadder {
  /** By lead; each costs two logarithms, and the same leads are asked for at each forecast. */
  private readonly places: (LadderPlace | undefined)[] = [];

  constructor(readonly rungs: Int32Array) {}

  place(lead: number): LadderPlace {
    const known = this.places[lead];
    if (known !== undefined) return known;
    const found = this.find(lead);
    this.places[lead] = found;
    return found;
  }

  private find(lead: number): LadderPlace {
    const { rungs } = this;
    const last = rungs.length - 1;
    if (lead >= rungs[last]) return { low: last, share: 0 };
    let low = 0;
    while (lead >= rungs[low + 1]) low++;
    return { low, share: Math.log(lead / rungs[low]) / Math.log(rungs[low + 1] / rungs[low]) };
  }
}

/** 1, 2, … bins. */
export function leadsUpTo(bins: number): Int32Array {
  const leads = new Int32Array(bins);
  for (let i = 0; i < bins; i++) leads[i] = i + 1;
  return leads;
}

/** Whether `rungs` begins with these leads. */
export function isBeginning(leads: Int32Array, rungs: Int32Array): boolean {
  for (let i = 0; i < leads.length; i++) if (leads[i] !== rungs[i]) return false;
  return true;
}
