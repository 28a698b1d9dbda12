import type { StreamRequest } from "../../ports/fleet.js";
import type { Scheduler } from "../../ports/scheduler.js";
import { HoldingSnapshot } from "./holding-snapshot.js";
import { OpenCohorts } from "./open-cohorts.js";
import { AGE_BIN_MS, AGE_BINS, type SurvivalCurve } from "./survival-curve.js";

/** V8 looks a constant of another module up at each use, and one of this module never. */
const BIN_MS = AGE_BIN_MS;

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
 * Memory for a curve is taken for this many bins more. The oldest stream gets older each minute,
 * and a new array for each minute's curve took 0.3 % of a predictive run.
 */
const SPARE_BINS = 256;
/**
 * The curve is fitted each minute at first, then whenever the run is 5 % longer, and from 100 min
 * on every 5 min: 5 % more streams change it by a fifth of its standard error.
 */
const FIT_SHARE = 0.05;
const MOST_FIT_PERIOD_MS = 300_000;

/**
 * Learns the survival curve of holding times during the run: Kaplan–Meier (1958) on ages in
 * minutes. A stream that is still open, or was interrupted, is censored at its age. Open streams
 * are counted per pool and minute of start, each with the share of them that will stay.
 */
export class HoldingTimes {
  private readonly ended = new Float64Array(AGE_BINS);
  private readonly censored = new Float64Array(AGE_BINS);
  /** The first bins of `room`. */
  private curve: SurvivalCurve = emptyCurve(0);
  private room: SurvivalCurve = this.curve;
  /** The curve that the latest kept snapshot reads: a fit does not write over it. */
  private keptCurve: SurvivalCurve | undefined;
  private readonly open: OpenCohorts;
  /**
   * By pool, open streams that started in the present minute, as far as `open` does not count them
   * yet. A count in `open` at each start took 20 ns, this takes 8.
   */
  private readonly uncounted: Int32Array;
  private minute = 0;
  /**
   * Open streams by age, counted again for each fit, and the number of age bins up to the oldest
   * that ever held a stream.
   */
  private readonly openAt = new Float64Array(AGE_BINS);
  private reach = 0;
  private nextFitAtMs = Number.NEGATIVE_INFINITY;
  /** The state before t=0, without open streams. */
  readonly past: HoldingSnapshot;

  /** `past`: holding times in ms of streams that ended before t=0. */
  constructor(
    poolCount: number,
    past: Float64Array,
    private readonly clock: Pick<Scheduler, "nowMs">,
  ) {
    this.open = new OpenCohorts(poolCount);
    this.uncounted = new Int32Array(poolCount);
    for (const holdingMs of past) this.ended[this.binOf(holdingMs)]++;
    this.fit(0);
    this.keptCurve = this.curve;
    this.past = new HoldingSnapshot(this.curve, this.open.keep(), 0);
  }

  onStart(pool: number): void {
    const minute = (this.clock.nowMs() / BIN_MS) | 0;
    if (minute !== this.minute) this.beginMinute(minute);
    this.uncounted[pool]++;
  }

  /** A number that is read here is not boxed, as one that is passed may be. */
  onEnd(stream: Pick<StreamRequest, "pool" | "startedAtMs">, completed: boolean): void {
    const minute = (stream.startedAtMs / BIN_MS) | 0;
    if (minute === this.minute && this.uncounted[stream.pool] > 0) this.uncounted[stream.pool]--;
    else this.open.end(stream.pool, minute);
    const bin = this.binOf(this.clock.nowMs() - stream.startedAtMs);
    if (completed) this.ended[bin]++;
    else this.censored[bin]++;
  }

  /**
   * The state now. It is valid until the next stream starts or ends. The curve is fitted at most
   * once per minute of run time.
   */
  now(nowMs: number): HoldingSnapshot {
    this.refresh(nowMs);
    return new HoldingSnapshot(this.curve, this.open, nowMs);
  }

  /** A copy of the present state. */
  keep(nowMs: number): HoldingSnapshot {
    this.refresh(nowMs);
    this.keptCurve = this.curve;
    return new HoldingSnapshot(this.curve, this.open.keep(), nowMs);
  }

  private beginMinute(minute: number): void {
    this.countStarted();
    this.minute = minute;
  }

  private countStarted(): void {
    const { uncounted, open, minute } = this;
    for (let pool = 0; pool < uncounted.length; pool++) {
      if (uncounted[pool] > 0) open.start(pool, minute, uncounted[pool]);
      uncounted[pool] = 0;
    }
  }

  private refresh(nowMs: number): void {
    this.countStarted();
    if (nowMs < this.nextFitAtMs) return;
    this.nextFitAtMs = nowMs + Math.max(BIN_MS, Math.min(MOST_FIT_PERIOD_MS, nowMs * FIT_SHARE));
    this.fit(nowMs);
  }

  private fit(nowMs: number): void {
    this.countOpenByAge(nowMs);
    const bins = Math.min(AGE_BINS, this.reach + TAIL_BINS);
    this.curve = this.curveOf(bins);
    const { ended, censored, openAt } = this;
    const { survivals, integrals } = this.curve;
    let atRisk = PRIOR_WEIGHT;
    for (let bin = 0; bin < this.reach; bin++) atRisk += ended[bin] + censored[bin] + openAt[bin];
    const priorHazard = BIN_MS / PRIOR_MEAN_MS;
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
      integral += (BIN_MS * (survival + next)) / 2;
      survival = next > 1e-9 ? next : 1e-9;
    }
    survivals[bins] = survival;
    integrals[bins] = integral;
    this.open.read(survivals);
  }

  /** A curve of that many bins to write. Not the kept one. */
  private curveOf(bins: number): SurvivalCurve {
    const isKept = this.curve === this.keptCurve;
    if (!isKept && this.curve.survivals.length === bins + 1) return this.curve;
    if (isKept) this.room = emptyCurve(bins);
    else if (bins >= this.room.survivals.length) this.room = emptyCurve(bins + SPARE_BINS);
    const { survivals, integrals } = this.room;
    return { survivals: survivals.subarray(0, bins + 1), integrals: integrals.subarray(0, bins + 1) };
  }

  private countOpenByAge(nowMs: number): void {
    const { openAt } = this;
    openAt.fill(0, 0, this.reach);
    const newest = Math.floor(nowMs / BIN_MS);
    const oldest = Math.min(newest, this.open.oldest);
    this.open.countByAge(openAt, nowMs);
    this.reach = Math.max(this.reach, Math.min(AGE_BINS, newest - oldest + 1));
  }

  private binOf(ageMs: number): number {
    const age = ageMs / BIN_MS;
    const bin = age < AGE_BINS - 1 ? age | 0 : AGE_BINS - 1;
    if (bin >= this.reach) this.reach = bin + 1;
    return bin;
  }
}

function emptyCurve(bins: number): SurvivalCurve {
  return { survivals: new Float64Array(bins + 1), integrals: new Float64Array(bins + 1) };
}
