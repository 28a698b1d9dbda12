import type { ArrivalHistory } from "../../ports/policy.js";

const HOUR_MS = 3_600_000;
const HOURS_IN_WEEK = 168;

/**
 * Mean arrivals per hour of the week, over whole hours of the past. An hour of the week without
 * data takes the mean of its hour of the day.
 */
export class HourOfWeekProfile {
  private readonly sums = new Float64Array(HOURS_IN_WEEK);
  private readonly counts = new Float64Array(HOURS_IN_WEEK);
  /** Whole hours that were looked at. */
  readonly hours: number;

  /** Looks at the last `mostHours` whole hours before the end of the history. */
  constructor(history: ArrivalHistory, pool: number, mostHours: number) {
    const { binMs, originMs, epochMs, length } = history;
    const endMs = Math.floor((epochMs + originMs + length * binMs) / HOUR_MS) * HOUR_MS;
    let hours = 0;
    for (; hours < mostHours; hours++) {
      const fromMs = endMs - (hours + 1) * HOUR_MS - epochMs - originMs;
      const first = Math.ceil(fromMs / binMs);
      if (first < 0) break;
      this.addHour(history, pool, first, (endMs - (hours + 1) * HOUR_MS) / HOUR_MS);
    }
    this.hours = hours;
  }

  /** Arrivals in the hour that begins at `hour` hours since 1970; NaN = never seen. */
  arrivals(hour: number): number {
    const slot = slotOf(hour);
    if (this.counts[slot] > 0) return this.sums[slot] / this.counts[slot];
    let sum = 0;
    let count = 0;
    for (let same = slot % 24; same < HOURS_IN_WEEK; same += 24) {
      sum += this.sums[same];
      count += this.counts[same];
    }
    return sum / count;
  }

  /** Unknown bins are taken to be like the known ones of their hour. */
  private addHour(history: ArrivalHistory, pool: number, first: number, hour: number): void {
    const bins = Math.round(HOUR_MS / history.binMs);
    let sum = 0;
    let known = 0;
    for (let bin = first; bin < first + bins && bin < history.length; bin++) {
      const value = history.at(pool, bin);
      if (Number.isNaN(value)) continue;
      sum += value;
      known++;
    }
    if (known === 0) return;
    this.sums[slotOf(hour)] += (sum * bins) / known;
    this.counts[slotOf(hour)]++;
  }
}

function slotOf(hour: number): number {
  return ((hour % HOURS_IN_WEEK) + HOURS_IN_WEEK) % HOURS_IN_WEEK;
}
