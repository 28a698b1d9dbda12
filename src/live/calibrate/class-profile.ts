import type { Socket } from "node:net";
import { availableParallelism } from "node:os";
import { encodeFrame } from "../formats/frames.js";
import type { Runtime } from "../launch-command.js";
import { MpegTsWriter } from "../mpegts/writer.js";
import { Bench } from "./bench.js";
import { type BurstFigures, contentionOf, figuresOf, fitCrowding, fitSharing, predictBurst } from "./burst-model.js";
import { churn, perStreamOf } from "./churn.js";
import { median, quantileTable, rounded, type Spread, sortedOf, spreadOf } from "./quantiles.js";

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly singlesPerRound: number;
  readonly crashes: number;
  readonly handOffs: number;
  /** For how long starts are measured among streams that come and go. */
  readonly churnMs: number;
  /** Streams at once, and for how long, where CPU and memory per stream are measured. */
  readonly streams: number;
  readonly streamMs: number;
}

export const fullEffort: Effort = {
  rounds: 10,
  singlesPerRound: 12,
  crashes: 30,
  handOffs: 200,
  churnMs: 24_000,
  streams: 20,
  streamMs: 3000,
};
export const quickEffort: Effort = {
  rounds: 3,
  singlesPerRound: 8,
  crashes: 6,
  handOffs: 30,
  churnMs: 8000,
  streams: 8,
  streamMs: 1000,
};

/** Sizes of the bursts; the pairs fit the contention, the rest only check it. */
const PAIR = 2;
const HELD_OUT = [4, 8, 16];
const FORMATS = ["mpegts", "frames"];
/** Starts whose fork alone is looked at. */
const FORKS = 10;
/** A machine that had nothing to do for a moment is slower than one that is warm (a C streamlet: 3.3 ms, back to back 2.3), and spawns seldom come back to back. */
const APART_MS = 30;
const STREAM_BITS_PER_SECOND = 3_000_000;
const CHUNK_MS = 50;

/** A burst that the model had not seen, beside what it said. */
interface HeldOutBurst {
  readonly size: number;
  readonly measured: BurstFigures;
  readonly predicted: BurstFigures;
  /** (predicted − measured) / measured. */
  readonly error: BurstFigures;
}

export interface ClassProfile {
  readonly spawn: {
    readonly count: number;
    readonly quantilesMs: readonly (readonly [number, number])[];
    readonly contention: number;
    readonly startsAtOnce: number;
    readonly serialMs: number;
    readonly sharing: number;
    readonly perStream: number;
    readonly crowding: number;
    /** Correlation of successive spawns: they come in good and bad spells. */
    readonly lag1: number;
  };
  readonly pair: BurstFigures;
  readonly bursts: readonly HeldOutBurst[];
  /** From the hand-over of a socket to a warm streamlet to its first byte at the client. */
  readonly handOffMs: Spread;
  /** From kill -9 to the notice. */
  readonly crashDetectionMs: Spread;
  /** From asking an empty streamlet to end to its end. */
  readonly teardownMs: Spread;
  readonly idleRssBytes: number;
  readonly formats: Readonly<Record<string, StreamCost>>;
}

interface StreamCost {
  readonly bitsPerSecond: number;
  /** Cores and bytes of one stream more. */
  readonly cpu: number;
  readonly memoryBytes: number;
}

/** Measures one class of streamlets; leaves no process behind, whatever happens. `onProgress` hears of shares of the whole. */
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

/** As the control plane sees them: through a manager in a process of its own. */
async function measureStarts(
  runtime: Runtime,
  effort: Effort,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Pick<ClassProfile, "spawn" | "pair" | "bursts" | "teardownMs">> {
  const serialMs = await measureForks(runtime, signal);
  const bench = await Bench.managed(runtime, FORMATS, signal);
  try {
    const { singles, teardown, bursts } = await measureBursts(bench, effort, (share) => onProgress(share * 0.7));
    const churned = await churn(bench, effort.churnMs, runtime);
    const perStream = perStreamOf(churned, median(singles));
    onProgress(1);
    const singlesMs = sortedOf(singles);
    const pairs = bursts.get(PAIR) ?? [];
    const unshared = { startsAtOnce: availableParallelism(), serialMs, sharing: 0, perStream, crowding: 0 };
    const uncrowded = { ...unshared, sharing: fitSharing(singlesMs, unshared, pairs) };
    const line = { ...uncrowded, crowding: fitCrowding({ singlesMs, line: uncrowded }, churned) };
    const contention = contentionOf(line.sharing);
    return {
      spawn: { count: singles.length, quantilesMs: quantileTable(singles), contention, ...line, lag1: lag1(singles) },
      pair: figuresOf(pairs),
      bursts: HELD_OUT.map((size) =>
        compare(size, figuresOf(bursts.get(size) ?? []), predictBurst({ singlesMs, line }, size)),
      ),
      teardownMs: spreadOf(teardown),
    };
  } finally {
    await bench.close();
  }
}

/** How long a start blocks whoever forks, in ms. */
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

/** Singles and bursts in turn, so that a spell of other work on the machine falls on all of them. */
async function measureBursts(
  bench: Bench,
  effort: Effort,
  onProgress: (share: number) => void,
): Promise<{ singles: number[]; teardown: number[]; bursts: Map<number, number[][]> }> {
  const singles: number[] = [];
  const teardown: number[] = [];
  const bursts = new Map<number, number[][]>([PAIR, ...HELD_OUT].map((size) => [size, []]));
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
      // Pairs fit the model and are cheap.
      for (let i = 0; i < (size === PAIR ? 4 : 1); i++) {
        await bench.pause(APART_MS);
        const { ids, readyMs } = await bench.launch(size);
        list.push(readyMs);
        await Promise.all(ids.map((id) => bench.stop(id)));
      }
    }
    onProgress((round + 1) / effort.rounds);
  }
  return { singles, teardown, bursts };
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

/** As a gateway does it: the first goes by the manager and makes the direct line, the others go by that. */
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

/** Streams at once on one streamlet, against the same streamlet idle. Echo-free: bytes are decoded, checked and dropped. */
async function measureStreams(bench: Bench, format: string, effort: Effort): Promise<StreamCost> {
  const { ids } = await bench.launch(1);
  const [idle] = await bench.freshBeats(ids);
  const clients: { readonly client: Socket; readonly next: () => Uint8Array }[] = [];
  for (let stream = 1; stream <= effort.streams; stream++) {
    const { client } = await bench.stream(ids[0], bench.order(format));
    clients.push({ client, next: chunks(format) });
  }
  const timer = setInterval(() => {
    for (const { client, next } of clients) client.write(next());
  }, CHUNK_MS);
  try {
    await bench.pause(CHUNK_MS * 4);
    const [from] = await bench.freshBeats(ids);
    const fromMs = performance.now();
    await bench.pause(effort.streamMs);
    const [to] = await bench.freshBeats(ids);
    const elapsedMs = performance.now() - fromMs;
    const bytes = to.bytesIn - from.bytesIn;
    return {
      bitsPerSecond: Math.round((8000 * bytes) / elapsedMs / effort.streams),
      cpu: Number(((to.cpuMs - from.cpuMs) / elapsedMs / effort.streams).toPrecision(3)),
      memoryBytes: Math.max(0, Math.round((to.rssBytes - idle.rssBytes) / effort.streams)),
    };
  } finally {
    clearInterval(timer);
    for (const { client } of clients) client.destroy();
    await bench.stop(ids[0]);
  }
}

/** What a sender sends every `CHUNK_MS`. */
function chunks(format: string): () => Uint8Array {
  const bytes = (STREAM_BITS_PER_SECOND * CHUNK_MS) / 8000;
  if (format === "mpegts") {
    const writer = new MpegTsWriter(STREAM_BITS_PER_SECOND);
    return () => Uint8Array.from(writer.take(Math.round(bytes / 188)));
  }
  const payload = new Uint8Array(bytes);
  let sequence = 0;
  return () => encodeFrame(payload, sequence++);
}

/** Correlation of each value with the one before it; 0 where nothing varies. */
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
