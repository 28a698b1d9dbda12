import { RandomStream } from "../../base/random.js";
import { Kernel } from "../../kernel/kernel.js";
import { SpawnQueue, type SpawnQueueSpec } from "../../model/spawn-queue.js";
import { Phase } from "../../ports/scheduler.js";
import { quantile, rounded, sortedOf } from "./quantiles.js";

const RUNS = 300;

/**
 * Times to readiness in a burst of spawns: quantiles over its streamlets, and the time until the
 * last one is ready; ms.
 */
export interface BurstFigures {
  readonly p50: number;
  readonly p90: number;
  readonly makespanMs: number;
}

export interface SpawnModel {
  /** Single spawns, ms. */
  readonly singlesMs: Float64Array;
  readonly line: SpawnQueueSpec;
}

/**
 * The figures of several bursts of one size: over all their streamlets, and the mean of their
 * makespans.
 */
export function figuresOf(bursts: readonly (readonly number[])[]): BurstFigures {
  const all = sortedOf(bursts.flat());
  const makespans = bursts.map((burst) => Math.max(...burst));
  return {
    p50: rounded(quantile(all, 0.5)),
    p90: rounded(quantile(all, 0.9)),
    makespanMs: rounded(makespans.reduce((sum, one) => sum + one, 0) / makespans.length),
  };
}

/**
 * The burst as the simulator's model of starts predicts it: single spawns, drawn with replacement,
 * pass through its queue.
 */
export function predictBurst(model: SpawnModel, size: number): BurstFigures {
  return figuresOf(burstsOf(model, size));
}

/** Times to readiness in RUNS simulated bursts; the same ones on each call. */
export function burstsOf(model: SpawnModel, size: number): number[][] {
  const random = new RandomStream(`burst/${size}`);
  return Array.from({ length: RUNS }, () => oneBurst(model, size, random));
}

function oneBurst({ singlesMs, line: spec }: SpawnModel, size: number, random: RandomStream): number[] {
  const kernel = new Kernel();
  const readyMs: number[] = [];
  const queue = new SpawnQueue(spec, kernel, random, {
    openStreams: () => 0,
    onStarted: () => readyMs.push(kernel.nowMs()),
  });
  for (let id = 0; id < size; id++) queue.enter(id, singlesMs[random.integerBelow(singlesMs.length)], Phase.Ready);
  kernel.run(Number.POSITIVE_INFINITY);
  return readyMs;
}

/** A start while streams begin and end. */
export interface ChurnStart {
  readonly fromMs: number;
  readonly toMs: number;
  /** Streams open when it began. */
  readonly open: number;
}

/**
 * Durations of these starts as the model predicts them, from the number of streams open when each
 * began; ms.
 */
export function predictStarts(
  { singlesMs, line: spec }: SpawnModel,
  starts: readonly ChurnStart[],
  random: RandomStream,
): number[] {
  const kernel = new Kernel();
  const tookMs = starts.map(() => Number.NaN);
  let open = 0;
  const queue = new SpawnQueue(spec, kernel, random, {
    openStreams: () => open,
    onStarted: (id) => {
      tookMs[id] = kernel.nowMs() + starts[0].fromMs - starts[id].fromMs;
    },
  });
  const begin = (id: number): void => {
    ({ open } = starts[id]);
    queue.enter(id, singlesMs[random.integerBelow(singlesMs.length)], Phase.Ready);
  };
  starts.forEach(({ fromMs }, id) => void kernel.schedule(fromMs - starts[0].fromMs, Phase.Arrival, begin, id));
  kernel.run(Number.POSITIVE_INFINITY);
  return tookMs;
}
