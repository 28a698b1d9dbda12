import type { Balancer, Candidates, StreamletView } from "../../ports/balancer.js";
import type { StreamRequest } from "../../ports/fleet.js";

/**
 * Smooth weighted round robin between the pools of the nearest tier, as in nginx (Sysoev 2012). A
 * pool's weight is its available streamlets × the weight of one (its slots by default). Within a
 * pool all weights are equal, so a cursor visits them in turn.
 */
export class WeightedRoundRobin implements Balancer {
  private readonly current: number[] = [];
  private readonly cursor: number[] = [];

  pick(_request: StreamRequest, candidates: Candidates): StreamletView | undefined {
    const tier = candidates.tier(0);
    let total = 0;
    let best = 0;
    for (let i = 0; i < candidates.count && candidates.tier(i) === tier; i++) {
      const pool = candidates.pool(i);
      const weight = pool.weight * pool.available.length;
      total += weight;
      this.current[pool.index] = (this.current[pool.index] ?? 0) + weight;
      if (this.current[pool.index] > this.current[candidates.pool(best).index]) best = i;
    }
    const chosen = candidates.pool(best);
    this.current[chosen.index] -= total;
    const at = (this.cursor[chosen.index] ?? 0) % chosen.available.length;
    this.cursor[chosen.index] = at + 1;
    return chosen.available[at];
  }
}
