import type { RandomStream } from "../base/random.js";
import type { Balancer } from "../ports/balancer.js";
import type { Fleet, FleetListener, StopReason, StreamEnd, StreamletId, StreamRequest } from "../ports/fleet.js";
import type { HostFleet } from "../ports/host-fleet.js";
import type { ArrivalOutlook, FleetObservation, Policy } from "../ports/policy.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import { Decider, type DeciderSpec } from "./decider.js";
import { Gateway, type GatewayListener } from "./gateway.js";
import { HostTier, type HostTierSpec } from "./host-tier.js";
import { Manager } from "./manager.js";
import type { ManagerSpec } from "./manager-spec.js";
import { Monitor, type MonitorSpec } from "./monitor/monitor.js";
import { PolicyFailure } from "./policy-failure.js";
import { Quarantine, type QuarantineSpec } from "./quarantine.js";
import { type Geography, Routing } from "./routing.js";
import type { Streamlet } from "./streamlet.js";
import { type PoolSpec, StreamletPool } from "./streamlet-pool.js";

/** Inputs of a control plane that never change: pools, geography, knobs and traffic history. */
export interface ControlSpec extends Omit<MonitorSpec, "decider"> {
  readonly pools: readonly PoolSpec[];
  readonly geography: Geography;
  /** Most requests that wait at once. */
  readonly waitingRoom: number;
  readonly quarantine?: QuarantineSpec;
  readonly manager: Omit<ManagerSpec, "idleTimeoutMs">;
  readonly decider: DeciderSpec;
}

/** The ports of a control plane, and its replaceable parts. */
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

/**
 * The control plane: gateway, monitor, decider, manager and host tier, wired together. Requests,
 * reports of the fleet, and its own ticks drive it. Simulation and live mode run the same class.
 */
export class ControlPlane implements FleetListener, GatewayListener {
  readonly pools: readonly StreamletPool[];
  readonly gateway: Gateway;
  readonly manager: Manager;
  readonly monitor: Monitor;
  /** The forecast behind the policy's last decision for a pool; undefined if there was none. */
  readonly outlook = (pool: number): ArrivalOutlook | undefined => this.parts.policy.outlook?.(pool);
  private readonly decider: Decider;
  private readonly hostTier: HostTier | undefined;
  private readonly wakesOnNoFreeSlot: boolean;
  private readonly wakesOnStreamEnded: boolean;
  private readonly wakesOnStreamlet: boolean;
  private readonly quarantine: Quarantine | undefined;
  private phase: "before start" | "running" = "before start";
  private tick = 0;

  constructor(
    private readonly spec: ControlSpec,
    private readonly parts: ControlParts,
  ) {
    const { scheduler, fleet, telemetry, balancer, policy, random, hosts } = parts;
    const pools = spec.pools.map((pool) => new StreamletPool(pool));
    this.pools = pools;
    const routing = new Routing(pools, spec.geography);
    this.quarantine = spec.quarantine === undefined ? undefined : new Quarantine(spec.quarantine);
    const gateway = new Gateway(spec.waitingRoom, {
      routing,
      pools,
      balancer,
      fleet,
      scheduler,
      telemetry,
      listener: this,
      quarantine: this.quarantine,
    });
    this.gateway = gateway;
    const idleTimeoutMs = policy.idleTimeoutMs === undefined ? undefined : () => this.drawnTimeoutMs();
    const managerParts = { pools, fleet, scheduler, telemetry, random, gateway };
    const manager = new Manager({ idleTimeoutMs, ...spec.manager }, managerParts);
    this.manager = manager;
    const monitor = new Monitor(spec, { scheduler, pools, routing, waitingRoom: gateway.waitingRoom, manager });
    this.monitor = monitor;
    this.decider = new Decider(spec.decider, policy, manager, telemetry);
    const observe = (): FleetObservation => monitor.observe("tick", -1);
    if (hosts !== undefined)
      this.hostTier = new HostTier(hosts.spec, { ...hosts, manager, pools, scheduler, telemetry, observe });
    this.wakesOnNoFreeSlot = policy.wakeOn?.includes("no-free-slot") ?? false;
    this.wakesOnStreamEnded = policy.wakeOn?.includes("stream-ended") ?? false;
    this.wakesOnStreamlet = policy.wakeOn?.includes("streamlet-changed") ?? false;
    fleet.subscribe(this);
  }

  /** Launches `initial[pool]` streamlets, takes the first decision and starts the ticks. */
  start(initial: readonly number[]): void {
    this.pools.forEach((pool, i) => {
      this.manager.setDesired(pool.index, initial[i]);
    });
    this.phase = "running";
    this.parts.scheduler.schedule(0, Phase.Control, () => this.decide("start"));
    this.scheduleTick();
    this.monitor.start();
    this.hostTier?.start();
  }

  request(request: StreamRequest): void {
    this.monitor.onArrival(request);
    this.gateway.request(request);
  }

  // --- reports of the gateway

  onTaken(streamlet: Streamlet): void {
    this.manager.onTaken(streamlet);
    this.monitor.holding?.onStart(streamlet.pool);
  }

  onNoFreeSlot(request: StreamRequest): void {
    if (this.wakesOnNoFreeSlot) this.decide("no-free-slot", this.monitor.homeOf(request));
  }

  // --- reports of the fleet

  onReady(id: StreamletId): void {
    this.manager.onReady(id);
    if (this.wakesOnStreamlet) this.decide("streamlet-changed");
  }

  onStreamEnded(id: StreamletId, request: StreamRequest, end: StreamEnd, degraded: boolean): void {
    const nowMs = this.parts.scheduler.nowMs();
    const streamlet = this.manager.find(id);
    this.quarantine?.onStreamEnded(id, request.source, nowMs);
    this.parts.telemetry.onStreamEnded(request, end, degraded);
    this.monitor.holding?.onEnd(request, end === "completed");
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

  // --- ticks and decisions

  private scheduleTick(): void {
    const { tickMs } = this.spec.decider;
    if (tickMs === Number.POSITIVE_INFINITY) return;
    this.tick++;
    this.parts.scheduler.scheduleAt(this.tick * tickMs, Phase.Control, this.onTick);
  }

  private readonly onTick = (): void => {
    this.decide("tick");
    this.scheduleTick();
  };

  private decide(trigger: FleetObservation["trigger"], triggerPool = -1): void {
    if (this.phase === "before start") return;
    this.decider.decide(this.monitor.observe(trigger, triggerPool), this.pools);
  }
  /** The idle time-out that the policy draws. If the policy fails, the streamlet stays. */
  private drawnTimeoutMs(): number {
    const { policy, scheduler, telemetry } = this.parts;
    try {
      return policy.idleTimeoutMs?.() ?? Number.POSITIVE_INFINITY;
    } catch (error) {
      if (!(error instanceof PolicyFailure)) throw error;
      const { message, at } = error;
      telemetry.onPolicyAsked?.();
      telemetry.onPolicyFailure?.({ atMs: scheduler.nowMs(), message, ...(at === undefined ? {} : { at }) });
      return Number.POSITIVE_INFINITY;
    }
  }
}
