import { FLOAT_ZERO } from "../../../base/float-zero.js";
import { RowQueue } from "./row-queue.js";

/**
 * The level of the intervals that are checked: missed often enough to learn from within hours.
 */
const LEVEL = 0.95;
/** Φ⁻¹(0.95): one-sided. */
const Z = 1.6448536269514722;
/**
 * The logarithm of the scale moves by this much per judged span (Gibbs and Candès 2021), within
 * bounds. It is small: intervals that overlap miss together, and a scale that swings costs more
 * than it saves (NASA and World Cup at 120 s: 0.8 and 0.3 % of cost at a step seventy times as
 * large).
 */
const STEP = 0.01;
const LEAST_LOG_SCALE = Math.log(0.3);
const MOST_LOG_SCALE = Math.log(4);
/** "Recent" in judged intervals. */
const MEMORY = 240;
/** Intervals under way at most. */
const MOST_PENDING = 4096;

/** An interval: made at, and for, what was expected, and the standard deviation before scaling. */
const [FROM, AT, EXPECTED, DEVIATION, WIDTH] = [0, 1, 2, 3, 4];

/**
 * Compares each interval with the actual value. The scale of the standard deviation follows the
 * misses (adaptive conformal inference), clipped to 0.3–4: it corrects wrong intervals and does
 * not change good ones. The recent coverage is the weight of the model.
 */
export class Coverage {
  private readonly pending = new RowQueue(WIDTH, MOST_PENDING);
  private logScale = FLOAT_ZERO;
  /** The factor of the standard deviation: the exponential of `logScale`. */
  scale = 1;
  private lastFromMs = Number.NEGATIVE_INFINITY;
  /** Share of recent intervals that contained the actual value; starts at the target level. */
  recent = LEVEL;

  /** 0 = the intervals hold as often as they should; 1 = they miss at least four times as often. */
  get distrust(): number {
    const missed = 1 - this.recent;
    return Math.min(1, Math.max(0, (missed / (1 - LEVEL) - 2) / 2));
  }

  /** Notes at `fromMs` what is expected at `atMs`; `deviation` before scaling. */
  note(fromMs: number, atMs: number, expected: number, deviation: number): void {
    const { pending } = this;
    const row = pending.add();
    if (row < 0) return;
    pending.numbers[row + FROM] = fromMs;
    pending.numbers[row + AT] = atMs;
    pending.numbers[row + EXPECTED] = expected;
    pending.numbers[row + DEVIATION] = deviation;
  }

  /** The actual value at `atMs` judges the intervals for this instant or before. */
  judge(atMs: number, actual: number): void {
    const { pending } = this;
    const { numbers } = pending;
    while (pending.length > 0 && numbers[pending.first + AT] <= atMs) {
      const row = pending.first;
      pending.dropFirst();
      const fromMs = numbers[row + FROM];
      const dueMs = numbers[row + AT];
      // Ticks are shorter than spans: each interval counts for the part of its span since the one
      // before.
      const part = Math.min(1, Math.max(0, fromMs - this.lastFromMs) / Math.max(1, dueMs - fromMs));
      this.lastFromMs = fromMs;
      const bound = numbers[row + EXPECTED] + Z * this.scale * numbers[row + DEVIATION];
      const missed = actual > bound ? 1 : 0;
      this.recent += (1 - missed - this.recent) / MEMORY;
      const moved = this.logScale + part * STEP * (missed - (1 - LEVEL));
      this.logScale = Math.min(MOST_LOG_SCALE, Math.max(LEAST_LOG_SCALE, moved));
      this.scale = Math.exp(this.logScale);
    }
  }
}
