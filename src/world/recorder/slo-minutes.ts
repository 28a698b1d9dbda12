const MINUTE_MS = 60_000;
/**
 * Instants are sums of floats: a start that takes 123.4 ms ends in a wait of 123.40000000596. So
 * a wait up to 1 µs above the bound counts as within it. Over ten years, the longest run, the
 * clock's resolution is 0.06 µs.
 */
const CLOCK_SLACK_MS = 0.001;

/**
 * The minutes of the clock that the measured window touches: each can violate. A window from 0:30
 * to 1:30 touches two.
 */
export function judgedMinutes({ warmupMs, durationMs }: MeasuredWindow): number {
  return Math.ceil(durationMs / MINUTE_MS) - Math.floor(warmupMs / MINUTE_MS);
}

interface MeasuredWindow {
  readonly warmupMs: number;
  readonly durationMs: number;
}

/** The bounds that each minute is judged by; absent = not judged. */
export interface SloBounds {
  /** At most 1 − `probability` of the requests may have waited longer than `boundMs`. */
  readonly startLatency: { readonly probability: number; readonly boundMs: number } | undefined;
  readonly rejectedRatio: number | undefined;
  readonly abandonedRatio: number | undefined;
  readonly interruptedRatio: number | undefined;
}

/**
 * SLO accounting by the minute in which a request *arrived* (`minuteOf`), whenever it ends. A
 * minute's percentile exceeds its bound if more than 1 − p of its requests waited longer, so counts
 * are enough. A request counts as late if it was abandoned, or still waits at the end of the run,
 * after more than the bound. If it waited less, its wait is unknown and it is left out of the
 * percentile.
 */
export class SloMinutes {
  /** Counts by minute, in four bytes each: 1,200 h are 2 MB. */
  private readonly arrivals: Uint32Array;
  private readonly served: Uint32Array;
  private readonly slow: Uint32Array;
  private readonly late: Uint32Array;
  private readonly rejected: Uint32Array;
  private readonly abandoned: Uint32Array;
  private readonly interrupted: Uint32Array;
  private readonly slowAboveMs: number;
  private lateLeavers = 0;

  constructor(
    private readonly bounds: SloBounds,
    durationMs: number,
  ) {
    const minutes = Math.ceil(durationMs / MINUTE_MS) + 1;
    this.arrivals = new Uint32Array(minutes);
    this.served = new Uint32Array(minutes);
    this.slow = new Uint32Array(minutes);
    this.late = new Uint32Array(minutes);
    this.rejected = new Uint32Array(minutes);
    this.abandoned = new Uint32Array(minutes);
    this.interrupted = new Uint32Array(minutes);
    this.slowAboveMs = slowAboveOf(bounds);
  }

  onArrival(minute: number): void {
    this.arrivals[minute]++;
  }

  onServed(minute: number, waitMs: number): void {
    this.served[minute]++;
    if (waitMs > this.slowAboveMs) this.slow[minute]++;
  }

  onRejected(minute: number): void {
    this.rejected[minute]++;
  }

  onAbandoned(minute: number, waitMs: number): void {
    this.abandoned[minute]++;
    if (waitMs <= this.slowAboveMs) return;
    this.late[minute]++;
    this.lateLeavers++;
  }

  /** A request that still waits at the end of the run: it waits at least `waitMs`. */
  onStillWaiting(minute: number, waitMs: number): void {
    if (waitMs > this.slowAboveMs) this.late[minute]++;
  }

  /** Requests that were abandoned after more than the bound of the start latency. */
  get gaveUpLate(): number {
    return this.lateLeavers;
  }

  onInterrupted(minute: number): void {
    this.interrupted[minute]++;
  }

  /** Requests that started within the bound of the start latency. */
  get servedWithin(): number {
    let within = 0;
    for (let minute = 0; minute < this.served.length; minute++) within += this.served[minute] - this.slow[minute];
    return within;
  }

  /** One value per minute since t=0: 1 = violated. A minute without arrivals violates nothing. */
  violations(): Float64Array {
    const violations = new Float64Array(this.arrivals.length);
    // No callback: V8 compiled it again in each run.
    for (let minute = 0; minute < violations.length; minute++) {
      const arrivals = this.arrivals[minute];
      const [served, slow, late] = [this.served[minute], this.slow[minute], this.late[minute]];
      const [rejected, abandoned] = [this.rejected[minute], this.abandoned[minute]];
      const counts = { arrivals, served, slow, late, rejected, abandoned, interrupted: this.interrupted[minute] };
      violations[minute] = isViolated(this.bounds, counts) ? 1 : 0;
    }
    return violations;
  }
}

/** Requests that arrived in a minute, by outcome. */
interface MinuteCounts {
  readonly arrivals: number;
  readonly served: number;
  /**
   * Requests served, abandoned or still waiting after more than the bound of the start latency.
   */
  readonly slow: number;
  readonly late: number;
  readonly rejected: number;
  readonly abandoned: number;
  readonly interrupted: number;
}

/** Whether a minute exceeds a bound. One without arrivals violates nothing. */
export function isViolated(bounds: SloBounds, counts: MinuteCounts): boolean {
  const { arrivals, served, slow, late } = counts;
  if (arrivals === 0) return false;
  const allowedSlow = bounds.startLatency === undefined ? 1 : 1 - bounds.startLatency.probability;
  return (
    exceeds(slow + late, served + late, allowedSlow) ||
    exceeds(counts.rejected, arrivals, bounds.rejectedRatio) ||
    exceeds(counts.abandoned, arrivals, bounds.abandonedRatio) ||
    exceeds(counts.interrupted, arrivals, bounds.interruptedRatio)
  );
}

/**
 * A longer wait is slow, in ms: the bound plus the clock's rounding. Infinity if the SLO has no
 * bound of the start latency.
 */
export function slowAboveOf(bounds: Pick<SloBounds, "startLatency"> | undefined): number {
  const boundMs = bounds?.startLatency?.boundMs;
  return boundMs === undefined ? Number.POSITIVE_INFINITY : boundMs + CLOCK_SLACK_MS;
}

function exceeds(count: number, arrivals: number, bound: number | undefined): boolean {
  // 1e-12: 0.29 of 100 is 28.999999999999996 in binary, 1 − 0.99 is 0.010000000000000009.
  return bound !== undefined && count > bound * arrivals * (1 + 1e-12);
}

/**
 * The minute in which a request arrived, from 0. It reads the instant from the request, since a
 * float argument may be boxed.
 */
export function minuteOf({ arrivedAtMs }: { readonly arrivedAtMs: number }): number {
  return Math.floor(arrivedAtMs / MINUTE_MS);
}
