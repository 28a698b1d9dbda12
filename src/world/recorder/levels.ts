/** The quantities that are averaged over time. */
export const Level = {
  open: 0,
  waiting: 1,
  ready: 2,
  spawning: 3,
  draining: 4,
  parked: 5,
  readySlots: 6,
  hosts: 7,
} as const;
export type Level = (typeof Level)[keyof typeof Level];
const LEVEL_COUNT = 8;

/**
 * Step functions of time and their integrals: over the whole run, over the measured window, and
 * since the current bin began. The state is in typed arrays, since a number field of an object
 * costs three times as much to update.
 */
export class Levels {
  private readonly values = new Float64Array(LEVEL_COUNT);
  private readonly changedAtMs = new Float64Array(LEVEL_COUNT);
  private readonly totals = new Float64Array(LEVEL_COUNT);
  private readonly windowStarts = new Float64Array(LEVEL_COUNT);
  private readonly binStarts = new Float64Array(LEVEL_COUNT);

  add(level: Level, delta: number, nowMs: number): void {
    this.totals[level] += this.values[level] * (nowMs - this.changedAtMs[level]);
    this.changedAtMs[level] = nowMs;
    this.values[level] += delta;
  }

  value(level: Level): number {
    return this.values[level];
  }

  /** ∫ level dt since t=0, in unit·ms. */
  integral(level: Level, nowMs: number): number {
    return this.totals[level] + this.values[level] * (nowMs - this.changedAtMs[level]);
  }

  startWindow(nowMs: number): void {
    for (let level = 0; level < LEVEL_COUNT; level++) this.windowStarts[level] = this.integral(level as Level, nowMs);
  }

  windowIntegral(level: Level, nowMs: number): number {
    return this.integral(level, nowMs) - this.windowStarts[level];
  }

  /** ∫ level dt since the last call for this level (or t=0). */
  takeBin(level: Level, nowMs: number): number {
    const integral = this.integral(level, nowMs);
    const since = integral - this.binStarts[level];
    this.binStarts[level] = integral;
    return since;
  }
}
