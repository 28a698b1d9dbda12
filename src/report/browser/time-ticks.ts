const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const STEPS_MS = [
  1000,
  2000,
  5000,
  10_000,
  30_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  3 * DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
];
/** Ticks at both ends of nine steps. */
export const MOST_TICKS = 10;

/** The ticks of a time axis (ms since 1970), and their distance. */
export interface TimeTicks {
  readonly values: readonly number[];
  readonly stepMs: number;
}

/**
 * At most ten ticks between two instants, at round distances from the start of the run. The page
 * calls it again when the reader selects another range.
 */
export function timeTicks(fromMs: number, toMs: number, startMs: number): TimeTicks {
  const lengthMs = toMs - fromMs;
  const stepMs =
    STEPS_MS.find((step) => lengthMs / step < MOST_TICKS) ?? DAY_MS * Math.ceil(lengthMs / DAY_MS / (MOST_TICKS - 1));
  const values: number[] = [];
  for (let at = startMs + stepMs * Math.ceil((fromMs - startMs) / stepMs); at <= toMs; at += stepMs) values.push(at);
  return { values, stepMs };
}
