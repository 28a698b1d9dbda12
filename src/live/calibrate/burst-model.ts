import { RandomStream } from "../../base/random.js";
import { Kernel } from "../../kernel/kernel.js";
import { SpawnLine, type SpawnLineSpec } from "../../model/spawn-line.js";
import { Phase } from "../../ports/scheduler.js";
import { quantile, rounded, sortedOf } from "./quantiles.js";

const RUNS = 300;
/** Starts among streams are told again so often. */
const RETELLINGS = 30;
/** Sharing is sought in steps of this, up to each start tripling the other. */
const STEP = 0.02;
const MOST = 2;

/** Readiness of a burst of spawns: quantiles over its streamlets, and when the last one is ready; ms. */
export interface BurstFigures {
  readonly p50: number;
  readonly p90: number;
  readonly makespanMs: number;
}

export interface SpawnModel {
  /** Single spawns, ms. */
  readonly singlesMs: Float64Array;
  readonly line: SpawnLineSpec;
}

/** The figures of several bursts of one size: over all their streamlets, and the mean of their makespans. */
export function figuresOf(bursts: readonly (readonly number[])[]): BurstFigures {
  const all = sortedOf(bursts.flat());
  const makespans = bursts.map((burst) => Math.max(...burst));
  return {
    p50: rounded(quantile(all, 0.5)),
    p90: rounded(quantile(all, 0.9)),
    makespanMs: rounded(makespans.reduce((sum, one) => sum + one, 0) / makespans.length),
  };
}

/** What the simulator's model of starts says of a burst: single spawns drawn again with replacement, through the line. */
export function predictBurst(model: SpawnModel, size: number): BurstFigures {
  const random = new RandomStream(`burst/${size}`);
  return figuresOf(Array.from({ length: RUNS }, () => oneBurst(model, size, random)));
}

function oneBurst({ singlesMs, line: spec }: SpawnModel, size: number, random: RandomStream): number[] {
  const kernel = new Kernel();
  const readyMs: number[] = [];
  const line = new SpawnLine(
    spec,
    kernel,
    () => 0,
    () => readyMs.push(kernel.nowMs()),
  );
  for (let id = 0; id < size; id++) line.enter(id, singlesMs[random.integerBelow(singlesMs.length)], Phase.Ready);
  kernel.run(Number.POSITIVE_INFINITY);
  return readyMs;
}

/**
 * The share by which two starts that are under way together lengthen each other: the one at which the model's mean over pairs is the measured
 * one. 0 where a pair takes no longer than the model says without it, or never shares the machine.
 */
export function fitSharing(
  singlesMs: Float64Array,
  line: SpawnLineSpec,
  pairs: readonly (readonly number[])[],
): number {
  if (line.startsAtOnce < 2) return 0;
  const measured = mean(pairs.flat());
  for (let steps = 0; steps * STEP <= MOST; steps++) {
    const sharing = rounded(steps * STEP);
    const random = new RandomStream("burst/2");
    const model = { singlesMs, line: { ...line, sharing } };
    const predicted = mean(Array.from({ length: RUNS }, () => oneBurst(model, 2, random)).flat());
    if (predicted >= measured) return sharing;
  }
  return MOST;
}

/** A start among streams that come and go. */
export interface ChurnStart {
  readonly fromMs: number;
  readonly toMs: number;
  /** Streams open when it began. */
  readonly open: number;
}

/** How long each of these starts takes by the model, begun when it began, beside the streams that were open then; ms. */
function retell({ singlesMs, line: spec }: SpawnModel, starts: readonly ChurnStart[], random: RandomStream): number[] {
  const kernel = new Kernel();
  const tookMs: number[] = [];
  let open = 0;
  const line = new SpawnLine(
    spec,
    kernel,
    () => open,
    (id) => tookMs.push(kernel.nowMs() + starts[0].fromMs - starts[id].fromMs),
  );
  const begin = (id: number): void => {
    ({ open } = starts[id]);
    line.enter(id, singlesMs[random.integerBelow(singlesMs.length)], Phase.Ready);
  };
  starts.forEach(({ fromMs }, id) => void kernel.schedule(fromMs - starts[0].fromMs, Phase.Arrival, begin, id));
  kernel.run(Number.POSITIVE_INFINITY);
  return tookMs;
}

/** What each open stream adds to `sharing`: the share at which the model's mean over starts among streams, in order of time, is the measured one. */
export function fitCrowding(model: SpawnModel, starts: readonly ChurnStart[]): number {
  if (starts.length === 0) return 0;
  const measured = mean(starts.map(({ fromMs, toMs }) => toMs - fromMs));
  for (let steps = 0; steps * STEP <= MOST; steps++) {
    const crowding = rounded(steps * STEP);
    const random = new RandomStream("churn");
    const line = { ...model.line, crowding };
    const runs = Array.from({ length: RETELLINGS }, () => retell({ ...model, line }, starts, random));
    if (mean(runs.flat()) >= measured) return crowding;
  }
  return MOST;
}

/** The same said otherwise, for hosts whose starts do not queue: the share by which the first of a pair lengthens the second, and nothing the first. */
export function contentionOf(sharing: number): number {
  return rounded(2 * sharing);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
