import { formatCount, formatDuration } from "../base/units.js";
import { type SeasonUse, seasonUses } from "../control/forecast/season.js";

/**
 * A sentence on how bins of `binMs` serve the daily and weekly seasons, and whether a season is
 * not used.
 */
export function seasonSentence(binMs: number): string {
  const [day, week] = seasonUses(binMs).map((use) => part(use, binMs));
  return `Seasons: ${day}; ${week}`;
}

function part({ season, bins, use }: SeasonUse, binMs: number): string {
  const count = Number.isInteger(bins) ? formatCount(bins) : Number(bins.toFixed(2));
  if (use === "whole bins") return `a ${season} is ${count} bins`;
  if (use === "interpolated") return `a ${season} is ${count} bins, interpolated between bins`;
  if (use === "one bin") return `a ${season} is one bin, so that nothing within it is seen`;
  const wide = formatDuration(Math.round(binMs));
  return (
    `a ${season} is not used: it is ${count} bins of ${wide}, ` +
    "too few and no whole number (use bins that divide it)"
  );
}
