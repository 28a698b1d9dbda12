import { distributionOf } from "../../base/distribution.js";
import type { InputFault } from "../../base/errors.js";
import { formatCount } from "../../base/units.js";
import { expectedArrivals } from "../../world/history.js";
import type { Scenario } from "../../world/scenario/scenario.js";

/**
 * More first attempts than this in one run are too many for a search; this many take about a
 * second.
 */
const MOST_REQUESTS = 100_000;
/** Any policy would miss peaks above this share of all slots. */
const MOST_PEAK_LOAD = 0.8;
const MINUTE_MS = 60_000;
/** The peak is searched for in this many steps of the run, or in minutes if these are longer. */
const MOST_STEPS = 1440;

/** Why a world is not run: its size, the largest that a search runs, and the remedy. */
export type WorldRefusal = Pick<InputFault, "got" | "expected" | "remedy">;

/** Why a search cannot run a world with this many expected first attempts; undefined if it can. */
export function worldRefusal(scenario: Scenario, requests: number): WorldRefusal | undefined {
  if (requests > MOST_REQUESTS)
    return {
      got: `about ${formatCount(Math.round(requests))} requests in one run`,
      expected: `at most ${formatCount(MOST_REQUESTS)}`,
      remedy: "Shorten duration, or lower traffic.rate",
    };
  const share = peakShare(scenario);
  if (share <= MOST_PEAK_LOAD) return undefined;
  return {
    got: `a peak that needs ${Math.round(100 * share)} % of all slots, which no policy could serve safely`,
    expected: `at most ${100 * MOST_PEAK_LOAD} %`,
    remedy: "Raise fleet.max or the streamlet's slots, or lower traffic.rate",
  };
}

/** The busiest step's offered load as a share of all slots; 0 where slots are not bounded. */
function peakShare({ traffic, durationMs, fleet, streams }: Scenario): number {
  const slots = Math.max(...fleet.classes.map((one) => one.slots)) * fleet.max;
  if (!Number.isFinite(slots)) return 0;
  const stepMs = Math.max(MINUTE_MS, durationMs / MOST_STEPS);
  const meanHoldingMs = Math.min(distributionOf(streams.holding).mean, durationMs);
  let most = 0;
  for (let fromMs = 0; fromMs < durationMs; fromMs += stepMs) {
    const perMs = expectedArrivals(traffic.source, fromMs, fromMs + stepMs) / stepMs;
    most = Math.max(most, perMs * meanHoldingMs);
  }
  return most / slots;
}
