import type { RandomStream } from "../base/random.js";

/** A point process on the run's clock. */
export interface ArrivalProcess {
  /** The next arrival after `nowMs`, in ms; Infinity when there is none. */
  nextAfter(nowMs: number): number;
}

/** Homogeneous Poisson. */
export class PoissonArrivals implements ArrivalProcess {
  private readonly meanGapMs: number;

  constructor(
    ratePerSecond: number,
    private readonly random: RandomStream,
  ) {
    this.meanGapMs = 1000 / ratePerSecond;
  }

  nextAfter(nowMs: number): number {
    return nowMs + this.random.exponential() * this.meanGapMs;
  }
}

export interface SinusoidWave {
  /** The mean rate λ̄. */
  readonly ratePerSecond: number;
  /** A in [0, 1], a share of the mean. */
  readonly amplitude: number;
  readonly periodMs: number;
  readonly phaseMs: number;
}

/**
 * Rate λ(t) = λ̄·(1 + A·sin(2π(t − phase)/period)), by thinning (Lewis, Shedler 1979). A ≤ 1 keeps
 * the rate from going negative.
 */
export class SinusoidArrivals implements ArrivalProcess {
  private readonly meanGapMs: number;
  private readonly peak: number;
  private readonly omega: number;

  private readonly amplitude: number;
  private readonly phaseMs: number;

  constructor(
    { ratePerSecond, amplitude, periodMs, phaseMs }: SinusoidWave,
    private readonly random: RandomStream,
  ) {
    this.amplitude = amplitude;
    this.phaseMs = phaseMs;
    this.peak = 1 + amplitude;
    this.meanGapMs = 1000 / (ratePerSecond * this.peak);
    this.omega = (2 * Math.PI) / periodMs;
  }

  nextAfter(nowMs: number): number {
    let atMs = nowMs;
    for (;;) {
      atMs += this.random.exponential() * this.meanGapMs;
      const level = this.random.uniform() * this.peak;
      // A candidate below the lowest rate is always accepted. With A = 1/3 half of them need no
      // sine.
      if (level <= 1 - this.amplitude) return atMs;
      if (level <= 1 + this.amplitude * Math.sin(this.omega * (atMs - this.phaseMs))) return atMs;
    }
  }
}

/** Bins of expected counts: bin i covers [originMs + i·binMs, …). */
export interface ExpectedCounts {
  readonly originMs: number;
  readonly binMs: number;
  readonly expected: Float64Array;
}

/**
 * Poisson arrivals with a constant rate per bin: unit exponentials, mapped through the inverse of
 * the cumulative rate (Çinlar 1975).
 */
export class TraceArrivals implements ArrivalProcess {
  constructor(
    private readonly counts: ExpectedCounts,
    private readonly random: RandomStream,
  ) {}

  nextAfter(nowMs: number): number {
    const { originMs, binMs, expected } = this.counts;
    let rest = this.random.exponential();
    let bin = Math.floor((nowMs - originMs) / binMs);
    let fromMs = nowMs;
    for (; bin < expected.length; bin++) {
      const endMs = originMs + (bin + 1) * binMs;
      const ratePerMs = expected[bin] / binMs;
      const mass = (endMs - fromMs) * ratePerMs;
      if (rest < mass) return fromMs + rest / ratePerMs;
      rest -= mass;
      fromMs = endMs;
    }
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Exactly the counts of the trace. A bin of n arrivals gets n instants, uniform in the bin, in
 * order. A fraction becomes one arrival with that probability. The next of n uniform order
 * statistics is drawn as the minimum of those left, so nothing is stored. If the run starts within
 * a bin, the arrivals of that bin before the start are drawn and dropped.
 */
export class ExactArrivals implements ArrivalProcess {
  private bin: number;
  private left = 0;
  private atMs: number;

  constructor(
    private readonly counts: ExpectedCounts,
    private readonly random: RandomStream,
    private readonly startMs: number,
  ) {
    this.bin = Math.floor((startMs - counts.originMs) / counts.binMs) - 1;
    this.atMs = startMs;
  }

  nextAfter(): number {
    let atMs = this.next();
    while (atMs < this.startMs) atMs = this.next();
    return atMs;
  }

  private next(): number {
    const { originMs, binMs, expected } = this.counts;
    while (this.left === 0) {
      this.bin++;
      if (this.bin >= expected.length) return Number.POSITIVE_INFINITY;
      this.atMs = originMs + this.bin * binMs;
      const whole = Math.floor(expected[this.bin]);
      this.left = whole + (this.random.uniform() < expected[this.bin] - whole ? 1 : 0);
    }
    const endMs = originMs + (this.bin + 1) * binMs;
    const share = 1 - Math.exp(Math.log(this.random.uniform()) / this.left);
    this.left--;
    this.atMs += (endMs - this.atMs) * share;
    return this.atMs;
  }
}
