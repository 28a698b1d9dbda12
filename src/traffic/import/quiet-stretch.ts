import { formatInstant } from "../../base/calendar.js";
import { formatDuration } from "../../base/units.js";
import type { TraceTable } from "../../world/scenario/resources.js";

const LEAST_QUIET_MS = 3_600_000;
/**
 * At the mean rate this many requests would have come: with Poisson arrivals none come with
 * probability e⁻¹⁰⁰.
 */
const LEAST_EXPECTED = 100;

/**
 * Warns if a log has no request for long: these bins count as 0, but a log file may be missing.
 * Names the longest stretch; a sentence, or none.
 */
export function quietNotes({ values, startMs, binMs }: TraceTable): string[] {
  const bins = values[0].length;
  const totals = Float64Array.from({ length: bins }, (_, bin) => values.reduce((sum, one) => sum + one[bin], 0));
  const mean = totals.reduce((sum, value) => sum + value, 0) / bins;
  let longest = { first: 0, bins: 0 };
  let first = 0;
  for (let bin = 0; bin < bins; bin++) {
    if (totals[bin] > 0) first = bin + 1;
    else if (bin - first + 1 > longest.bins) longest = { first, bins: bin - first + 1 };
  }
  const lengthMs = longest.bins * binMs;
  if (lengthMs < LEAST_QUIET_MS || longest.bins * mean < LEAST_EXPECTED) return [];
  const [from, to] = [longest.first, longest.first + longest.bins].map((bin) => formatInstant(startMs + bin * binMs));
  return [
    `no request from ${from} to ${to} (${formatDuration(lengthMs)}): ` +
      "counted as 0; if a log file is missing there, add it",
  ];
}
