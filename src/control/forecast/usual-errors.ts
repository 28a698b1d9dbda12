/**
 * Leads with a usual error: the next bin, dayBins^0.4 and dayBins^0.75 bins (5-minute bins: 50 min,
 * 6 h), and a day ahead.
 * @public test/bench/short-history.mjs measures at them.
 */
export const KNOTS = [0, 0.4, 0.75, 1];

/** Of models that are not in the table. */
const NEUTRAL = [1, 1, 1, 1];

/** A model's mean absolute error at each of the KNOTS, relative to that of theta-day-sqrt. */
export type UsualErrors = ReadonlyMap<string, readonly number[]>;

/**
 * The expected error of a model before its own forecasts have matured: geometric means over the
 * eight series of the forecasting bench with 6, 8, 10, 12 and 15 days of history (`node
 * test/bench/short-history.mjs --usual-errors` measures them again). Tables without the judged
 * series give the same errors within 1 % (docs/forecasting.md).
 */
export const USUAL_ERRORS: UsualErrors = new Map([
  ["last-value", [1.46, 2.04, 2.67, 2.08]],
  ["seasonal-naive-day", [3.21, 1.55, 0.98, 0.9]],
  ["seasonal-naive-week", [2.86, 1.32, 0.83, 0.77]],
  ["theta-day-sqrt", [1, 1, 1, 1]],
  ["theta-week-sqrt", [0.96, 0.94, 0.83, 0.79]],
  ["ridge-day-log", [1.03, 1.03, 1, 1.11]],
  ["ridge-day-sqrt", [1, 1.01, 0.99, 1.06]],
  ["ridge-week-identity", [1.01, 1.01, 0.92, 0.99]],
  ["ridge-week-log", [1.08, 1.02, 0.94, 1.05]],
  ["holt-winters-sqrt", [1.36, 1.16, 0.85, 0.8]],
  ["profile-ar-day-log", [1.04, 1.04, 0.93, 0.95]],
  ["profile-ar-week-identity", [1.04, 0.96, 0.78, 0.76]],
  ["profile-ar-week-log", [1.1, 0.95, 0.74, 0.72]],
  ["similar-days-identity", [1.87, 1.06, 0.83, 0.84]],
  ["similar-days-log", [1.71, 0.99, 0.78, 0.84]],
]);

/**
 * The usual error of the model of that name `lead` bins ahead, by the logarithm of the lead. A day
 * is `dayBins` bins.
 */
export function usualError(table: UsualErrors, name: string, lead: number, dayBins: number): number {
  const knots = table.get(name) ?? NEUTRAL;
  const place = dayBins > 1 ? Math.min(1, Math.log(lead) / Math.log(dayBins)) : 0;
  let low = 0;
  while (place > KNOTS[low + 1]) low++;
  const share = (place - KNOTS[low]) / (KNOTS[low + 1] - KNOTS[low]);
  return Math.exp((1 - share) * Math.log(knots[low]) + share * Math.log(knots[low + 1]));
}
