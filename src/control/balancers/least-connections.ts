import type { Balancer, Candidates, StreamletView } from "../../ports/balancer.js";
import type { StreamRequest } from "../../ports/fleet.js";

/** The streamlet with the fewest open streams per slot, in the nearest tier that has room. */
export class LeastConnections implements Balancer {
  pick(_request: StreamRequest, candidates: Candidates): StreamletView | undefined {
    const tier = candidates.tier(0);
    let best = candidates.pool(0).leastLoaded();
    for (let i = 1; i < candidates.count && candidates.tier(i) === tier; i++) {
      const other = candidates.pool(i).leastLoaded();
      if (other !== undefined && (best === undefined || other.open * best.slots < best.open * other.slots))
        best = other;
    }
    return best;
  }
}
