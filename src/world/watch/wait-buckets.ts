// Start latencies in few buckets: 8 to an octave from 1/16 ms to 2²² ms (70 min). A bucket is 9
// to 12 % wide, so its middle is at most 6 % off. A sample holds one such table per pool.
// LogHistogram (64 to an octave, 25 kB) is too large for that.
const PER_OCTAVE = 8;
const LOWEST_EXPONENT = -4;
const OCTAVES = 26;

/** Bucket 0 holds the requests that did not wait at all. */
export const WAIT_BUCKETS = 1 + OCTAVES * PER_OCTAVE;

const floatView = new Float64Array(1);
const bitsView = new Int32Array(floatView.buffer);

/** The bucket of a wait in ms; the first and last buckets are open-ended. */
export function waitBucket(waitMs: number): number {
  if (waitMs === 0) return 0;
  floatView[0] = waitMs;
  const high = bitsView[1];
  const exponent = (high >>> 20) - 1023;
  const place = (exponent - LOWEST_EXPONENT) * PER_OCTAVE + ((high >>> 17) & 7);
  return place < 0 ? 1 : place >= OCTAVES * PER_OCTAVE ? WAIT_BUCKETS - 1 : place + 1;
}

/** The middle of a bucket, in ms. */
function bucketMiddleMs(bucket: number): number {
  if (bucket === 0) return 0;
  const octave = Math.floor((bucket - 1) / PER_OCTAVE) + LOWEST_EXPONENT;
  let base = 1;
  for (let i = 0; i < octave; i++) base *= 2;
  for (let i = 0; i > octave; i--) base /= 2;
  return base * (1 + (((bucket - 1) % PER_OCTAVE) + 0.5) / PER_OCTAVE);
}

/**
 * The wait in ms that a share `probability` of the requests does not exceed, to 6 %; NaN where
 * there is none. `counts` is Uint32Array[WAIT_BUCKETS].
 */
export function waitQuantileMs(counts: Uint32Array, probability: number): number {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket];
  if (total === 0) return Number.NaN;
  const rank = Math.max(1, Math.ceil(probability * total - 1e-9));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket];
    if (seen >= rank) return bucketMiddleMs(bucket);
  }
  return bucketMiddleMs(counts.length - 1);
}
