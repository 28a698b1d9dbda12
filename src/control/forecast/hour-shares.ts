const HOURS = 24;
const DAY_MS = 86_400_000;
/** A share follows with a half-life of three days: shares move slower than traffic. */
const SHARE_DAYS = 3 / Math.LN2;

/**
 * The share of a series in its parent, by hour of the day. A region in another time zone has its
 * own rhythm, but that of a few requests is noise. So each hour's share is the overall share, moved
 * towards the hour's own by its credibility (Bühlmann and Straub 1970): 0 if the hours differ no
 * more than independent requests would. Counts fade exponentially.
 */
export class HourShares {
  private readonly own = new Float64Array(HOURS);
  private readonly all = new Float64Array(HOURS);
  /**
   * The parent's counts with squared weights, from which the scatter of faded counts is computed.
   */
  private readonly squared = new Float64Array(HOURS);

  private readonly keep: number;

  constructor(dayBins: number) {
    this.keep = Math.exp(-1 / (SHARE_DAYS * dayBins));
  }

  /**
   * Adds a bin that starts at `atMs` (ms since 1970, UTC): the series' count and the parent's.
   * Unknown bins are ignored.
   */
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

  /**
   * The variance of the hours' true shares about the overall share, relative to it: their scatter
   * less that of the counts.
   */
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
