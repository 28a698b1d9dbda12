import { availableParallelism } from "node:os";
import type { SpawnQueueSpec } from "../../model/spawn-queue.js";
import { knownFormats } from "../formats/format.js";
import type { Runtime } from "../machine/launch-command.js";
import { Bench } from "./bench.js";
import { type BurstFigures, type ChurnStart, figuresOf, predictBurst } from "./burst-model.js";
import { churn } from "./churn.js";
import type { Effort } from "./effort.js";
import { median, quantileTable, rounded, type Spread, sortedOf, spreadOf } from "./quantiles.js";
import { contentionOf, fitLine } from "./spawn-fit.js";
import { measureStreams, type StreamCost } from "./stream-cost.js";

/**
 * Sizes of the bursts. The model is fitted to pairs and to bursts of four waves; the other sizes
 * check it.
 */
const PAIR = 2;
const SIZES = [4, 8, 16];
const WAVES = Math.min(16, 4 * availableParallelism());
/**
 * Bursts of each size per round. Those that the model is fitted to are cheap, so there are more of
 * them.
 */
const REPEATS: Readonly<Record<number, number>> = { [PAIR]: 4, [WAVES]: 2 };
const FORMATS = knownFormats();
/** Starts of which only the fork is timed. */
const FORKS = 10;
/**
 * Pause between two starts. After a pause a start is slower (a C streamlet: 3.3 ms, back to back
 * 2.3 ms), and in use spawns seldom follow each other at once.
 */
const APART_MS = 30;

/** A burst that the model was not fitted to, with its prediction. */
interface HeldOutBurst {
  readonly size: number;
  readonly measured: BurstFigures;
  readonly predicted: BurstFigures;
  /** (predicted − measured) / measured. */
  readonly error: BurstFigures;
}

export interface ClassProfile {
  readonly spawn: SpawnQueueSpec & {
    readonly count: number;
    readonly quantilesMs: readonly (readonly [number, number])[];
    readonly contention: number;
    /** Correlation of successive spawns; high where slow and fast ones cluster. */
    readonly lag1: number;
  };
  readonly pair: BurstFigures;
  /** Bursts of four times as many streamlets as can start at once. */
  readonly waves: BurstFigures;
  readonly bursts: readonly HeldOutBurst[];
  /** From the hand-over of a socket to a warm streamlet until the client has its first byte. */
  readonly handOffMs: Spread;
  /** From SIGKILL until the end is reported. */
  readonly crashDetectionMs: Spread;
  /** From the stop of an empty streamlet until its process has ended. */
  readonly teardownMs: Spread;
  readonly idleRssBytes: number;
  readonly formats: Readonly<Record<string, StreamCost>>;
}

/**
 * Measures one class of streamlets. No process is left, whether it succeeds or fails. `onProgress`
 * gets the share that is done.
 */
export async function measureClass(
  runtime: Runtime,
  effort: Effort,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<ClassProfile> {
  const starts = await measureStarts(runtime, effort, signal, (share) => onProgress(share * 0.7));
  const bench = new Bench(runtime, FORMATS, signal);
  try {
    await bench.prepare();
    const crashDetectionMs: number[] = [];
    for (let i = 0; i < effort.crashes; i++) {
      const { ids } = await bench.launch(1);
      crashDetectionMs.push(await bench.crash(ids[0]));
    }
    onProgress(0.8);
    const handOffMs = await measureHandOff(runtime, effort, signal);
    onProgress(0.85);
    const formats: Record<string, StreamCost> = {};
    for (const format of FORMATS) formats[format] = await measureStreams(bench, format, effort);
    onProgress(1);
    const { ids } = await bench.launch(1);
    const [idle] = await bench.freshBeats(ids);
    return {
      ...starts,
      handOffMs: spreadOf(handOffMs),
      crashDetectionMs: spreadOf(crashDetectionMs),
      idleRssBytes: idle.rssBytes,
      formats,
    };
  } finally {
    await bench.close();
  }
}

/** Times as the control plane sees them, through a manager in a process of its own. */
async function measureStarts(
  runtime: Runtime,
  effort: Effort,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Pick<ClassProfile, "spawn" | "pair" | "waves" | "bursts" | "teardownMs">> {
  const serialMs = await measureForks(runtime, signal);
  const bench = await Bench.managed(runtime, FORMATS, signal);
  try {
    const { singles, teardown, bursts, churned } = await measureRounds(bench, runtime, effort, onProgress);
    const singlesMs = sortedOf(singles);
    const [pairs, waves] = [PAIR, WAVES].map((size) => bursts.get(size) ?? []);
    const given = { startsAtOnce: availableParallelism(), serialMs };
    const line = fitLine({ singlesMs, pairs, waves, churned }, given);
    const contention = contentionOf(line, median(singlesMs));
    return {
      spawn: { count: singles.length, quantilesMs: quantileTable(singles), contention, ...line, lag1: lag1(singles) },
      pair: figuresOf(pairs),
      waves: figuresOf(waves),
      bursts: SIZES.filter((size) => size !== WAVES).map((size) =>
        compare(size, figuresOf(bursts.get(size) ?? []), predictBurst({ singlesMs, line }, size)),
      ),
      teardownMs: spreadOf(teardown),
    };
  } finally {
    await bench.close();
  }
}

/** Time that a start blocks the process that forks, in ms. */
async function measureForks(runtime: Runtime, signal: AbortSignal): Promise<number> {
  const bench = new Bench(runtime, FORMATS, signal);
  const calls: number[] = [];
  try {
    await bench.prepare();
    for (let i = 0; i < FORKS; i++) {
      const { ids, callMs } = await bench.launch(1);
      calls.push(callMs);
      await bench.stop(ids[0]);
    }
  } finally {
    await bench.close();
  }
  return rounded(median(calls));
}

/**
 * Measures single starts, bursts and starts among streams in turn, so that other work on the
 * machine disturbs all of them alike.
 */
async function measureRounds(
  bench: Bench,
  runtime: Runtime,
  effort: Effort,
  onProgress: (share: number) => void,
): Promise<{ singles: number[]; teardown: number[]; bursts: Map<number, number[][]>; churned: ChurnStart[] }> {
  const singles: number[] = [];
  const teardown: number[] = [];
  const churned: ChurnStart[] = [];
  const bursts = new Map<number, number[][]>([PAIR, WAVES, ...SIZES].map((size) => [size, []]));
  // The first start reads the program from disk.
  await bench.stop((await bench.launch(1)).ids[0]);
  for (let round = 0; round < effort.rounds; round++) {
    for (let i = 0; i < effort.singlesPerRound; i++) {
      await bench.pause(APART_MS);
      const { ids, readyMs } = await bench.launch(1);
      singles.push(readyMs[0]);
      teardown.push(await bench.stop(ids[0]));
    }
    for (const [size, list] of bursts) {
      for (let i = 0; i < (REPEATS[size] ?? 1); i++) {
        await bench.pause(APART_MS);
        const { ids, readyMs } = await bench.launch(size);
        list.push(readyMs);
        await Promise.all(ids.map((id) => bench.stop(id)));
      }
    }
    churned.push(...(await churn(bench, effort.churnMs / effort.rounds, `${runtime}/${round}`)));
    onProgress((round + 1) / effort.rounds);
  }
  return { singles, teardown, bursts, churned };
}

function compare(size: number, measured: BurstFigures, predicted: BurstFigures): HeldOutBurst {
  const error = (key: keyof BurstFigures): number => rounded((predicted[key] - measured[key]) / measured[key]);
  return {
    size,
    measured,
    predicted,
    error: { p50: error("p50"), p90: error("p90"), makespanMs: error("makespanMs") },
  };
}

/**
 * Hands over sockets as a gateway does: the first goes through the manager, which sets up a direct
 * connection for the others.
 */
async function measureHandOff(runtime: Runtime, effort: Effort, signal: AbortSignal): Promise<number[]> {
  const bench = await Bench.managed(runtime, FORMATS, signal);
  try {
    const { ids } = await bench.launch(1);
    const times: number[] = [];
    for (let stream = 0; stream <= effort.handOffs; stream++) {
      const { client, handedMs } = await bench.stream(ids[0], bench.order("mpegts"));
      client.destroy();
      if (stream > 0) times.push(handedMs);
    }
    await bench.stop(ids[0]);
    return times;
  } finally {
    await bench.close();
  }
}

/** Correlation of each value with the one before it; 0 if all are equal. */
function lag1(values: readonly number[]): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  let together = 0;
  let alone = 0;
  values.forEach((value, i) => {
    alone += (value - mean) * (value - mean);
    if (i > 0) together += (value - mean) * (values[i - 1] - mean);
  });
  return alone === 0 ? 0 : rounded(together / alone);
}
