import { AGE_BIN_MS, AGE_BINS, HoldingSnapshot, type SurvivalCurve } from "./holding-snapshot.js";

/**
 * Prior survival before any stream has ended: exponential with a mean of 10 minutes, with the
 * weight of this many streams.
 */
const PRIOR_MEAN_MS = 600_000;
const PRIOR_WEIGHT = 2;
/**
 * A curve ends this many bins beyond the oldest stream. The prior alone loses a tenth per bin, so
 * 2·10⁻¹² of the rest is left there. All 4,096 bins for each kept scrape were 90 MB of garbage a
 * day.
 */
const TAIL_BINS = 256;

/**
 * Learns the survival curve of holding times during the run: Kaplan–Meier (1958) on ages in
 * minutes. A stream that is still open, or was interrupted, is censored at its age. Open streams
 * are counted per pool and minute of start, so a count of survivors is one pass over the minutes
 * with open streams.
 */
export class HoldingTimes {
  private readonly ended = new Float64Array(AGE_BINS);
  private readonly censored = new Float64Array(AGE_BINS);
  private curve: SurvivalCurve = emptyCurve(0);
  /** A snapshot that was kept looks at the curve: the next fit leaves it alone. */
  private curveIsKept = false;
  /**
   * `cohorts[pool][minute of start]`: open streams. 4 bytes each, since each kept scrape copies all
   * open ones.
   */
  private readonly cohorts: Int32Array[];
  private oldest = 0;
  /**
   * Open streams by age, counted again for each fit, and the number of age bins up to the oldest
   * that ever held a stream.
   */
  private readonly openAt = new Float64Array(AGE_BINS);
  private reach = 0;
  private fittedAtMs = Number.NEGATIVE_INFINITY;
  /** What was known before t=0: nothing is open. */
  readonly past: HoldingSnapshot;

  /** `past`: holding times in ms of streams that ended before t=0. */
  constructor(poolCount: number, past: Float64Array) {
    this.cohorts = [];
    for (let pool = 0; pool < poolCount; pool++) this.cohorts.push(new Int32Array(256));
    for (const holdingMs of past) this.ended[this.binOf(holdingMs)]++;
    this.fit(0);
    this.curveIsKept = true;
    const none = this.cohorts.map(() => new Int32Array(0));
    this.past = new HoldingSnapshot(this.curve, { cohorts: none, firstMinute: 0, oldestMinute: 0 }, 0);
  }

  onStart(pool: number, startMs: number): void {
    const minute = Math.floor(startMs / AGE_BIN_MS);
    if (minute >= this.cohorts[pool].length) this.grow(minute);
    this.cohorts[pool][minute]++;
  }

  onEnd(pool: number, startMs: number, endMs: number, completed: boolean): void {
    this.cohorts[pool][Math.floor(startMs / AGE_BIN_MS)]--;
    const bin = this.binOf(endMs - startMs);
    if (completed) this.ended[bin]++;
    else this.censored[bin]++;
  }

  /**
   * The state now. It is valid until the next stream starts or ends. The curve is fitted at most
   * once per minute of run time.
   */
  now(nowMs: number): HoldingSnapshot {
    this.refresh(nowMs);
    const { curve, cohorts, oldest } = this;
    return new HoldingSnapshot(curve, { cohorts, firstMinute: 0, oldestMinute: oldest }, nowMs);
  }

  /** What is known now, to be looked at later. */
  keep(nowMs: number): HoldingSnapshot {
    this.refresh(nowMs);
    this.curveIsKept = true;
    const { curve, oldest } = this;
    const end = Math.floor(nowMs / AGE_BIN_MS) + 1;
    const cohorts = this.cohorts.map((cohort) => cohort.slice(oldest, end));
    return new HoldingSnapshot(curve, { cohorts, firstMinute: oldest, oldestMinute: oldest }, nowMs);
  }

  private refresh(nowMs: number): void {
    if (nowMs - this.fittedAtMs < AGE_BIN_MS) return;
    this.fittedAtMs = nowMs;
    this.fit(nowMs);
  }

  private fit(nowMs: number): void {
    this.countOpenByAge(nowMs);
    const bins = Math.min(AGE_BINS, this.reach + TAIL_BINS);
    if (this.curveIsKept || this.curve.survivals.length !== bins + 1) this.curve = emptyCurve(bins);
    this.curveIsKept = false;
    const { ended, censored, openAt } = this;
    const { survivals, integrals } = this.curve;
    let atRisk = PRIOR_WEIGHT;
    for (let bin = 0; bin < this.reach; bin++) atRisk += ended[bin] + censored[bin] + openAt[bin];
    const priorHazard = AGE_BIN_MS / PRIOR_MEAN_MS;
    let survival = 1;
    let integral = 0;
    for (let bin = 0; bin < bins; bin++) {
      survivals[bin] = survival;
      integrals[bin] = integral;
      // Beyond the oldest stream only the prior is left.
      let hazard = priorHazard;
      if (bin < this.reach) {
        // Streams censored inside the bin are at risk for half of it (the actuarial estimate;
        // Cutler, Ederer 1958).
        const exposed = atRisk - (censored[bin] + openAt[bin]) / 2;
        hazard = Math.min((ended[bin] + PRIOR_WEIGHT * priorHazard) / Math.max(exposed, PRIOR_WEIGHT), 0.999);
        atRisk -= ended[bin] + censored[bin] + openAt[bin];
      }
      const next = survival * (1 - hazard);
      integral += (AGE_BIN_MS * (survival + next)) / 2;
      survival = next > 1e-9 ? next : 1e-9;
    }
    survivals[bins] = survival;
    integrals[bins] = integral;
  }

  private countOpenByAge(nowMs: number): void {
    const { openAt } = this;
    openAt.fill(0, 0, this.reach);
    const newest = Math.floor(nowMs / AGE_BIN_MS);
    let oldest = newest;
    for (const cohort of this.cohorts) {
      for (let minute = this.oldest; minute < cohort.length && minute <= newest; minute++) {
        if (cohort[minute] === 0) continue;
        if (minute < oldest) oldest = minute;
        // The age of the minute's middle. The age of its beginning would put half of the streams a
        // bin too high.
        const age = Math.max(0, Math.floor(nowMs / AGE_BIN_MS - minute - 0.5));
        openAt[Math.min(AGE_BINS - 1, age)] += cohort[minute];
      }
    }
    this.oldest = oldest;
    this.reach = Math.max(this.reach, Math.min(AGE_BINS, newest - oldest + 1));
  }

  private binOf(ageMs: number): number {
    const bin = Math.min(AGE_BINS - 1, Math.floor(ageMs / AGE_BIN_MS));
    if (bin >= this.reach) this.reach = bin + 1;
    return bin;
  }

  private grow(minute: number): void {
    for (let pool = 0; pool < this.cohorts.length; pool++) {
      const larger = new Int32Array(minute + (minute >> 1) + 256);
      larger.set(this.cohorts[pool]);
      this.cohorts[pool] = larger;
    }
  }
}

function emptyCurve(bins: number): SurvivalCurve {
  return { survivals: new Float64Array(bins + 1), integrals: new Float64Array(bins + 1) };
}
