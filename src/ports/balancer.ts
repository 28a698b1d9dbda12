import type { RandomStream } from "../base/random.js";
import type { StreamRequest } from "./fleet.js";

/** What a balancer sees of a streamlet that is ready and has a free slot. */
export interface StreamletView {
  readonly id: number;
  readonly open: number;
  readonly slots: number;
}

/**
 * The ready streamlets of one region and class, indexed by load. `available` are those with a free
 * slot, in no particular order. Each query is O(1) in their number.
 */
export interface StreamletPoolView {
  readonly index: number;
  readonly region: number;
  /** How many formats its class decodes: fewer means a closer fit. */
  readonly formatCount: number;
  readonly slots: number;
  readonly weight: number;
  readonly available: readonly StreamletView[];
  /** The emptiest streamlet with a free slot. */
  leastLoaded(): StreamletView | undefined;
  /** The fullest streamlet that still has a free slot. */
  mostLoaded(): StreamletView | undefined;
}

/**
 * The pools that may serve a request and have a free slot, by tier. The spill-over rule prefers
 * lower tiers.
 */
export interface Candidates {
  readonly count: number;
  pool(i: number): StreamletPoolView;
  /**
   * 0 = the request's own region. A balancer that avoids spill-over looks at the lowest tier
   * present.
   */
  tier(i: number): number;
  /** Network distance of candidate i from the request's region, in ms; 0 at home. */
  distanceMs(i: number): number;
}

/** Picks the streamlet of a request. Called only if at least one candidate has a free slot. */
export interface Balancer {
  pick(request: StreamRequest, candidates: Candidates, nowMs: number): StreamletView | undefined;
}

/** A module named in a scenario (`balancer: ./my-balancer.ts`) exports `createBalancer`. */
export type CreateBalancer = (knobs: Readonly<Record<string, unknown>>, random: RandomStream) => Balancer;
