import { assert } from "./assert.js";

/**
 * A finite, irreducible continuous-time Markov chain. A transition moves at most `bandwidth` states
 * up or down.
 */
export interface BandedChain {
  readonly states: number;
  readonly bandwidth: number;
  /**
   * Calls `add(to, rate)` for each transition out of `from`. Rates are > 0 per unit of time;
   * several to one state add up.
   */
  transitions(from: number, add: (to: number, rate: number) => void): void;
}

/**
 * The stationary distribution, by elimination without subtraction (Grassmann, Taksar, Heyman 1985),
 * so that even probabilities of 1e-200 are precise. O(states·bandwidth²) time and
 * states·(2·bandwidth + 1) numbers of memory. Float64Array[states], sums to 1.
 */
export function stationaryDistribution(chain: BandedChain): Float64Array {
  const { states, bandwidth } = chain;
  const width = 2 * bandwidth + 1;
  const rates = new Float64Array(states * width);
  const at = (from: number, to: number): number => from * width + to - from + bandwidth;
  for (let from = 0; from < states; from++) {
    chain.transitions(from, (to, rate) => {
      assert(
        to >= 0 && to < states && Math.abs(to - from) <= bandwidth,
        `a transition ${from} → ${to} leaves the band`,
      );
      rates[at(from, to)] += rate;
    });
  }
  for (let last = states - 1; last > 0; last--) {
    const low = Math.max(0, last - bandwidth);
    let outward = 0;
    for (let to = low; to < last; to++) outward += rates[at(last, to)];
    assert(outward > 0, `state ${last} cannot be left downwards: the chain is not irreducible in this order`);
    for (let from = low; from < last; from++) {
      const inward = rates[at(from, last)];
      if (inward === 0) continue;
      const share = inward / outward;
      rates[at(from, last)] = share;
      for (let to = low; to < last; to++) if (to !== from) rates[at(from, to)] += share * rates[at(last, to)];
    }
  }
  const probabilities = new Float64Array(states);
  probabilities[0] = 1;
  let sum = 1;
  for (let state = 1; state < states; state++) {
    for (let from = Math.max(0, state - bandwidth); from < state; from++) {
      probabilities[state] += probabilities[from] * rates[at(from, state)];
    }
    sum += probabilities[state];
  }
  for (let state = 0; state < states; state++) probabilities[state] /= sum;
  return probabilities;
}
