import { InputError } from "../../base/errors.js";
import { formatCount, formatDuration } from "../../base/units.js";
import type { TraceTable } from "../../world/scenario/resources.js";

/** A trace with fewer known bins than this share would mostly be interpolated. */
const FEWEST_KNOWN = 0.5;

/**
 * Refuses a table whose bins are mostly unknown: simulation and forecasts interpolate them, so
 * most of the traffic would be invented. Such tables come from a query that gives NaN, from a gap
 * between two files, or from rows that are events at unequal distances. Throws InputError.
 */
export function requireKnownBins(where: string, { values, series, binMs }: TraceTable): void {
  const bins = values[0].length;
  const known = values.map((column) => column.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0));
  const empty = known.indexOf(0);
  if (empty >= 0) {
    const { region, format, segment } = series[empty];
    const labels = [region, format, segment].filter((label) => label !== "").join(", ");
    throw new InputError({
      code: "HR1409",
      where,
      got:
        `${labels === "" ? "a series" : `the series ${labels}`} without any ` +
        `known value in ${formatCount(bins)} bins of ${formatDuration(binMs)}`,
      expected: "numbers of requests",
      remedy: "Check the query or the column. A wider bin is known only if all its parts are",
    });
  }
  const most = Math.max(...known);
  if (most >= FEWEST_KNOWN * bins) return;
  throw new InputError({
    code: "HR1409",
    where,
    got: `${formatCount(most)} known bins of ${formatCount(bins)} (${formatDuration(binMs)} each)`,
    expected: "at least half of them",
    remedy: "Cut a long gap off with --from and --to. If each row is one request at its own time, say --value none",
  });
}
