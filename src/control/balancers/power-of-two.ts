import type { RandomStream } from "../../base/random.js";
import type { Balancer, Candidates, StreamletView } from "../../ports/balancer.js";
import type { StreamRequest } from "../../ports/fleet.js";

/**
 * Draws two streamlets with a free slot at random from the nearest tier and picks the less loaded
 * one. The longest queue falls from log n / log log n to log log n (Mitzenmacher 2001).
 */
export class PowerOfTwo implements Balancer {
  constructor(private readonly random: RandomStream) {}

  pick(_request: StreamRequest, candidates: Candidates): StreamletView | undefined {
    const tier = candidates.tier(0);
    let total = 0;
    for (let i = 0; i < candidates.count && candidates.tier(i) === tier; i++)
      total += candidates.pool(i).available.length;
    const first = nth(candidates, this.random.integerBelow(total));
    const second = nth(candidates, this.random.integerBelow(total));
    return second.open * first.slots < first.open * second.slots ? second : first;
  }
}

/** The n-th of all available streamlets, counted through the candidate pools. */
function nth(candidates: Candidates, n: number): StreamletView {
  let rest = n;
  for (let i = 0; ; i++) {
    const available = candidates.pool(i).available;
    if (rest < available.length) return available[rest];
    rest -= available.length;
  }
}
