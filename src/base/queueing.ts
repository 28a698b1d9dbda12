import { assert, fail } from "./assert.js";
import { normalCdf, normalDensity } from "./normal.js";

/** Bound of every staffing answer: a load that needs more is a typing error. */
const MOST_SERVERS = 100_000_000;

/**
 * Erlang B: the share of arrivals that an M/G/n/n loss system rejects, for any law of the holding
 * time (Erlang 1917; insensitivity: Sevastyanov 1957). `servers` ≥ 0, `load` = λ·E[S] ≥ 0 in
 * erlangs. Computed by the recursion over i = 1 … n, which never overflows.
 */
export function erlangB(servers: number, load: number): number {
  checkServers(servers);
  checkLoad(load);
  let blocking = 1;
  for (let i = 1; i <= servers; i++) blocking = (load * blocking) / (i + load * blocking);
  return blocking;
}

/**
 * Erlang C: the share of arrivals that wait in an M/M/k queue without impatience (Erlang 1917). 1
 * if load ≥ servers.
 */
export function erlangC(servers: number, load: number): number {
  return erlangCFromB(erlangB(servers, load), servers, load);
}

function erlangCFromB(blocking: number, servers: number, load: number): number {
  if (load >= servers) return load === 0 ? 0 : 1;
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/**
 * Mean wait of all arrivals in M/M/k, in ms: C/(kµ − λ) (Erlang 1917). Infinity if load ≥ servers >
 * 0.
 */
export function erlangCMeanWaitMs(servers: number, load: number, holdingMs: number): number {
  const waiting = erlangC(servers, load);
  if (load >= servers) return load === 0 ? 0 : Number.POSITIVE_INFINITY;
  return (waiting * holdingMs) / (servers - load);
}

/**
 * P(wait > boundMs) over all arrivals in M/M/k, first come first served: C·e^(−(kµ−λ)t) (Erlang
 * 1917). 1 if load ≥ servers > 0.
 */
export function erlangCWaitTail(servers: number, load: number, holdingMs: number, boundMs: number): number {
  const waiting = erlangC(servers, load);
  if (load >= servers) return waiting;
  return waiting * Math.exp((-(servers - load) * boundMs) / holdingMs);
}

/**
 * The fewest servers at which Erlang B rejects at most this share, 0 < target ≤ 1 (Erlang 1917).
 */
export function erlangBServers(load: number, target: number): number {
  checkLoad(load);
  checkTarget(target);
  let blocking = 1;
  let servers = 0;
  while (blocking > target) {
    servers = next(servers);
    blocking = (load * blocking) / (servers + load * blocking);
  }
  return servers;
}

/**
 * The fewest servers at which at most this share of arrivals waits, 0 < target ≤ 1 (Erlang 1917).
 * More than the load, unless target is 1.
 */
export function erlangCServers(load: number, target: number): number {
  return erlangCServersWithin(load, 1, 0, target);
}

/**
 * The fewest servers at which P(wait > boundMs) ≤ target in M/M/k (Erlang 1917): 0 < target ≤ 1,
 * boundMs ≥ 0. One pass of the Erlang B recursion: O(answer).
 */
export function erlangCServersWithin(load: number, holdingMs: number, boundMs: number, target: number): number {
  checkLoad(load);
  checkTarget(target);
  let blocking = 1;
  let servers = 0;
  for (;;) {
    const waiting = erlangCFromB(blocking, servers, load);
    const tail = servers > load ? waiting * Math.exp((-(servers - load) * boundMs) / holdingMs) : waiting;
    if (tail <= target) return servers;
    servers = next(servers);
    blocking = (load * blocking) / (servers + load * blocking);
  }
}

export interface ErlangA {
  /** Share of arrivals that find no free server. */
  readonly waitProbability: number;
  /** Share of arrivals that lose patience before they are served. */
  readonly abandonProbability: number;
  /** Mean time in the waiting room of all arrivals, served or not, in ms. */
  readonly meanWaitMs: number;
}

/**
 * Erlang A, M/M/k+M with exponential patience (Palm 1957; Garnett, Mandelbaum, Reiman 2002), exact.
 * w(j) is the weight of j waiting requests relative to that of all servers busy and none waiting:
 * w(j) = w(j−1)·λ/(kµ + jθ). The states with a free server together weigh 1/B − 1.
 */
export function erlangA(servers: number, load: number, holdingMs: number, patienceMs: number): ErlangA {
  assert(holdingMs > 0 && patienceMs > 0, `Erlang A needs positive times, not ${holdingMs} ms and ${patienceMs} ms`);
  const blocking = erlangB(servers, load);
  const impatience = holdingMs / patienceMs;
  let free = 1 / blocking - 1;
  let weight = 1;
  let sum = 1;
  let waiting = 0;
  for (let j = 1; weight > 1e-18 * sum || load > servers + j * impatience; j++) {
    weight *= load / (servers + j * impatience);
    sum += weight;
    waiting += j * weight;
    if (j > MOST_SERVERS) fail(`Erlang A did not converge at ${load} erlangs on ${servers} servers`);
    if (sum < 1e200) continue;
    // Only ratios count: scaled down before it overflows.
    weight *= 1e-200;
    sum *= 1e-200;
    waiting *= 1e-200;
    free *= 1e-200;
  }
  const total = free + sum;
  const abandonProbability = load === 0 ? 0 : (impatience * waiting) / total / load;
  return { waitProbability: sum / total, abandonProbability, meanWaitMs: abandonProbability * patienceMs };
}

/**
 * Mean wait in M/G/1, in ms: λE[S²]/(2(1−ρ)) = ρ·E[S]·(1 + cv²)/(2(1−ρ)) (Pollaczek 1930; Khinchine
 * 1932). `utilisation` = ρ; `cv` is the coefficient of variation of the holding time. Infinity if ρ
 * ≥ 1.
 */
export function pollaczekKhinchineWaitMs(utilisation: number, holdingMs: number, cv: number): number {
  if (utilisation >= 1) return Number.POSITIVE_INFINITY;
  return (utilisation * holdingMs * (1 + cv * cv)) / (2 * (1 - utilisation));
}

/**
 * The limit of P(wait) in M/M/k as the load R grows and k = R + β√R: 1/(1 + βΦ(β)/φ(β)) for β > 0
 * (Halfin, Whitt 1981). 1 at β ≤ 0.
 */
export function halfinWhittWaitProbability(beta: number): number {
  if (beta <= 0) return 1;
  return 1 / (1 + (beta * normalCdf(beta)) / normalDensity(beta));
}

/**
 * Square-root staffing: ⌈R + β√R⌉ servers for a load of R erlangs (Erlang 1924; Halfin, Whitt
 * 1981). At least 0.
 */
export function squareRootServers(load: number, beta: number): number {
  checkLoad(load);
  // 1e-9: 400 + 1·√400 is 420, not 421, whatever the last bit of the root is.
  return Math.max(0, Math.ceil(load + beta * Math.sqrt(load) - 1e-9));
}

/** How a sinusoidal arrival rate shows in the mean number of open streams of M_t/G/∞. */
export interface SinusoidResponse {
  /** By how much the open streams lag behind the arrivals. */
  readonly lagMs: number;
  /** Relative amplitude of the open streams per relative amplitude of the rate, in [0, 1]. */
  readonly gain: number;
}

/**
 * Exponential holding, γ = 2π/period: lag atan(γ/µ)/γ, gain 1/√(1 + (γ/µ)²) (Eick, Massey, Whitt
 * 1993).
 */
export function sinusoidResponseExponential(periodMs: number, holdingMs: number): SinusoidResponse {
  const gamma = (2 * Math.PI) / periodMs;
  const ratio = gamma * holdingMs;
  return { lagMs: Math.atan(ratio) / gamma, gain: 1 / Math.sqrt(1 + ratio * ratio) };
}

/** Constant holding D < period: lag D/2, gain sin(γD/2)/(γD/2) (Eick, Massey, Whitt 1993). */
export function sinusoidResponseConstant(periodMs: number, holdingMs: number): SinusoidResponse {
  const half = (Math.PI / periodMs) * holdingMs;
  return { lagMs: holdingMs / 2, gain: half === 0 ? 1 : Math.sin(half) / half };
}

function next(servers: number): number {
  if (servers >= MOST_SERVERS) fail(`more than ${MOST_SERVERS} servers would be needed`);
  return servers + 1;
}

function checkServers(servers: number): void {
  assert(
    Number.isInteger(servers) && servers >= 0 && servers <= MOST_SERVERS,
    `${servers} is no number of servers (0 … ${MOST_SERVERS})`,
  );
}

function checkLoad(load: number): void {
  assert(load >= 0 && Number.isFinite(load), `${load} is no offered load in erlangs`);
}

function checkTarget(target: number): void {
  assert(target > 0 && target <= 1, `${target} is no share to aim at (0 < target ≤ 1)`);
}
