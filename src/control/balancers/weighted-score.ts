import type { Balancer, Candidates, StreamletView } from "../../ports/balancer.js";
import type { StreamRequest } from "../../ports/fleet.js";

export interface ScoreWeights {
  /**
   * Weight of open / slots, of distance / 100 ms, and of 1 − 1/(formats that the class decodes).
   */
  readonly load: number;
  readonly distance: number;
  readonly format: number;
}

export const defaultScoreWeights: ScoreWeights = { load: 1, distance: 1, format: 0.1 };

/** 100 ms is about the round trip between continents: one full unit of score. */
const DISTANCE_UNIT_MS = 100;

/**
 * Picks the lowest weighted sum of load, distance and format fit over all reachable pools. Within a
 * pool distance and format fit are equal, so only the least loaded streamlet of each pool can be
 * the minimum.
 */
export class WeightedScore implements Balancer {
  constructor(private readonly weights: ScoreWeights) {}

  pick(_request: StreamRequest, candidates: Candidates): StreamletView | undefined {
    let best: StreamletView | undefined;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let i = 0; i < candidates.count; i++) {
      const pool = candidates.pool(i);
      const streamlet = pool.leastLoaded();
      if (streamlet === undefined) continue;
      const score =
        (this.weights.load * streamlet.open) / streamlet.slots +
        (this.weights.distance * candidates.distanceMs(i)) / DISTANCE_UNIT_MS +
        this.weights.format * (1 - 1 / pool.formatCount);
      if (score < bestScore) {
        best = streamlet;
        bestScore = score;
      }
    }
    return best;
  }
}
