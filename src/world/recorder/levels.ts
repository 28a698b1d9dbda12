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
/** What stands in a level's row: its value, the instant of its last change, and ∫ until then. */
const [VALUE, CHANGED, TOTAL, ROW] = [0, 1, 2, 3];

/**
 * Step functions of time and their integrals: over the whole run, over the measured window, and
 * since the current bin began. The state is in one typed array, since a number field of an object
 * costs three times as much to update, and V8 checks each array of its own at each change.
 */
export class Levels {
  private readonly rows = new Float64Array(LEVEL_COUNT * ROW);
  private readonly windowStarts = new Float64Array(LEVEL_COUNT);
  private readonly binStarts = new Float64Array(LEVEL_COUNT);

  add(level: Level, delta: number, nowMs: number): void {
    const { rows } = this;
    const at = level * ROW;
    rows[at + TOTAL] += rows[at + VALUE] * (nowMs - rows[at + CHANGED]);
    rows[at + CHANGED] = nowMs;
    rows[at + VALUE] += delta;
  }

  value(level: Level): number {
    return this.rows[level * ROW + VALUE];
  }

  /** ∫ level dt since t=0, in unit·ms. */
  integral(level: Level, nowMs: number): number {
    const { rows } = this;
    const at = level * ROW;
    return rows[at + TOTAL] + rows[at + VALUE] * (nowMs - rows[at + CHANGED]);
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
