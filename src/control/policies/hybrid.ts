import { joined } from "../../base/joined.js";
import type { FleetObservation, Policy, PoolDecision, PoolObservation, ScaleDecision } from "../../ports/policy.js";
import { NO_METRICS, type PoolScrape } from "../monitor/scrapes.js";

/** The reactive policy inside, with its own tick and scrape lag. */
export interface ReactivePart {
  readonly policy: Policy;
  readonly tickMs: number;
  readonly scrapeLagMs: number;
}

/**
 * "floor: …" if the predictive floor is higher, else "reactive: …", followed by that part's own
 * reason.
 */
type HybridReason = `${"floor" | "reactive"}: ${string}`;

/** Metrics of an older scrape, which the reactive part sees. */
type Metrics = Omit<PoolScrape, "drainingStreamMs"> & Pick<PoolObservation, "observedAtMs" | "drainingStreamMs">;

const NOTHING_SEEN: Metrics = { observedAtMs: Number.NEGATIVE_INFINITY, ...NO_METRICS };

/**
 * A predictive floor with any reactive policy on top: the larger count is desired. The reactive
 * part keeps its own tick and scrape lag. Its minimum is the floor, as for an autoscaler whose
 * minReplicas is raised ahead of demand.
 */
export function createHybrid(floor: Policy, reactive: ReactivePart): Policy {
  const hybrid = new Hybrid(floor, reactive);
  const { wakeOn } = reactive.policy;
  const policy: Policy = {
    decide: (observation, nowMs) => hybrid.decide(observation, nowMs),
    outlook: (pool) => floor.outlook?.(pool),
  };
  return wakeOn === undefined ? policy : { ...policy, wakeOn };
}

class Hybrid {
  private readonly past: { readonly atMs: number; readonly metrics: readonly Metrics[] }[] = [];
  private floors: ScaleDecision = [];
  private reactions: ScaleDecision = [];
  private nextReactionAtMs = 0;

  constructor(
    private readonly floor: Policy,
    private readonly reactive: ReactivePart,
  ) {}

  decide(observation: FleetObservation, nowMs: number): ScaleDecision {
    const regular = observation.trigger === "tick" || observation.trigger === "start";
    if (regular) {
      this.floors = this.floor.decide(observation, nowMs);
      this.past.push({ atMs: nowMs, metrics: observation.pools });
    }
    if (!regular || nowMs >= this.nextReactionAtMs) {
      this.react(observation, nowMs);
      if (regular) this.nextReactionAtMs = nextTick(nowMs, this.reactive.tickMs);
    }
    return observation.pools.map((pool, i) => this.larger(pool, i));
  }

  private react(observation: FleetObservation, nowMs: number): void {
    const scraped = this.seenAt(nowMs - this.reactive.scrapeLagMs);
    // Without a lag a decision between two ticks sees the present, not the last tick.
    const seen = this.reactive.scrapeLagMs === 0 ? observation.pools : scraped;
    const pools = observation.pools.map((pool, i) => ({
      ...pool,
      ...metricsOf(seen?.[i] ?? NOTHING_SEEN),
      min: Math.min(pool.max, Math.max(pool.min, Math.ceil(this.floors[i]?.desired ?? 0))),
    }));
    const decision = this.reactive.policy.decide({ ...observation, pools }, nowMs);
    this.reactions = observation.pools.map((_, i) => decision[i] ?? this.reactions[i]);
  }

  /** The newest metrics that are at least as old as `atMs`; those before them are dropped. */
  private seenAt(atMs: number): readonly Metrics[] | undefined {
    while (this.past.length > 1 && this.past[1].atMs <= atMs) this.past.shift();
    const oldest = this.past.at(0);
    return oldest !== undefined && oldest.atMs <= atMs ? oldest.metrics : undefined;
  }

  private larger(pool: PoolObservation, i: number): PoolDecision & { readonly reason: HybridReason } {
    const floor = this.floors[i];
    const reaction = this.reactions[i];
    const details = { floor: floor?.desired ?? 0, reactive: reaction?.desired ?? 0 };
    if (floor !== undefined && floor.desired >= (reaction?.desired ?? 0))
      return {
        desired: floor.desired,
        reason: `floor: ${floor.reason}`,
        details: joined(floor.details ?? {}, details),
      };
    if (reaction === undefined) return { desired: pool.desired, reason: "reactive: no-decision", details };
    return {
      desired: reaction.desired,
      reason: `reactive: ${reaction.reason}`,
      details: joined(reaction.details ?? {}, details),
    };
  }
}

/** Tick k is at k·period, whenever the hybrid itself decides. */
function nextTick(nowMs: number, tickMs: number): number {
  return (Math.floor(nowMs / tickMs) + 1) * tickMs;
}

function metricsOf(pool: Metrics): Metrics {
  return {
    observedAtMs: pool.observedAtMs,
    observedReady: pool.observedReady,
    open: pool.open,
    openDraining: pool.openDraining,
    waiting: pool.waiting,
    arrivals: pool.arrivals,
    openStreamMs: pool.openStreamMs,
    waitingRequestMs: pool.waitingRequestMs,
    drainingStreamMs: pool.drainingStreamMs ?? 0,
  };
}
