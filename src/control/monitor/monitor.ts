import { objectList } from "../../base/object-list.js";
import type { StreamRequest } from "../../ports/fleet.js";
import type { FleetObservation, HoldingView, PoolObservation } from "../../ports/policy.js";
import { Phase, type Scheduler } from "../../ports/scheduler.js";
import type { DeciderSpec } from "../decider.js";
import type { Manager } from "../manager.js";
import type { Routing } from "../routing.js";
import type { StreamletPool } from "../streamlet-pool.js";
import type { WaitingRoom } from "../waiting-room.js";
import { ArrivalCounts, type PastArrivals } from "./arrival-counts.js";
import { HoldingTimes } from "./holding-times.js";
import { NO_METRICS, PoolMetrics, type PoolScrape, type Scrape, Scrapes } from "./scrapes.js";
import { unmeasuredHolding } from "./unmeasured-holding.js";

export interface MonitorSpec {
  /** Wall time of t=0, ms since 1970 (UTC). */
  readonly epochMs: number;
  readonly past: PastArrivals;
  /**
   * Holding times of streams that ended before t=0, in ms. Undefined: nothing looks at holding
   * times, and none are measured.
   */
  readonly pastHoldingMs: Float64Array | undefined;
  /** Period of the ticks, age of the metrics at a tick, and bounds per pool. */
  readonly decider: Pick<DeciderSpec, "tickMs" | "scrapeLagMs" | "min" | "max">;
}

export interface MonitorParts {
  readonly scheduler: Scheduler;
  readonly pools: readonly StreamletPool[];
  readonly routing: Routing;
  readonly waitingRoom: WaitingRoom;
  readonly manager: Manager;
}

/**
 * Measures the fleet and makes the observation of each decision. Counts of streamlets are current.
 * All other metrics come from a scrape, which is `scrapeLagMs` old when a policy sees it.
 */
export class Monitor {
  readonly arrivals: ArrivalCounts;
  /** Absent where nothing looks at it: it takes 5 % of the CPU time of a run with an HPA. */
  readonly holding: HoldingTimes | undefined;
  private readonly scrapes = new Scrapes();
  /** The metrics of now, for decisions that see them without a lag. */
  private readonly present: readonly PoolMetrics[];
  /** Pool that each (region, format) key prefers; −1 = no pool can serve it. */
  private readonly homePools: Int32Array;
  private scrapeCount = 0;
  /** Bound: V8 compiled an arrow function again in each run. */
  private readonly onScrape = this.takeScrape.bind(this);

  constructor(
    private readonly spec: MonitorSpec,
    private readonly parts: MonitorParts,
  ) {
    const { pools, routing } = parts;
    this.homePools = new Int32Array(routing.keyCount);
    for (let key = 0; key < this.homePools.length; key++) this.homePools[key] = routing.homePool(key);
    this.arrivals = new ArrivalCounts(pools.length, spec.past, spec.epochMs);
    this.present = this.blankMetrics();
    const { pastHoldingMs } = spec;
    this.holding =
      pastHoldingMs === undefined ? undefined : new HoldingTimes(pools.length, pastHoldingMs, parts.scheduler);
  }

  /** Begins to scrape. */
  start(): void {
    this.scheduleScrape();
  }

  onArrival(request: StreamRequest): void {
    const home = this.homeOf(request);
    if (home >= 0) this.arrivals.record(home, this.parts.scheduler.nowMs());
  }

  /** The pool that a request prefers; −1 = no pool can serve it. */
  homeOf(request: StreamRequest): number {
    const { routing } = this.parts;
    const { region, format } = request;
    return routing.knows(region, format) ? this.homePools[routing.key(region, format)] : -1;
  }

  /** Requests that wait now and prefer this pool. */
  waitingAt(pool: number): number {
    let waiting = 0;
    for (let key = 0; key < this.homePools.length; key++) {
      if (this.homePools[key] === pool) waiting += this.parts.waitingRoom.waiting(key);
    }
    return waiting;
  }

  /** The observation of a decision at this instant. */
  observe(trigger: FleetObservation["trigger"], triggerPool: number): FleetObservation {
    const { scheduler, pools, manager } = this.parts;
    const nowMs = scheduler.nowMs();
    const seen = objectList<PoolObservation>();
    const lagMs = this.spec.decider.scrapeLagMs;
    const scrape =
      lagMs === 0
        ? this.scrape(this.holding?.now(nowMs), this.present)
        : (this.scrapes.newestAt(nowMs - lagMs) ?? this.emptyScrape());
    for (let i = 0; i < pools.length; i++) seen.push(this.observePool(pools[i], scrape.atMs, scrape.pools[i]));
    return {
      nowMs,
      trigger,
      triggerPool,
      pools: seen,
      history: this.arrivals.view(scrape.atMs),
      holding: scrape.holding,
      spawn: manager.spawnTimes,
      warmStart: manager.warmStartTimes,
    };
  }

  /**
   * Tick k sees the scrape that was taken at k·tick − lag. The first scrape is that of the first
   * tick for which this instant is not before t=0.
   */
  private scheduleScrape(): void {
    const { tickMs, scrapeLagMs } = this.spec.decider;
    if (tickMs === Number.POSITIVE_INFINITY || scrapeLagMs === 0) return;
    const first = Math.ceil(scrapeLagMs / tickMs);
    const atMs = (first + this.scrapeCount) * tickMs - scrapeLagMs;
    this.parts.scheduler.scheduleAt(atMs, Phase.Sample, this.onScrape);
  }

  private takeScrape(): void {
    this.scrapes.add(this.scrape(this.holding?.keep(this.parts.scheduler.nowMs())));
    this.scrapeCount++;
    this.scheduleScrape();
  }

  private observePool(pool: StreamletPool, observedAtMs: number, metrics: PoolScrape): PoolObservation {
    const { min, max } = this.spec.decider;
    return {
      name: pool.spec.name,
      region: pool.spec.regionName,
      slots: pool.slots,
      min: min[pool.index],
      max: max[pool.index],
      ready: pool.ready.length,
      spawning: pool.spawning.length,
      draining: pool.draining.length,
      parked: pool.parked.length,
      desired: this.parts.manager.desired(pool.index),
      observedAtMs,
      // A spread of an object with floats is slow.
      observedReady: metrics.observedReady,
      open: metrics.open,
      openDraining: metrics.openDraining,
      waiting: metrics.waiting,
      arrivals: metrics.arrivals,
      openStreamMs: metrics.openStreamMs,
      waitingRequestMs: metrics.waitingRequestMs,
      drainingStreamMs: metrics.drainingStreamMs,
    };
  }

  private scrape(holding: HoldingView = unmeasuredHolding, into: readonly PoolMetrics[] = this.blankMetrics()): Scrape {
    const atMs = this.parts.scheduler.nowMs();
    this.measure(into, atMs);
    return { atMs, pools: into, holding };
  }

  /** Measures each pool now. */
  private measure(into: readonly PoolMetrics[], nowMs: number): void {
    const { pools, waitingRoom } = this.parts;
    for (let i = 0; i < pools.length; i++) {
      const pool = pools[i];
      const metrics = into[i];
      metrics.observedReady = pool.ready.length;
      metrics.open = pool.openReady;
      metrics.openDraining = pool.openDraining;
      metrics.waiting = 0;
      metrics.arrivals = this.arrivals.totals[i];
      metrics.openStreamMs = pool.openStreamMs(nowMs);
      metrics.waitingRequestMs = 0;
      metrics.drainingStreamMs = pool.drainingStreamMs(nowMs);
    }
    for (let key = 0; key < this.homePools.length; key++) {
      const home = this.homePools[key];
      if (home < 0) continue;
      into[home].waiting += waitingRoom.waiting(key);
      into[home].waitingRequestMs += waitingRoom.waitingMs(key, nowMs);
    }
  }

  private blankMetrics(): PoolMetrics[] {
    return this.parts.pools.map(() => new PoolMetrics());
  }

  private emptyScrape(): Scrape {
    const pools = this.parts.pools.map(() => NO_METRICS);
    return { atMs: Number.NEGATIVE_INFINITY, pools, holding: this.holding?.past ?? unmeasuredHolding };
  }
}
