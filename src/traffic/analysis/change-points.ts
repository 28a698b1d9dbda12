/**
 * A shift must be this many standard deviations of the days' own scatter, and this large in
 * logarithms, to be named.
 */
const DEVIATIONS = 4;
const SMALLEST_SHIFT = 0.1;
const FEWEST_DAYS = 4;
const MOST_POINTS = 10;
/**
 * A step must leave at most this share of the residual of a straight line: steady growth is no
 * shift.
 */
const AGAINST_LINE = 0.7;

/** The level of the days changes permanently here. */
export interface ChangePoint {
  /** First day of the new level, counted from the first day of the series. */
  readonly day: number;
  /** New level over the old one. */
  readonly ratio: number;
}

/**
 * Binary segmentation (Scott, Knott 1974) of the days' levels (logarithms; NaN = unknown): the
 * split with the largest standardised difference of means that beats a straight line, then the same
 * on both sides, at most ten.
 */
export function findChangePoints(levels: Float64Array): ChangePoint[] {
  const points: ChangePoint[] = [];
  const pending = [{ from: 0, to: levels.length }];
  for (let span = pending.pop(); span !== undefined && points.length < MOST_POINTS; span = pending.pop()) {
    const split = bestSplit(levels, span.from, span.to);
    if (split === undefined) continue;
    points.push({ day: split.day, ratio: Math.exp(split.shift) });
    pending.push({ from: span.from, to: split.day }, { from: split.day, to: span.to });
  }
  return points.sort((a, b) => a.day - b.day);
}

function bestSplit(levels: Float64Array, from: number, to: number): { day: number; shift: number } | undefined {
  let best: { day: number; shift: number } | undefined;
  let highest = DEVIATIONS;
  const line = squaresAboutLine(levels, from, to);
  for (let day = from + FEWEST_DAYS; day <= to - FEWEST_DAYS; day++) {
    const before = moments(levels, from, day);
    const after = moments(levels, day, to);
    if (before.n < FEWEST_DAYS || after.n < FEWEST_DAYS) continue;
    const pooled = Math.sqrt((before.squares + after.squares) / (before.n + after.n - 2));
    const shift = after.mean - before.mean;
    const score = Math.abs(shift) / (Math.max(pooled, 1e-9) * Math.sqrt(1 / before.n + 1 / after.n));
    if (Math.abs(shift) < SMALLEST_SHIFT || score <= highest) continue;
    if (before.squares + after.squares > AGAINST_LINE * line) continue;
    highest = score;
    best = { day, shift };
  }
  return best;
}

/** Sum of squares about the least-squares line through the known days. */
function squaresAboutLine(levels: Float64Array, from: number, to: number): number {
  const { n, mean, squares } = moments(levels, from, to);
  let middle = 0;
  for (let day = from; day < to; day++) if (!Number.isNaN(levels[day])) middle += day / n;
  let xx = 0;
  let xy = 0;
  for (let day = from; day < to; day++) {
    if (Number.isNaN(levels[day])) continue;
    xx += (day - middle) * (day - middle);
    xy += (day - middle) * (levels[day] - mean);
  }
  return xx === 0 ? squares : squares - (xy * xy) / xx;
}

function moments(levels: Float64Array, from: number, to: number): { n: number; mean: number; squares: number } {
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (let day = from; day < to; day++) {
    if (Number.isNaN(levels[day])) continue;
    n++;
    const delta = levels[day] - mean;
    mean += delta / n;
    squares += delta * (levels[day] - mean);
  }
  return { n, mean, squares };
}
