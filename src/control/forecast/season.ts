const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/**
 * A season this close to a whole number of bins counts as whole. Over four weeks of days that is
 * off by less than a third of a bin.
 */
const TOLERANCE_BINS = 0.01;
/**
 * A season with at least this many bins is interpolated between bins; a curve through fewer points
 * would be meaningless.
 */
const LEAST_INTERPOLATED = 8;

/** How many bins make a day and a week. */
export interface Season {
  /** Whole bins, rounded; 0 = the bins allow for no such season. */
  readonly dayBins: number;
  readonly weekBins: number;
  /** Exact, in bins. If it is not a whole number, the value that far back is interpolated. */
  readonly dayLag: number;
  readonly weekLag: number;
}

/** How bins serve one season. */
export interface SeasonUse {
  readonly season: "day" | "week";
  /** Bins of the season, possibly a fraction. */
  readonly bins: number;
  readonly use: "whole bins" | "interpolated" | "one bin" | "not used";
}

/** The use of a day and of a week in bins that are `binMs` wide. */
export function seasonUses(binMs: number): readonly [day: SeasonUse, week: SeasonUse] {
  const useOf = (season: "day" | "week", ms: number): SeasonUse => {
    const bins = ms / binMs;
    const whole = Math.round(bins);
    if (Math.abs(bins - whole) <= TOLERANCE_BINS && whole >= 1)
      return { season, bins: whole, use: whole === 1 ? "one bin" : "whole bins" };
    return { season, bins, use: bins >= LEAST_INTERPOLATED ? "interpolated" : "not used" };
  };
  return [useOf("day", DAY_MS), useOf("week", WEEK_MS)];
}

/**
 * The seasons of bins of width `binMs`: 5 min → 288 and 2016; 1 day → none and 7; 7 min → 205.71,
 * interpolated, and 1440.
 */
export function seasonOf(binMs: number): Season {
  const [dayLag, weekLag] = seasonUses(binMs).map(({ bins, use }) =>
    use === "whole bins" || use === "interpolated" ? bins : 0,
  );
  return { dayBins: Math.round(dayLag), weekBins: Math.round(weekLag), dayLag, weekLag };
}

/**
 * Bins of history from which on the value one season of `lag` bins back is known. Infinity if there
 * is no such season.
 */
export function seasonBins(lag: number): number {
  if (lag === 0) return Number.POSITIVE_INFINITY;
  return Number.isInteger(lag) ? lag : Math.ceil(lag) + 1;
}

/** The value at a position between bins. */
export function valueAt(data: Float64Array, position: number): number {
  const low = Math.floor(position);
  const share = position - low;
  return share === 0 ? data[low] : data[low] + share * (data[low + 1] - data[low]);
}

/**
 * The position the fewest seasons of `lag` bins before bin `target` whose value is in data[0, end).
 */
export function seasonBefore(target: number, lag: number, end: number): number {
  let seasons = 1;
  while (Math.ceil(target - seasons * lag) >= end) seasons++;
  return target - seasons * lag;
}
