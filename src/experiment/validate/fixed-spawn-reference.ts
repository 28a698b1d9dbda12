import { mean, variance } from "../../base/statistics.js";
import type { ReferenceEstimate, RunLength } from "./row.js";

/**
 * The reference simulates this many times the simulator's arrivals, so that nearly all of a
 * difference's width is the simulator's.
 */
const EFFORT = 4;

/** M/M/k with a constant setup time; mean holding time 1 s. */
export interface FixedSpawnQueue extends RunLength {
  readonly servers: number;
  /** λ per second, which are erlangs here. */
  readonly load: number;
  readonly spawnS: number;
}

/**
 * A second implementation of M/M/k/setup with a constant setup time, used only for comparison. It
 * shares nothing with the engine but the model: no event queue (three exponential or constant
 * clocks race), no streamlets (two counts and the due times of the setups), another generator. It
 * is not in the tests, since `headrace validate` compares the simulator with it wherever it runs.
 * Setups are cancelled youngest first; a server is off as soon as it is idle (Williams, Wang,
 * Harchol-Balter 2022).
 */
export async function fixedSpawnReference(
  queue: FixedSpawnQueue,
  seed: number,
  effort: number,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<"responseS" | "spawning", ReferenceEstimate>>> {
  const responses: number[] = [];
  const spawnings: number[] = [];
  for (let replication = 0; replication < queue.replications; replication++) {
    signal?.throwIfAborted();
    const { requestSeconds, setupSeconds, windowS } = runOnce(
      queue,
      queue.windowS * EFFORT * effort,
      seed,
      replication,
    );
    responses.push(requestSeconds / windowS / queue.load);
    spawnings.push(setupSeconds / windowS);
    // Progress and Ctrl-C get their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { responseS: estimateOf(responses), spawning: estimateOf(spawnings) };
}

function estimateOf(values: readonly number[]): ReferenceEstimate {
  return { mean: mean(values), standardError: Math.sqrt(variance(values) / values.length), n: values.length };
}

interface Integrals {
  readonly requestSeconds: number;
  readonly setupSeconds: number;
  readonly windowS: number;
}

function runOnce(queue: FixedSpawnQueue, windowS: number, seed: number, replication: number): Integrals {
  const { servers, load, spawnS, warmupS } = queue;
  const random = xorshift128(seed, replication);
  // Due times of the setups under way, oldest first, in a ring.
  const due = new Float64Array(servers);
  let oldest = 0;
  let setups = 0;
  let on = 0;
  let requests = 0;
  let now = 0;
  let requestSeconds = 0;
  let setupSeconds = 0;
  const endS = warmupS + windowS;
  while (now < endS) {
    const memorylessAt = now - Math.log(random()) / (load + on);
    const readyFirst = setups > 0 && due[oldest] <= memorylessAt;
    const next = Math.min(readyFirst ? due[oldest] : memorylessAt, endS);
    const counted = next - Math.max(now, warmupS);
    if (counted > 0) {
      requestSeconds += requests * counted;
      setupSeconds += setups * counted;
    }
    now = next;
    if (now === endS) break;
    if (readyFirst) {
      oldest = (oldest + 1) % servers;
      setups--;
      on++;
    } else if (random() * (load + on) < load) {
      requests++;
    } else {
      if (requests === on) on--;
      requests--;
    }
    const wanted = Math.min(servers - on, requests - on);
    if (setups > wanted) setups = wanted;
    while (setups < wanted) due[(oldest + setups++) % servers] = now + spawnS;
  }
  return { requestSeconds, setupSeconds, windowS };
}

/**
 * Uniform in (0, 1): xorshift128 (Marsaglia 2003). Murmur3's finaliser spreads seed and replication
 * over its four words.
 */
function xorshift128(seed: number, replication: number): () => number {
  const state = new Int32Array(4);
  for (let i = 0; i < 4; i++) state[i] = scrambled(scrambled(seed | 0) ^ scrambled(replication * 4 + i + 1)) | 1;
  return () => {
    const t = state[0] ^ (state[0] << 11);
    state[0] = state[1];
    state[1] = state[2];
    state[2] = state[3];
    state[3] = state[3] ^ (state[3] >>> 19) ^ t ^ (t >>> 8);
    return ((state[3] >>> 0) + 0.5) / 4294967296;
  };
}

function scrambled(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
