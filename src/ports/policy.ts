import type { RandomStream } from "../base/random.js";
import type { FitMemory, Forecast, Forecaster } from "./forecaster.js";

/**
 * What a policy knows of one pool (a region × a streamlet class). Counts of streamlets come from
 * the manager and are current. Everything else is a metric, as of the scrape (`observedAtMs`).
 */
export interface PoolObservation {
  readonly name: string;
  readonly region: string;
  /** Slots of one streamlet. */
  readonly slots: number;
  readonly min: number;
  readonly max: number;
  // --- current
  readonly ready: number;
  readonly spawning: number;
  readonly draining: number;
  readonly parked: number;
  /** The last decision in force. */
  readonly desired: number;
  // --- metrics, as of observedAtMs
  /**
   * Instant of the scrape. −Infinity before the first scrape, when all metrics are 0 without
   * meaning.
   */
  readonly observedAtMs: number;
  /** Ready streamlets as of the scrape; HPA's "pods with metrics". */
  readonly observedReady: number;
  /** Open streams on ready streamlets, and on those that are draining. */
  readonly open: number;
  readonly openDraining: number;
  /** Requests in the waiting room whose first choice is this pool. */
  readonly waiting: number;
  /**
   * Running totals since the start: arrivals (with reconnections), ∫ open dt (ms), ∫ waiting dt
   * (ms). Differences over a span give means.
   */
  readonly arrivals: number;
  readonly openStreamMs: number;
  readonly waitingRequestMs: number;
  /** The part of `openStreamMs` on streamlets that were draining; left out = none. */
  readonly drainingStreamMs?: number;
}

/**
 * Open streams by age and the survival curve of holding times, as of the observation. Survival
 * projection needs both.
 */
export interface HoldingView {
  /**
   * Mean holding time so far, in ms (Kaplan–Meier, restricted). 10 minutes before anything is
   * known.
   */
  readonly meanMs: number;
  /** P(a stream lasts longer than `ageMs`), in (0, 1]. */
  survival(ageMs: number): number;
  /** ∫₀ʰ S(u) du in ms: expected open time within h of a stream that starts now. */
  integratedSurvivalMs(horizonMs: number): number;
  /**
   * Expected number of streams of pool `pool` that are open at the observation and still open
   * `aheadMs` later.
   */
  survivors(pool: number, aheadMs: number): number;
}

/**
 * Arrivals of each pool per bin, with those before t=0: bin `i` covers [originMs + i·binMs, …).
 * Closed bins only.
 */
export interface ArrivalHistory {
  readonly binMs: number;
  /** Start of bin 0 on the run's clock: negative where there is history. */
  readonly originMs: number;
  /** Wall time of the run's t=0, ms since 1970 (UTC). */
  readonly epochMs: number;
  /** Number of closed bins as of the observation. */
  readonly length: number;
  /**
   * Arrivals of `pool` in bin `i`. NaN = unknown, as is every bin that was not closed at the
   * observation.
   */
  at(pool: number, bin: number): number;
}

/** Quantiles of the measured time from launch to ready: the manager's own, and current. */
export interface SpawnView {
  /** In ms; NaN before the first readiness. */
  quantileMs(pool: number, probability: number): number;
}

/** Events between ticks at which a policy may ask to decide. */
export const POLICY_WAKES = ["no-free-slot", "stream-ended", "streamlet-changed"] as const;

type PolicyWake = (typeof POLICY_WAKES)[number];

/** One snapshot per decision. */
export interface FleetObservation {
  readonly nowMs: number;
  /** `tick`, or the event between ticks that triggered the decision. */
  readonly trigger: "start" | "tick" | PolicyWake;
  /** With "no-free-slot": the home pool of the request that found none. */
  readonly triggerPool?: number;
  readonly pools: readonly PoolObservation[];
  readonly history: ArrivalHistory;
  readonly holding: HoldingView;
  readonly spawn: SpawnView;
  /** Measured times from parked to ready. */
  readonly warmStart: SpawnView;
}

/** The target of one pool: ready + spawning streamlets. */
export interface PoolDecision {
  /** A fraction is rounded up; the result is held within the pool's min and max. */
  readonly desired: number;
  /** Parked streamlets wanted in the warm pool. Absent = the fleet's `warmPool`. */
  readonly parked?: number;
  /** A word or short phrase from a closed set of the policy's own. */
  readonly reason: string;
  /**
   * Figures behind the decision. A policy may write those of its next decision into the same
   * record, so keep a copy of a decision, not the decision.
   */
  readonly details?: Readonly<Record<string, number>>;
}

/** One entry per pool, in the order of the observation; an absent entry keeps what is in force. */
export type ScaleDecision = readonly (PoolDecision | undefined)[];

/** The arrivals of a pool that a policy expects, per bin; bin 0 begins at `fromMs`. */
export interface ArrivalOutlook {
  readonly fromMs: number;
  readonly binMs: number;
  readonly forecast: Forecast;
}

/**
 * Decides the number of streamlets. It changes nothing but its own state, and knows the time only
 * from `nowMs`.
 */
export interface Policy {
  decide(observation: FleetObservation, nowMs: number): ScaleDecision;
  /**
   * Events between ticks at which the policy also decides: a request finds no slot, a stream ends,
   * a streamlet becomes ready or stops.
   */
  readonly wakeOn?: readonly PolicyWake[];
  /**
   * If present, the manager retires a streamlet that has been empty for as long as this draws (ms;
   * 0 = at once), down to `min`.
   */
  idleTimeoutMs?(): number;
  /**
   * The forecast of arrivals that its last decision for a pool was based on; undefined if there
   * was none. For display only.
   */
  outlook?(pool: number): ArrivalOutlook | undefined;
}

/** Inputs from which a policy is made: the fixed facts of the fleet, and a random stream. */
export interface PolicyContext {
  readonly pools: readonly {
    readonly name: string;
    readonly region: string;
    readonly slots: number;
    readonly min: number;
    readonly max: number;
  }[];
  readonly tickMs: number;
  /** The policy's own stream of random numbers. */
  readonly random: RandomStream;
  /**
   * Makes a forecaster for the arrivals of a pool, or of several. A trainer retrains, judges and
   * replaces it during the run. Absent if nothing can train. `turn` numbers the series from 0, so
   * that trainings do not coincide. `challengers` shadow in addition to the usual candidates.
   */
  readonly trained?: (series: string, turn: number, challengers: readonly string[]) => Forecaster;
  /** Fits that other runs have made before; absent if each run makes its own. */
  readonly fits?: FitMemory;
}

/**
 * A module named in a scenario (`kind: ./my-policy.ts`) exports `createPolicy`. It gets all knobs
 * as written.
 */
export type CreatePolicy = (knobs: Readonly<Record<string, unknown>>, context: PolicyContext) => Policy;
