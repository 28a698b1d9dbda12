// Fits the parameters of the spawn model to starts on this machine: alone, in bursts, among
// streams.
import { RandomStream } from "../../base/random.js";
import type { SpawnQueueSpec } from "../../model/spawn-queue.js";
import { burstsOf, type ChurnStart, predictStarts, type SpawnModel } from "./burst-model.js";
import { median, quantile, rounded, sortedOf } from "./quantiles.js";

/** Repeats of the simulated starts among streams. */
const PREDICTIONS = 30;
/**
 * Step and upper end of the search: for `sharing` (at 2 each start triples the other), and for the
 * part of a start outside the queue, as a share of the start.
 */
const STEP = 0.02;
const MOST = 2;
const MOST_OUTSIDE = 0.5;
/** With fewer starts than this of a kind, nothing is fitted to them. */
const ENOUGH = 5;
/** A start that took longer than this quantile of single starts counts as delayed. */
const USUAL = 0.9;
/** A smaller share of delayed starts counts as none: of 60 starts, one. */
const LEAST_CHANCE = 0.02;

/** With fewer open streams than this on average, their effect is not fitted. */
const LEAST_STREAMS = 1;

type Bursts = readonly (readonly number[])[];

export interface MeasuredStarts {
  /** Durations of single starts, sorted, ms. */
  readonly singlesMs: Float64Array;
  readonly pairs: Bursts;
  /** Bursts of many more streamlets than can start at once. */
  readonly waves: Bursts;
  readonly churned: readonly ChurnStart[];
}

/**
 * The parameters that fit these starts best, given how many can start at once and how long each one
 * blocks the forking process.
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
 * Fits the part of a start that is outside the queue, such as the report of readiness: the next
 * start does not wait for it. The chosen value brings the model's mean over bursts in waves nearest
 * to the measured mean; `sharing` is fitted again for each value.
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
 * The share by which two concurrent starts lengthen each other: the value at which the model's mean
 * over pairs equals the measured one. 0 if a pair takes no longer than the model predicts without
 * sharing, or if starts never overlap.
 */
export function fitSharing(singlesMs: Float64Array, line: SpawnQueueSpec, pairs: Bursts): number {
  if (line.startsAtOnce < 2) return 0;
  const measured = mean(pairs.flat());
  return leastShare((sharing) => mean(burstsOf({ singlesMs, line: { ...line, sharing } }, 2).flat()) >= measured);
}

/**
 * The effect of each open stream on a start: the share by which it lengthens it, and the
 * probability and length of a delay. Fitted to starts among streams that overlapped no other
 * start. The share comes from the median. A start above the 90 % quantile expected after that
 * counts as delayed; the delays explain the rest of the mean. An effect that does not show is 0.
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
 * The amount that each open stream adds to `sharing`: the value at which the model's mean over
 * overlapping starts among streams equals the measured one. 0 if there are too few of them.
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

/** The least multiple of `STEP` for which the condition holds, by bisection; `MOST` if none. */
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
 * `sharing` as the `contention` of hosts without a spawn queue: the share by which the first start
 * of a pair lengthens the second.
 */
export function contentionOf({ sharing, outsideMs }: SpawnQueueSpec, aloneMs: number): number {
  return rounded(2 * sharing * Math.max(0, 1 - outsideMs / aloneMs));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
