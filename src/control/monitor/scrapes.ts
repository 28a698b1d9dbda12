import { objectList } from "../../base/object-list.js";
import type { HoldingView, PoolObservation } from "../../ports/policy.js";

/** Metrics of one pool at the instant of a scrape. */
export type PoolScrape = Pick<
  PoolObservation,
  "observedReady" | "open" | "openDraining" | "waiting" | "arrivals" | "openStreamMs" | "waitingRequestMs"
> & { readonly drainingStreamMs: number };

/**
 * The same, to be measured. Sums begin as NaN: from 0 on, V8 would make a new hidden class of them
 * at their first fraction, and compile anew what reads them.
 */
export class PoolMetrics implements PoolScrape {
  observedReady = 0;
  open = 0;
  openDraining = 0;
  waiting = 0;
  arrivals = Number.NaN;
  openStreamMs = Number.NaN;
  waitingRequestMs = Number.NaN;
  drainingStreamMs = Number.NaN;
}

/** Before the first scrape. */
export const NO_METRICS: PoolScrape = noMetrics();

/** Of the same hidden class as those that are measured. */
function noMetrics(): PoolMetrics {
  const none = new PoolMetrics();
  none.arrivals = 0;
  none.openStreamMs = 0;
  none.waitingRequestMs = 0;
  none.drainingStreamMs = 0;
  return none;
}

/** All pools at one instant. */
export interface Scrape {
  readonly atMs: number;
  readonly pools: readonly PoolScrape[];
  readonly holding: HoldingView;
}

/**
 * Scrapes that no policy has seen yet. With a lag, the scrape for tick t is taken at t − lag and
 * waits here. If the lag is longer than the tick, several wait.
 */
export class Scrapes {
  private readonly queue = objectList<Scrape>();
  private latest: Scrape | undefined;

  add(scrape: Scrape): void {
    this.queue.push(scrape);
  }

  /** The newest scrape that was taken at or before `atMs`; undefined before the first. */
  newestAt(atMs: number): Scrape | undefined {
    while (this.queue.length > 0 && this.queue[0].atMs <= atMs) this.latest = this.queue.shift();
    return this.latest;
  }
}
