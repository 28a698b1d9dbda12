import { distributionOf } from "../../base/distribution.js";
import { iteratedStaffing } from "../../base/iterated-staffing.js";
import type { PlanQuestion } from "./question.js";
import { type Sizing, streamHours } from "./size.js";

/**
 * Streamlet-hours of the measured time: of a schedule that follows demand, and of a fixed fleet.
 */
export interface ScheduleEstimate {
  /**
   * Fewest slots over time, by iterated staffing; null if it does not apply or takes too long.
   */
  readonly streamletHours: number | null;
  /** Most slots of a pool at any time, all pools together. */
  readonly peakSlots: number | null;
  readonly fixedStreamletHours: number;
}

const HOUR_MS = 3_600_000;

/**
 * The capacity of a schedule whose streamlets are ready to the quarter minute, by the iterated
 * staffing algorithm. It is an estimate; a policy can hardly need less.
 */
export function scheduleEstimate({ scenario }: PlanQuestion, sizing: Sizing): ScheduleEstimate {
  const { loads, pools, target, isLoss } = sizing;
  const hours = (scenario.durationMs - scenario.warmupMs) / HOUR_MS;
  const fixedStreamletHours = hours * pools.reduce((sum, { streamlets }) => sum + streamlets.estimated, 0);
  const none = { streamletHours: null, peakSlots: null, fixedStreamletHours };
  if (isLoss) return none;
  const { patience, holding } = scenario.streams;
  let streamletHours = 0;
  let peakSlots = 0;
  for (const pool of loads.pools) {
    const staffing = iteratedStaffing({
      arrivals: pool.arrivals,
      load: pool.load,
      binMs: loads.binMs,
      holdingMs: distributionOf(holding).mean,
      patienceMs: patience === undefined ? Number.POSITIVE_INFINITY : distributionOf(patience).mean,
      boundMs: scenario.slo.startLatency?.boundMs ?? 0,
      target,
    });
    if (staffing === undefined) return none;
    const streamlets = Float64Array.from(staffing.slots, (count) => Math.ceil(count / pool.slots));
    streamletHours += streamHours(streamlets, loads);
    peakSlots += staffing.slots.reduce((most, count) => Math.max(most, count), 0);
  }
  return { streamletHours, peakSlots, fixedStreamletHours };
}
