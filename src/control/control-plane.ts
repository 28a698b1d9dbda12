import type { RandomStream } from "../base/random.js";
import type { Balancer } from "../ports/balancer.js";
import type { Fleet, FleetListener, StopReason, StreamEnd, StreamletId, StreamRequest } from "../ports/fleet.js";
import type { HostFleet } from "../ports/host-fleet.js";
import type { FleetObservation, HoldingView, Policy, PoolObservation } from "../ports/policy.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import { Decider, type DeciderSpec } from "./decider.js";
import { Gateway } from "./gateway.js";
import { HostTier, type HostTierSpec } from "./host-tier.js";
import { Manager, type ManagerSpec } from "./manager.js";
import { ArrivalCounts, type PastArrivals } from "./monitor/arrival-counts.js";
import { HoldingTimes } from "./monitor/holding-times.js";
import { NO_METRICS, type PoolScrape, type Scrape, Scrapes } from "./monitor/scrapes.js";
import { Quarantine, type QuarantineSpec } from "./quarantine.js";
import { Routing, type SpillOver } from "./routing.js";
import type { Streamlet } from "./streamlet.js";
import { type PoolSpec, StreamletPool } from "./streamlet-pool.js";

/** Inputs of a control plane that never change: pools, geography, knobs and traffic history. */
export interface ControlSpec {
  readonly pools: readonly PoolSpec[];
  readonly regionCount: number;
  readonly formatCount: number;
  readonly distanceMs: (from: number, to: number) => number;
  readonly spillOver: SpillOver;
  readonly waitingRoom: number;
  readonly quarantine?: QuarantineSpec;
  readonly manager: Omit<ManagerSpec, "idleTimeoutMs">;
  readonly decider: DeciderSpec;
  readonly epochMs: number;
  readonly past: PastArrivals;
  readonly pastHoldingMs: Float64Array;
}

/** The ports and parts that are handed in. */
export interface ControlParts {
  readonly scheduler: Scheduler;
  readonly fleet: Fleet;
  readonly telemetry: Telemetry;
  readonly balancer: Balancer;
  readonly policy: Policy;
  readonly random: RandomStream;
  /** Elastic hosts, where there are any. */
  readonly hosts?: { readonly fleet: HostFleet; readonly policy: Policy; readonly spec: HostTierSpec };
}

/** The product: one object, two worlds. It is driven by requests, by what the fleet reports, and by its own ticks. */
export class ControlPlane implements FleetListener {
  readonly pools: readonly StreamletPool[];
  readonly gateway: Gateway;
  readonly manager: Manager;
  readonly arrivals: ArrivalCounts;
  readonly holding: HoldingTimes;
  private readonly routing: Routing;
  private readonly decider: Decider;
  private readonly hostTier: HostTier | undefined;
  private readonly scrapes = new Scrapes();
  private readonly homePools: Int32Array;
  private readonly wakesOnNoFreeSlot: boolean;
  private readonly wakesOnStreamEnded: boolean;
  private readonly wakesOnStreamlet: boolean;
  private readonly quarantine: Quarantine | undefined;
  private started = false;
  private tick = 0;
  private scrapeCount = 0;

  constructor(
    private readonly spec: ControlSpec,
    private readonly parts: ControlParts,
  ) {
    const { scheduler, fleet, telemetry, policy } = parts;
    this.pools = spec.pools.map((pool) => new StreamletPool(pool));
    this.routing = new Routing(this.pools, spec.regionCount, spec.formatCount, spec.distanceMs, spec.spillOver);
    this.homePools = new Int32Array(this.routing.keyCount);
    for (let key = 0; key < this.homePools.length; key++) this.homePools[key] = this.routing.homePool(key);
    this.arrivals = new ArrivalCounts(this.pools.length, spec.past, spec.epochMs);
    this.holding = new HoldingTimes(this.pools.length, spec.pastHoldingMs);
    this.quarantine = spec.quarantine === undefined ? undefined : new Quarantine(spec.quarantine);
    const gatewaySpec = { waitingRoom: spec.waitingRoom, regionCount: spec.regionCount, formatCount: spec.formatCount };
    this.gateway = new Gateway(
      gatewaySpec,
      this.routing,
      this.pools,
      parts.balancer,
      fleet,
      scheduler,
      telemetry,
      this,
      this.quarantine,
    );
    const idleTimeoutMs = policy.idleTimeoutMs === undefined ? undefined : () => drawnTimeoutMs(policy);
    const managerSpec = { ...spec.manager, idleTimeoutMs };
    this.manager = new Manager(managerSpec, this.pools, fleet, scheduler, telemetry, parts.random, (streamlet) =>
      this.gateway.serveWaiting(streamlet),
    );
    this.decider = new Decider(spec.decider, policy, this.manager, scheduler, telemetry);
    this.hostTier =
      parts.hosts === undefined
        ? undefined
        : new HostTier(
            parts.hosts.spec,
            parts.hosts.policy,
            parts.hosts.fleet,
            this.manager,
            this.pools,
            scheduler,
            telemetry,
            () => this.observe("tick", -1),
          );
    this.wakesOnNoFreeSlot = policy.wakeOn?.includes("no-free-slot") ?? false;
    this.wakesOnStreamEnded = policy.wakeOn?.includes("stream-ended") ?? false;
    this.wakesOnStreamlet = policy.wakeOn?.includes("streamlet-changed") ?? false;
    fleet.subscribe(this);
  }

  /** Asks for `initial[pool]` streamlets, then takes the first decision and sets the ticks going. */
  start(initial: readonly number[]): void {
    this.pools.forEach((pool, i) => {
      this.manager.setDesired(pool.index, initial[i]);
    });
    this.started = true;
    this.parts.scheduler.schedule(0, Phase.Control, () => this.decide("start"));
    this.scheduleTick();
    this.scheduleScrape();
    this.hostTier?.start();
  }

  request(request: StreamRequest): void {
    const home = this.homeOf(request);
    if (home >= 0) this.arrivals.record(home, this.parts.scheduler.nowMs());
    this.gateway.request(request);
  }

  /** Requests that wait now and whose first choice is this pool. */
  waitingAt(pool: number): number {
    let waiting = 0;
    for (let key = 0; key < this.homePools.length; key++) {
      if (this.homePools[key] === pool) waiting += this.gateway.waitingRoom.waiting(key);
    }
    return waiting;
  }

  // --- what the gateway reports

  onTaken(streamlet: Streamlet): void {
    this.manager.onTaken(streamlet);
    this.holding.onStart(streamlet.pool, this.parts.scheduler.nowMs());
  }

  onNoFreeSlot(request: StreamRequest): void {
    if (this.wakesOnNoFreeSlot) this.decide("no-free-slot", this.homeOf(request));
  }

  // --- what the fleet reports

  onReady(id: StreamletId): void {
    this.manager.onReady(id);
    if (this.wakesOnStreamlet) this.decide("streamlet-changed");
  }

  onStreamEnded(id: StreamletId, request: StreamRequest, end: StreamEnd, degraded: boolean): void {
    const nowMs = this.parts.scheduler.nowMs();
    const streamlet = this.manager.find(id);
    this.quarantine?.onStreamEnded(id, request.source, nowMs);
    this.parts.telemetry.onStreamEnded(request, request.startedAtMs, end, degraded);
    this.holding.onEnd(request.pool, request.startedAtMs, nowMs, end === "completed");
    if (streamlet === undefined) return;
    this.pools[streamlet.pool].release(streamlet, nowMs);
    this.gateway.serveWaiting(streamlet);
    if (this.wakesOnStreamEnded) this.decide("stream-ended");
    if (streamlet.open === 0) this.manager.onReleased(streamlet);
  }

  onStopped(id: StreamletId, reason: StopReason): void {
    this.quarantine?.onStopped(id, reason);
    this.manager.onStopped(id, reason);
    if (this.wakesOnStreamlet) this.decide("streamlet-changed");
  }

  onHostLeaving(id: StreamletId): void {
    this.manager.evict(id);
    if (this.wakesOnStreamlet) this.decide("streamlet-changed");
  }

  onRoom(): void {
    this.manager.reconcileAll();
  }

  private homeOf(request: StreamRequest): number {
    const { region, format } = request;
    if (!(region >= 0 && region < this.spec.regionCount && format >= 0 && format < this.spec.formatCount)) return -1;
    return this.homePools[this.routing.key(region, format)];
  }

  private scheduleTick(): void {
    const { tickMs } = this.spec.decider;
    if (tickMs === Number.POSITIVE_INFINITY) return;
    this.tick++;
    this.parts.scheduler.scheduleAt(this.tick * tickMs, Phase.Control, this.onTick);
  }

  /** The scrape that tick k will see is taken at k·tick − lag; the first is that of the first tick for which this is not before t=0. */
  private scheduleScrape(): void {
    const { tickMs, scrapeLagMs } = this.spec.decider;
    if (tickMs === Number.POSITIVE_INFINITY || scrapeLagMs === 0) return;
    const first = Math.ceil(scrapeLagMs / tickMs);
    this.parts.scheduler.scheduleAt((first + this.scrapeCount) * tickMs - scrapeLagMs, Phase.Sample, this.onScrape);
  }

  private readonly onScrape = (): void => {
    this.scrapes.add(this.scrape(this.holding.keep(this.parts.scheduler.nowMs())));
    this.scrapeCount++;
    this.scheduleScrape();
  };

  private readonly onTick = (): void => {
    this.decide("tick");
    this.scheduleTick();
  };

  private decide(trigger: FleetObservation["trigger"], triggerPool = -1): void {
    if (!this.started) return;
    this.decider.decide(this.observe(trigger, triggerPool), this.pools);
  }

  private observe(trigger: FleetObservation["trigger"], triggerPool: number): FleetObservation {
    const nowMs = this.parts.scheduler.nowMs();
    const lagMs = this.spec.decider.scrapeLagMs;
    const scrape =
      lagMs === 0 ? this.scrape(this.holding.now(nowMs)) : (this.scrapes.newestAt(nowMs - lagMs) ?? this.emptyScrape());
    return {
      nowMs,
      trigger,
      triggerPool,
      pools: this.pools.map((pool, i) => this.observePool(pool, scrape.atMs, scrape.pools[i])),
      history: this.arrivals.view(scrape.atMs),
      holding: scrape.holding,
      spawn: this.manager.spawnTimes,
      warmStart: this.manager.warmStartTimes,
    };
  }

  private observePool(pool: StreamletPool, observedAtMs: number, metrics: PoolScrape): PoolObservation {
    const { ready: observedReady, ...seen } = metrics;
    return {
      name: pool.spec.name,
      region: pool.spec.regionName,
      slots: pool.slots,
      min: this.spec.decider.min[pool.index],
      max: this.spec.decider.max[pool.index],
      ready: pool.ready.length,
      spawning: pool.spawning.length,
      draining: pool.draining.length,
      parked: pool.parked.length,
      desired: this.manager.desired(pool.index),
      observedAtMs,
      observedReady,
      ...seen,
    };
  }

  private scrape(holding: HoldingView): Scrape {
    const nowMs = this.parts.scheduler.nowMs();
    const waiting = this.pools.map(() => 0);
    const waitingMs = this.pools.map(() => 0);
    for (let key = 0; key < this.homePools.length; key++) {
      const home = this.homePools[key];
      if (home < 0) continue;
      waiting[home] += this.gateway.waitingRoom.waiting(key);
      waitingMs[home] += this.gateway.waitingRoom.waitingMs(key, nowMs);
    }
    const pools = this.pools.map((pool, i) => ({
      ready: pool.ready.length,
      open: pool.openReady,
      openDraining: pool.openDraining,
      waiting: waiting[i],
      arrivals: this.arrivals.totals[i],
      openStreamMs: pool.openStreamMs(nowMs),
      waitingRequestMs: waitingMs[i],
      drainingStreamMs: pool.drainingStreamMs(nowMs),
    }));
    return { atMs: nowMs, pools, holding };
  }

  private emptyScrape(): Scrape {
    return { atMs: Number.NEGATIVE_INFINITY, pools: this.pools.map(() => NO_METRICS), holding: this.holding.past };
  }
}

/** A time-out that a policy draws; one that makes no sense never runs out. */
function drawnTimeoutMs(policy: Policy): number {
  try {
    const timeoutMs: unknown = policy.idleTimeoutMs?.();
    return typeof timeoutMs === "number" && timeoutMs >= 0 ? timeoutMs : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
