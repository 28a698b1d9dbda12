import type { Balancer, Candidates, StreamletView } from "../../ports/balancer.js";
import type { StreamRequest } from "../../ports/fleet.js";

/**
 * Picks the fullest streamlet with a free slot, in the nearest tier. The emptiest streamlets then
 * become empty, and end, sooner.
 */
export class Packing implements Balancer {
  pick(_request: StreamRequest, candidates: Candidates): StreamletView | undefined {
    const tier = candidates.tier(0);
    let best = candidates.pool(0).mostLoaded();
    for (let i = 1; i < candidates.count && candidates.tier(i) === tier; i++) {
      const other = candidates.pool(i).mostLoaded();
      if (other !== undefined && (best === undefined || other.open * best.slots > best.open * other.slots))
        best = other;
    }
    return best;
  }
}
