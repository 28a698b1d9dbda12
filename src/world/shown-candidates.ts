import type { Candidates, StreamletPoolView, StreamletView } from "../ports/balancer.js";
import type { StreamRequest } from "../ports/fleet.js";

/**
 * Read-only candidates for a user's balancer. A write into the control plane's streamlets and
 * pools would break its counts, and a simulated request contains its future.
 */
export class ShownCandidates {
  private readonly streamlets = new WeakMap<StreamletView, StreamletView>();
  private readonly originals = new WeakMap<StreamletView, StreamletView>();
  private readonly pools = new WeakMap<StreamletPoolView, StreamletPoolView>();

  /** Valid during one pick. */
  of(candidates: Candidates): Candidates {
    return Object.freeze({
      count: candidates.count,
      pool: (i: number) => this.poolOf(candidates.pool(i)),
      tier: (i: number) => candidates.tier(i),
      distanceMs: (i: number) => candidates.distanceMs(i),
    });
  }

  /** The streamlet that the balancer picked; undefined if it was not among the candidates. */
  originalOf(picked: StreamletView): StreamletView | undefined {
    return typeof picked === "object" && picked !== null ? this.originals.get(picked) : undefined;
  }

  private poolOf(pool: StreamletPoolView): StreamletPoolView {
    const known = this.pools.get(pool);
    if (known !== undefined) return known;
    const { index, region, formatCount, slots, weight } = pool;
    const shown = (one: StreamletView): StreamletView => this.streamletOf(one);
    const shownOrNone = (one: StreamletView | undefined) => (one === undefined ? undefined : shown(one));
    const made: StreamletPoolView = Object.freeze({
      ...{ index, region, formatCount, slots, weight },
      get available() {
        return pool.available.map(shown);
      },
      leastLoaded: () => shownOrNone(pool.leastLoaded()),
      mostLoaded: () => shownOrNone(pool.mostLoaded()),
    });
    this.pools.set(pool, made);
    return made;
  }

  private streamletOf(streamlet: StreamletView): StreamletView {
    const known = this.streamlets.get(streamlet);
    if (known !== undefined) return known;
    const made: StreamletView = Object.freeze({
      id: streamlet.id,
      slots: streamlet.slots,
      get open() {
        return streamlet.open;
      },
    });
    this.streamlets.set(streamlet, made);
    this.originals.set(made, streamlet);
    return made;
  }
}

/** The request as the port describes it. */
export function shownRequest(request: StreamRequest): StreamRequest {
  const { id, series, region, format, arrivedAtMs, attempt, patienceMs, source, startedAtMs, pool } = request;
  return Object.freeze({ id, series, region, format, arrivedAtMs, attempt, patienceMs, source, startedAtMs, pool });
}
