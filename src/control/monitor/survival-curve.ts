/**
 * Ages are counted in bins of one minute: fine enough for holding times of minutes, and 4,096 of
 * them reach 2.8 days.
 */
export const AGE_BIN_MS = 60_000;
export const AGE_BINS = 4096;
/** Nobody's survival is known that far ahead; a policy may ask for any time. */
const MOST_AHEAD_MS = AGE_BINS * AGE_BIN_MS;

/**
 * Survival at the start of each age bin and its integral in ms. Float64Array[bins + 1] each; the
 * last entry covers all greater ages.
 */
export interface SurvivalCurve {
  readonly survivals: Float64Array;
  readonly integrals: Float64Array;
}

/**
 * Survival at an age ≥ 0.
 */
export function survivalAt(survivals: Float64Array, ageMs: number): number {
  return atBins(survivals, ageMs / AGE_BIN_MS);
}

function atBins(survivals: Float64Array, bins: number): number {
  const last = (survivals.length - 1) | 0;
  if (bins >= last) return survivals[last];
  const bin = bins | 0;
  const here = survivals[bin];
  return here + (survivals[(bin + 1) | 0] - here) * (bins - bin);
}

/** A time to look ahead, in bins. */
export function binsAhead(aheadMs: number): number {
  return Math.min(aheadMs, MOST_AHEAD_MS) / AGE_BIN_MS;
}

/**
 * Shares are counted in this many units. They are integers, so their sums over up to 8 million
 * streams are exact, in whatever order streams start and end.
 */
const SHARE_UNITS = 1_073_741_824;
/**
 * Shares of young streams are computed at ages of whole and half bins, and lie between those of the
 * two such ages around their own. With whole bins alone, a world whose streams often end in their
 * first minute cost 1.3 % more.
 */
export const STEPS_PER_BIN = 2;
/** Streams are old from twenty minutes on: their shares change slowly. */
const OLD_STEPS = 40;
/** Shares of old streams are computed this many steps apart. */
export const OLD_STRIDE = 10;
/** V8 looks an exported constant up at each use. */
const STEP = 1 / STEPS_PER_BIN;

/**
 * The steps from minute 0 to an instant, as streams of that minute have lived: a stream counts as
 * started in the middle of its minute. So at one instant the streams of all minutes have lived for
 * whole steps and the same part of a step.
 */
export function stepsAt(atMs: number): number {
  return (atMs / AGE_BIN_MS - 0.5) * STEPS_PER_BIN;
}

/** The steps at which the shares of old streams were last made: a whole multiple of their step. */
export function oldStepsAt(at: number): number {
  return Math.floor(at / OLD_STRIDE) * OLD_STRIDE;
}

/**
 * The latest minute whose streams were old at `oldSteps`. Until the next such instant they stay
 * the old ones.
 */
export function oldMinuteAt(oldSteps: number): number {
  return Math.floor((oldSteps - OLD_STEPS) / STEPS_PER_BIN);
}

/**
 * Which share of the streams that are `steps` old will still be open `ahead` bins later, in units.
 * The middle of the newest minute may lie ahead.
 */
export function unitsAt(survivals: Float64Array, steps: number, ahead: number): number {
  const age = steps < 0 ? 0 : steps * STEP;
  return Math.floor((atBins(survivals, age + ahead) / atBins(survivals, age)) * SHARE_UNITS + 0.5);
}

/**
 * Survivors of open streams, by the sums of their shares (in units) at the step before `at` and the
 * one after it, of young and of old streams.
 */
export function survivorsOf(at: number, young: number, youngNext: number, old: number, oldNext: number): number {
  const part = at - Math.floor(at);
  const oldPart = at / OLD_STRIDE - Math.floor(at / OLD_STRIDE);
  return (young + (youngNext - young) * part + old + (oldNext - old) * oldPart) / SHARE_UNITS;
}
