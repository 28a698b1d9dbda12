// What the model of starts has for parameters, taken from starts on this machine: alone, in bursts,
// among streams.
import { RandomStream } from "../../base/random.js";
import type { SpawnQueueSpec } from "../../model/spawn-queue.js";
import { burstsOf, type ChurnStart, predictStarts, type SpawnModel } from "./burst-model.js";
import { median, quantile, rounded, sortedOf } from "./quantiles.js";

/** Repeats of the simulated starts among streams. */
const PREDICTIONS = 30;
/**
 * Sharing is sought in steps of this, up to each start tripling the other; what lies outside the
 * line, as a share of a start.
 */
const STEP = 0.02;
const MOST = 2;
const MOST_OUTSIDE = 0.5;
/** Fewer starts than this that met another, or met none, say nothing of such. */
const ENOUGH = 5;
/** A start that took longer than this share of those alone was held up. */
const USUAL = 0.9;
/** A share of delayed starts below this cannot be distinguished from none: of 60, one. */
const LEAST_CHANCE = 0.02;

/** Nor do starts beside fewer streams than this, in the mean. */
const LEAST_STREAMS = 1;

type Bursts = readonly (readonly number[])[];

export interface MeasuredStarts {
  /** Alone, sorted, ms. */
  readonly singlesMs: Float64Array;
  readonly pairs: Bursts;
  /** Bursts of many more than start at once. */
  readonly waves: Bursts;
  readonly churned: readonly ChurnStart[];
}

/**
 * The parameters that fit these starts best, given how many start at once and how long each blocks
 * who forks it.
 */
export function fitLine(
  measured: MeasuredStarts,
  given: Pick<SpawnQueueSpec, "startsAtOnce" | "serialMs">,
): SpawnQueueSpec {
  const { singlesMs, churned } = measured;
  const unburdened = { ...given, sharing: 0, perStream: 0, crowding: 0, delayChance: 0, delayMs: 0, outsideMs: 0 };
  const alone = fitOutside(measured, unburdened);
  const burdened = { ...alone, ...burdensOf(churned, singlesMs, alone.outsideMs) };
  return { ...burdened, crowding: fitCrowding({ singlesMs, line: burdened }, churned) };
}

/**
 * What of a start lies outside the line, with the sharing that goes with it: who waits for another
 * start to end does not wait for its way back. Sought is what brings the model's mean over bursts
 * that come in waves nearest to the measured one.
 */
export function fitOutside({ singlesMs, pairs, waves }: MeasuredStarts, line: SpawnQueueSpec): SpawnQueueSpec {
  const alone = median(singlesMs);
  const measured = mean(waves.flat());
  let best = { ...line, sharing: fitSharing(singlesMs, line, pairs) };
  let bestError = Number.POSITIVE_INFINITY;
  for (let steps = 0; steps * STEP <= MOST_OUTSIDE; steps++) {
    const candidate = { ...line, outsideMs: rounded(steps * STEP * alone) };
    const fitted = { ...candidate, sharing: fitSharing(singlesMs, candidate, pairs) };
    const error = Math.abs(mean(burstsOf({ singlesMs, line: fitted }, waves[0]?.length ?? 0).flat()) - measured);
    if (error < bestError) [best, bestError] = [fitted, error];
  }
  return best;
}

/**
 * The share by which two starts that are under way together lengthen each other: the one at which
 * the model's mean over pairs is the measured one. 0 where a pair takes no longer than the model
 * says without it, or never shares the machine.
 */
export function fitSharing(singlesMs: Float64Array, line: SpawnQueueSpec, pairs: Bursts): number {
  if (line.startsAtOnce < 2) return 0;
  const measured = mean(pairs.flat());
  return leastShare((sharing) => mean(burstsOf({ singlesMs, line: { ...line, sharing } }, 2).flat()) >= measured);
}

/**
 * By which share each open stream lengthens a start, and with which chance it holds one up, for how
 * long: from starts among streams that met no other. The share is that of the median; a start is
 * held up that took longer than nine of ten would then, and the delays make up what is left of the
 * mean. Nothing where that does not show.
 */
export function burdensOf(
  starts: readonly ChurnStart[],
  singlesMs: Float64Array,
  outsideMs: number,
): Pick<SpawnQueueSpec, "perStream" | "delayChance" | "delayMs"> {
  const single = starts.filter((one) => !starts.some((other) => isMeeting(one, other)));
  const streams = mean(single.map((one) => one.open));
  if (single.length < ENOUGH || streams < LEAST_STREAMS) return { perStream: 0, delayChance: 0, delayMs: 0 };
  const tookMs = sortedOf(single.map((one) => one.toMs - one.fromMs));
  const alone = median(singlesMs);
  const longer = Math.max(0, median(tookMs) - alone);
  const perStream = alone > outsideMs ? rounded(longer / (alone - outsideMs) / streams) : 0;
  const usual = quantile(singlesMs, USUAL) + longer;
  const chance = (tookMs.filter((ms) => ms > usual).length / tookMs.length - (1 - USUAL)) / USUAL;
  const excess = mean(Array.from(tookMs)) - mean(Array.from(singlesMs)) - longer;
  if (chance < LEAST_CHANCE || excess <= 0) return { perStream, delayChance: 0, delayMs: 0 };
  return { perStream, delayChance: rounded(chance / streams), delayMs: rounded(excess / chance) };
}

/**
 * What each open stream adds to `sharing`: the share at which the model's mean over those starts
 * among streams that met another one is the measured one. 0 where they are too few to tell.
 */
export function fitCrowding(model: SpawnModel, starts: readonly ChurnStart[]): number {
  const met = starts.map((one) => starts.some((other) => isMeeting(one, other)));
  const ofMet = (tookMs: readonly number[]): number[] => tookMs.filter((_, id) => met[id]);
  const measuredMs = ofMet(starts.map(({ fromMs, toMs }) => toMs - fromMs));
  if (measuredMs.length < ENOUGH) return 0;
  const measured = mean(measuredMs);
  return leastShare((crowding) => {
    const random = new RandomStream("churn");
    const line = { ...model.line, crowding };
    const runs = Array.from({ length: PREDICTIONS }, () => ofMet(predictStarts({ ...model, line }, starts, random)));
    return mean(runs.flat()) >= measured;
  });
}

/** The least share in steps of `STEP` from which on it is enough, by halving; `MOST` if none is. */
function leastShare(isEnough: (share: number) => boolean): number {
  let [below, enough] = [-1, MOST / STEP];
  while (enough - below > 1) {
    const middle = (below + enough) >> 1;
    if (isEnough(rounded(middle * STEP))) enough = middle;
    else below = middle;
  }
  return rounded(enough * STEP);
}

function isMeeting(one: ChurnStart, other: ChurnStart): boolean {
  return other !== one && other.fromMs < one.toMs && other.toMs > one.fromMs;
}

/**
 * The same said otherwise, for hosts whose starts do not queue and have no part outside: the share
 * by which the first of a pair lengthens the second, and nothing the first.
 */
export function contentionOf({ sharing, outsideMs }: SpawnQueueSpec, aloneMs: number): number {
  return rounded(2 * sharing * Math.max(0, 1 - outsideMs / aloneMs));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
