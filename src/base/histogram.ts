/**
 * 64 sub-buckets per octave: a bucket is at most 1.6 % wide, and its middle is at most 0.8 % from
 * any value in it.
 */
const SUB_BUCKETS = 64;
/** The width of a bucket relative to the values in it, at most. */
export const BUCKET_SHARE = 1 / SUB_BUCKETS;
/**
 * Octaves 2⁻¹⁰ … 2⁴⁰: from a microsecond to 35 years, in ms. The end buckets also count what is
 * below or above.
 */
const LOWEST_EXPONENT = -10;
const OCTAVES = 50;
const BUCKETS = OCTAVES * SUB_BUCKETS + 1;

const floatView = new Float64Array(1);
const bitsView = new Int32Array(floatView.buffer);

/** count, sum, min, max of no records. */
const EMPTY = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/**
 * A histogram of times in ms as plain arrays: the upper bounds of its non-empty buckets, ascending,
 * and their counts.
 */
export interface HistogramBuckets {
  readonly upperMs: Float64Array;
  readonly counts: Float64Array;
  /** The exact least and greatest record; Infinity and −Infinity where there is none. */
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * Log-linear histogram of non-negative numbers (as HdrHistogram; Tene 2012). The exponent and the
 * leading mantissa bits of the float are the index. Bucket 0 holds exact zeros. Quantiles are exact
 * to 0.8 %; the mean is exact.
 */
export class LogHistogram {
  private readonly counts = new Float64Array(BUCKETS);
  /**
   * count, sum, min, max. A typed array, since number fields cost three times as much to update.
   */
  private readonly totals = Float64Array.from(EMPTY);

  record(value: number, count = 1): void {
    const totals = this.totals;
    totals[0] += count;
    totals[1] += value * count;
    if (value < totals[2]) totals[2] = value;
    if (value > totals[3]) totals[3] = value;
    this.counts[value === 0 ? 0 : bucketOf(value)] += count;
  }

  get count(): number {
    return this.totals[0];
  }

  get sum(): number {
    return this.totals[1];
  }

  /** NaN when empty, as are min, max and the quantiles. */
  get mean(): number {
    return this.totals[0] === 0 ? Number.NaN : this.totals[1] / this.totals[0];
  }

  get min(): number {
    return this.totals[0] === 0 ? Number.NaN : this.totals[2];
  }

  get max(): number {
    return this.totals[0] === 0 ? Number.NaN : this.totals[3];
  }

  /**
   * The smallest value that at least a share `probability` of the records does not exceed, exact to
   * 0.8 %.
   */
  quantile(probability: number): number {
    const total = this.totals[0];
    if (total === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(probability * total - 1e-9));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[bucket];
      if (seen < rank) continue;
      if (bucket === 0) return 0;
      const middle = bucketMiddle(lowerOf(bucket + 1));
      return Math.min(Math.max(middle, this.totals[2]), this.totals[3]);
    }
    return this.totals[3];
  }

  /** How many records exceed a value; those of the value's own bucket count half. */
  countAbove(value: number): number {
    const own = value === 0 ? 0 : bucketOf(value);
    let above = this.counts[own] / 2;
    for (let bucket = own + 1; bucket < BUCKETS; bucket++) above += this.counts[bucket];
    return above;
  }

  /** How many records are above 0: exact zeros have a bucket of their own. */
  get countPositive(): number {
    return this.count - this.counts[0];
  }

  /**
   * The resolution of the buckets at a value: half the width of its bucket. 0 if the neighbouring
   * buckets are empty, as around one value that repeats.
   */
  resolutionAt(value: number): number {
    if (value === 0) return 0;
    const own = bucketOf(value);
    const isSpread = (own > 1 && this.counts[own - 1] > 0) || (own + 1 < BUCKETS && this.counts[own + 1] > 0);
    return isSpread ? (lowerOf(own + 1) - lowerOf(own)) / 2 : 0;
  }

  add(other: LogHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.counts[bucket] += other.counts[bucket];
    this.totals[0] += other.totals[0];
    this.totals[1] += other.totals[1];
    if (other.totals[2] < this.totals[2]) this.totals[2] = other.totals[2];
    if (other.totals[3] > this.totals[3]) this.totals[3] = other.totals[3];
  }

  /**
   * The histogram that has these buckets. Its sum and mean are NaN, since buckets do not give
   * them.
   */
  static of({ upperMs, counts, leastMs, mostMs }: HistogramBuckets): LogHistogram {
    const histogram = new LogHistogram();
    let count = 0;
    for (let i = 0; i < counts.length; i++) {
      histogram.counts[bucketUpTo(upperMs[i])] += counts[i];
      count += counts[i];
    }
    histogram.totals.set(count === 0 ? EMPTY : [count, Number.NaN, leastMs, mostMs]);
    return histogram;
  }

  /** The non-empty buckets. */
  buckets(): HistogramBuckets {
    const upper: number[] = [];
    const counts: number[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      if (this.counts[bucket] === 0) continue;
      upper.push(bucket === 0 ? 0 : lowerOf(bucket + 1));
      counts.push(this.counts[bucket]);
    }
    const [, , leastMs, mostMs] = this.totals;
    return { upperMs: Float64Array.from(upper), counts: Float64Array.from(counts), leastMs, mostMs };
  }
}

/** Exponent and the six leading bits of the mantissa, straight from the float. */
function bucketOf(value: number): number {
  floatView[0] = value;
  const high = bitsView[1];
  const exponent = ((high >>> 20) & 0x7ff) - 1023;
  if (exponent < LOWEST_EXPONENT) return 1;
  if (exponent >= LOWEST_EXPONENT + OCTAVES) return BUCKETS - 1;
  return 1 + (exponent - LOWEST_EXPONENT) * SUB_BUCKETS + ((high >>> 14) & 63);
}

/** The middle of the bucket with this upper bound: within 0.8 % of every value in it. */
export function bucketMiddle(upper: number): number {
  return upper === 0 ? 0 : (lowerOf(bucketUpTo(upper)) + upper) / 2;
}

/** The bucket with this upper bound. */
function bucketUpTo(upper: number): number {
  if (upper === 0) return 0;
  return upper >= lowerOf(BUCKETS) ? BUCKETS - 1 : bucketOf(upper) - 1;
}

function lowerOf(bucket: number): number {
  const octave = Math.floor((bucket - 1) / SUB_BUCKETS);
  let scale = 1;
  for (let i = 0; i < octave + LOWEST_EXPONENT; i++) scale *= 2;
  for (let i = 0; i > octave + LOWEST_EXPONENT; i--) scale /= 2;
  return scale * (1 + ((bucket - 1) % SUB_BUCKETS) / SUB_BUCKETS);
}
