const HOURS = 24;
const DAY_MS = 86_400_000;
/** A share follows with a half-life of three days: shares move slower than traffic. */
const SHARE_DAYS = 3 / Math.LN2;

/**
 * The share that a series has of its parent, by hour of the day as far as the counts vouch for it: a region that wakes later than the others has
 * a rhythm of its own, but that of a few requests is noise. Each hour's share is the overall one, moved towards what the hour shows by its
 * credibility (Bühlmann and Straub 1970): 0 where the hours differ no more than independent requests would. Counts fade exponentially.
 */
export class HourShares {
  private readonly own = new Float64Array(HOURS);
  private readonly all = new Float64Array(HOURS);
  /** The parent's counts with squared weights: what the scatter of faded counts is reckoned from. */
  private readonly squared = new Float64Array(HOURS);

  private readonly keep: number;

  constructor(dayBins: number) {
    this.keep = Math.exp(-1 / (SHARE_DAYS * dayBins));
  }

  /** What both counted in a bin that starts at `atMs` (ms since 1970, UTC); unknown bins say nothing. */
  learn(atMs: number, own: number, all: number): void {
    if (!(own >= 0) || !(all >= 0)) return;
    const { keep } = this;
    for (let h = 0; h < HOURS; h++) {
      this.own[h] *= keep;
      this.all[h] *= keep;
      this.squared[h] *= keep * keep;
    }
    const hour = hourOf(atMs);
    this.own[hour] += own;
    this.all[hour] += all;
    this.squared[hour] += all;
  }

  /** The shares by hour (UTC), in [0, 1]; 0 before anything is known. Float64Array[24]. */
  shares(): Float64Array {
    const shares = new Float64Array(HOURS);
    const overall = this.overall();
    const spread = this.spread();
    for (let h = 0; h < HOURS; h++) {
      const expected = overall * this.all[h];
      const signal = spread * expected * expected;
      const credibility = signal > 0 ? signal / (signal + overall * this.squared[h]) : 0;
      shares[h] = Math.min(1, overall * (1 + credibility * (quotient(this.own[h], expected) - 1)));
    }
    return shares;
  }

  /** The variance of the hours' true shares about the overall one, relative to it: what is left of their scatter without that of the counts. */
  spread(): number {
    const overall = this.overall();
    let excess = 0;
    let weight = 0;
    for (let h = 0; h < HOURS; h++) {
      const expected = overall * this.all[h];
      const off = this.own[h] - expected;
      excess += off * off - overall * this.squared[h];
      weight += expected * expected;
    }
    return weight > 0 ? Math.max(0, excess / weight) : 0;
  }

  private overall(): number {
    return quotient(sum(this.own), sum(this.all));
  }
}

export function hourOf(atMs: number): number {
  const ofDay = ((atMs % DAY_MS) + DAY_MS) % DAY_MS;
  return Math.floor((ofDay / DAY_MS) * HOURS);
}

function quotient(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
