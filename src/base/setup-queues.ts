import { assert, fail } from "./assert.js";
import { stationaryDistribution } from "./markov-chain.js";

/**
 * A server farm whose servers are off when idle and need a setup time. µ = 1 if `holding` is the
 * unit of time.
 */
export interface SetupQueue {
  readonly servers: number;
  /** λ·E[S] in erlangs, below `servers`. */
  readonly load: number;
  readonly holdingMs: number;
  /** Mean of the exponential setup time. */
  readonly setupMs: number;
}

export interface SetupQueueMeans {
  /** Arrival to end. */
  readonly responseMs: number;
  readonly on: number;
  readonly inSetup: number;
  readonly waiting: number;
}

/** The chain is cut where fewer than this share of the time is spent on the last level. */
const NEGLIGIBLE = 1e-13;
const MOST_LEVELS = 65_536;

/**
 * Mean response of M/M/1 with a general setup time D, off when idle: 1/(µ−λ) + (2E[D] +
 * λE[D²])/(2(1 + λE[D])) (Welch 1964). With exponential D this is 1/(µ−λ) + E[D]. In ms; `setupCv`
 * is the coefficient of variation of D.
 */
export function singleServerSetupResponseMs(
  utilisation: number,
  holdingMs: number,
  setupMs: number,
  setupCv: number,
): number {
  assert(utilisation >= 0 && utilisation < 1, `utilisation ${utilisation} is not in [0, 1)`);
  const arrivalsPerMs = utilisation / holdingMs;
  const secondMoment = setupMs * setupMs * (1 + setupCv * setupCv);
  const delayMs = (2 * setupMs + arrivalsPerMs * secondMoment) / (2 * (1 + arrivalsPerMs * setupMs));
  return holdingMs / (1 - utilisation) + delayMs;
}

/**
 * M/M/k/setup: every waiting request has a server in setup while one is left, surplus setups are
 * cancelled, and a server is off as soon as it is idle (Gandhi, Doroudi, Harchol-Balter,
 * Scheller-Wolf 2013). The chain (servers on, requests) is solved numerically.
 */
export function setupQueueMeans(queue: SetupQueue): SetupQueueMeans {
  return solve(queue, queue.servers);
}

/** The same with at most one server in setup at a time (Gandhi, Harchol-Balter, Adan 2010). */
export function staggeredSetupQueueMeans(queue: SetupQueue): SetupQueueMeans {
  return solve(queue, 1);
}

/**
 * M/M/∞/setup: π(i on, s in setup) ∝ a^i/i! · ∏_{l ≤ s} λ/(λ + lα) (Gandhi, Harchol-Balter, Adan
 * 2010). `servers` is not used.
 */
export function unlimitedSetupQueueMeans(queue: Omit<SetupQueue, "servers">): SetupQueueMeans {
  const arrivals = queue.load / queue.holdingMs;
  let weight = 1;
  let sum = 1;
  let first = 0;
  for (let s = 1; weight > 1e-18 * sum; s++) {
    weight *= arrivals / (arrivals + s / queue.setupMs);
    sum += weight;
    first += s * weight;
  }
  const inSetup = first / sum;
  const responseMs = queue.load === 0 ? queue.holdingMs + queue.setupMs : queue.holdingMs + inSetup / arrivals;
  return { responseMs, on: queue.load, inSetup, waiting: inSetup };
}

function solve(queue: SetupQueue, setupsAtOnce: number): SetupQueueMeans {
  const { servers, load } = queue;
  assert(Number.isInteger(servers) && servers > 0, `${servers} is no number of servers`);
  assert(load > 0 && load < servers, `${load} erlangs on ${servers} servers have no stationary state`);
  for (let levels = 8 * servers + 64; levels <= MOST_LEVELS; levels *= 2) {
    const means = solveUpTo(queue, setupsAtOnce, levels);
    if (means !== undefined) return means;
  }
  return fail(`the setup queue at ${load} erlangs on ${servers} servers needs more than ${MOST_LEVELS} levels`);
}

/**
 * Undefined if the chain must be cut at a higher level. State (i on, j requests), i ≤ min(j, k), is
 * number j·(k+1) + i, padded to a full grid.
 */
function solveUpTo(queue: SetupQueue, setupsAtOnce: number, levels: number): SetupQueueMeans | undefined {
  const { servers, load } = queue;
  const width = servers + 1;
  const setupRate = queue.holdingMs / queue.setupMs;
  const inSetup = (on: number, requests: number): number => Math.min(servers - on, requests - on, setupsAtOnce);
  const probabilities = stationaryDistribution({
    states: levels * width,
    bandwidth: width + 1,
    transitions(from, add) {
      const requests = Math.floor(from / width);
      const on = from % width;
      // Padding states (more servers on than requests) are never entered; one exit keeps the
      // chain finite.
      if (on > requests) {
        add(from - 1, 1);
        return;
      }
      if (requests < levels - 1) add(from + width, load);
      const starting = inSetup(on, requests);
      if (starting > 0) add(from + 1, starting * setupRate);
      if (on > 0) add(from - width - (requests > on ? 0 : 1), on);
    },
  });
  let top = 0;
  for (let on = 0; on < width; on++) top += probabilities[(levels - 1) * width + on];
  if (top > NEGLIGIBLE) return undefined;
  let meanOn = 0;
  let meanSetup = 0;
  let meanRequests = 0;
  probabilities.forEach((probability, state) => {
    const requests = Math.floor(state / width);
    const on = state % width;
    if (on > requests) return;
    meanOn += probability * on;
    meanRequests += probability * requests;
    meanSetup += probability * inSetup(on, requests);
  });
  return {
    responseMs: (meanRequests / load) * queue.holdingMs,
    on: meanOn,
    inSetup: meanSetup,
    waiting: meanRequests - meanOn,
  };
}
