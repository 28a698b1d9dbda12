import type { HoldingView } from "../../ports/policy.js";

/** Ages are counted in bins of one minute: fine against holding times of minutes, and 4,096 of them reach 2.8 days. */
const BIN_MS = 60_000;
const MAX_BINS = 4096;
/** Prior survival, until streams have been seen to end: exponential with a mean of 10 minutes, worth this many streams. */
const PRIOR_MEAN_MS = 600_000;
const PRIOR_WEIGHT = 2;

/**
 * How long streams hold, learnt while they run. Kaplan–Meier (1958) on ages in minutes: a stream that is still open, or was
 * interrupted, is censored at its age. Open streams are counted per pool and minute of their start, so that a survivor count is one pass
 * over the minutes that still have any.
 */
export class HoldingTimes implements HoldingView {
  private readonly ended = new Float64Array(MAX_BINS);
  private readonly censored = new Float64Array(MAX_BINS);
  /** S at the start of each age bin; index MAX_BINS stands for all beyond. */
  private readonly survivals = new Float64Array(MAX_BINS + 1);
  private readonly integrals = new Float64Array(MAX_BINS + 1);
  /** `cohorts[pool][minute of start]`: open streams. */
  private readonly cohorts: Float64Array[];
  private oldest = 0;
  /** Open streams by age, filled anew for each fit; and one past the oldest age bin that ever held a stream. */
  private readonly openAt = new Float64Array(MAX_BINS);
  private reach = 0;
  private fittedAtMs = Number.NEGATIVE_INFINITY;
  private nowMs = 0;

  constructor(poolCount: number, past: Float64Array) {
    this.cohorts = [];
    for (let pool = 0; pool < poolCount; pool++) this.cohorts.push(new Float64Array(256));
    for (const holdingMs of past) this.ended[this.binOf(holdingMs)]++;
  }

  onStart(pool: number, startMs: number): void {
    const minute = Math.floor(startMs / BIN_MS);
    if (minute >= this.cohorts[pool].length) this.grow(minute);
    this.cohorts[pool][minute]++;
  }

  onEnd(pool: number, startMs: number, endMs: number, completed: boolean): void {
    this.cohorts[pool][Math.floor(startMs / BIN_MS)]--;
    const bin = this.binOf(endMs - startMs);
    if (completed) this.ended[bin]++;
    else this.censored[bin]++;
  }

  /** Brings the estimate up to date; at most one pass per minute of run time. */
  refresh(nowMs: number): void {
    this.nowMs = nowMs;
    if (nowMs - this.fittedAtMs < BIN_MS) return;
    this.fittedAtMs = nowMs;
    this.fit();
  }

  get meanMs(): number {
    return this.integrals[MAX_BINS];
  }

  survival(ageMs: number): number {
    const at = ageMs / BIN_MS;
    const bin = Math.floor(at);
    if (bin >= MAX_BINS) return this.survivals[MAX_BINS];
    return this.survivals[bin] + (this.survivals[bin + 1] - this.survivals[bin]) * (at - bin);
  }

  integratedSurvivalMs(horizonMs: number): number {
    const at = horizonMs / BIN_MS;
    const bin = Math.floor(at);
    if (bin >= MAX_BINS) return this.integrals[MAX_BINS];
    const rest = horizonMs - bin * BIN_MS;
    return this.integrals[bin] + (rest * (this.survivals[bin] + this.survival(horizonMs))) / 2;
  }

  survivors(pool: number, aheadMs: number): number {
    const cohort = this.cohorts[pool];
    const newest = Math.min(cohort.length - 1, Math.floor(this.nowMs / BIN_MS));
    let sum = 0;
    for (let minute = this.oldest; minute <= newest; minute++) {
      const count = cohort[minute];
      if (count === 0) continue;
      const ageMs = Math.max(0, this.nowMs - (minute + 0.5) * BIN_MS);
      sum += (count * this.survival(ageMs + aheadMs)) / this.survival(ageMs);
    }
    return sum;
  }

  private fit(): void {
    this.countOpenByAge();
    const { ended, censored, openAt, survivals, integrals } = this;
    let atRisk = PRIOR_WEIGHT;
    for (let bin = 0; bin < this.reach; bin++) atRisk += ended[bin] + censored[bin] + openAt[bin];
    const priorHazard = BIN_MS / PRIOR_MEAN_MS;
    let survival = 1;
    let integral = 0;
    for (let bin = 0; bin < MAX_BINS; bin++) {
      survivals[bin] = survival;
      integrals[bin] = integral;
      // Beyond the oldest stream only the prior is left (three quarters of the bins as a rule, so worth the branch).
      let hazard = priorHazard;
      if (bin < this.reach) {
        // Those censored inside the bin are at risk for half of it (the actuarial estimate; Cutler, Ederer 1958).
        const exposed = atRisk - (censored[bin] + openAt[bin]) / 2;
        hazard = Math.min((ended[bin] + PRIOR_WEIGHT * priorHazard) / Math.max(exposed, PRIOR_WEIGHT), 0.999);
        atRisk -= ended[bin] + censored[bin] + openAt[bin];
      }
      const next = survival * (1 - hazard);
      integral += (BIN_MS * (survival + next)) / 2;
      survival = next > 1e-9 ? next : 1e-9;
    }
    survivals[MAX_BINS] = survival;
    integrals[MAX_BINS] = integral;
  }

  private countOpenByAge(): void {
    const { openAt } = this;
    openAt.fill(0, 0, this.reach);
    const newest = Math.floor(this.nowMs / BIN_MS);
    let oldest = newest;
    for (const cohort of this.cohorts) {
      for (let minute = this.oldest; minute < cohort.length && minute <= newest; minute++) {
        if (cohort[minute] === 0) continue;
        if (minute < oldest) oldest = minute;
        openAt[Math.min(MAX_BINS - 1, newest - minute)] += cohort[minute];
      }
    }
    this.oldest = oldest;
    this.reach = Math.max(this.reach, Math.min(MAX_BINS, newest - oldest + 1));
  }

  private binOf(ageMs: number): number {
    const bin = Math.min(MAX_BINS - 1, Math.floor(ageMs / BIN_MS));
    if (bin >= this.reach) this.reach = bin + 1;
    return bin;
  }

  private grow(minute: number): void {
    for (let pool = 0; pool < this.cohorts.length; pool++) {
      const larger = new Float64Array(minute + (minute >> 1) + 256);
      larger.set(this.cohorts[pool]);
      this.cohorts[pool] = larger;
    }
  }
}
