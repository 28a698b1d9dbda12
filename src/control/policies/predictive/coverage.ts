/** The level at which intervals are watched: often enough missed to learn from within hours. */
const LEVEL = 0.95;
/** Φ⁻¹(0.95): one-sided. */
const Z = 1.6448536269514722;
/** The scale moves by this share of its logarithm per judged interval (Gibbs and Candès 2021), within bounds. */
const STEP = 0.03;
const LEAST_SCALE = 0.3;
const MOST_SCALE = 4;
/** "Recent" in judged intervals. */
const MEMORY = 240;
/** Intervals under way at most. */
const MOST_PENDING = 4096;

interface Interval {
  readonly atMs: number;
  readonly expected: number;
  readonly deviation: number;
}

/**
 * Holds each interval against what became of it. The scale of the standard deviation follows the misses (adaptive conformal inference), clipped to
 * 0.3–4: it repairs intervals that are off and leaves good ones alone. The recent coverage tells how far the model is to be trusted.
 */
export class Coverage {
  private readonly pending: Interval[] = [];
  private logScale = 0;
  /** Share of recent intervals that held what came; starts where it should be. */
  recent = LEVEL;

  get scale(): number {
    return Math.exp(this.logScale);
  }

  /** 0 = the intervals hold as often as they should; 1 = they miss at least four times as often. */
  get distrust(): number {
    const missed = 1 - this.recent;
    return Math.min(1, Math.max(0, (missed / (1 - LEVEL) - 2) / 2));
  }

  /** Notes what is expected at an instant; `deviation` before scaling. */
  note(atMs: number, expected: number, deviation: number): void {
    if (this.pending.length < MOST_PENDING) this.pending.push({ atMs, expected, deviation });
  }

  /** What is there at `atMs` judges the intervals that were for this instant or before. */
  judge(atMs: number, actual: number): void {
    while (this.pending.length > 0 && this.pending[0].atMs <= atMs) {
      const { expected, deviation } = this.pending.shift() as Interval;
      const missed = actual > expected + Z * this.scale * deviation ? 1 : 0;
      this.recent += (1 - missed - this.recent) / MEMORY;
      const moved = this.logScale + STEP * (missed - (1 - LEVEL));
      this.logScale = Math.min(Math.log(MOST_SCALE), Math.max(Math.log(LEAST_SCALE), moved));
    }
  }
}
