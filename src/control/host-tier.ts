import type { HostFleet, HostId, HostListener } from "../ports/host-fleet.js";
import type { FleetObservation, Policy, PoolDecision } from "../ports/policy.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import type { Manager } from "./manager.js";
import { SpawnTimes } from "./monitor/spawn-times.js";
import { observeRegions, type RegionSeen } from "./region-observation.js";
import type { StreamletPool } from "./streamlet-pool.js";

/** One region whose hosts are elastic. */
export interface HostRegionSpec {
  readonly region: number;
  readonly regionName: string;
  readonly min: number;
  readonly max: number;
  readonly streamsPerHost: number;
  /** How long a host takes as far as the operator knows; measurements replace it. */
  readonly expectedSpawnMs: number;
  /** The region's pools, and the share of a host that one of their streamlets takes. */
  readonly pools: readonly number[];
  readonly shares: readonly number[];
}

export interface HostTierSpec {
  readonly regions: readonly HostRegionSpec[];
  readonly tickMs: number;
  /** Index under which the first region's decisions are recorded; the others follow. */
  readonly firstIndex: number;
}

export interface HostTierParts {
  readonly policy: Policy;
  readonly fleet: HostFleet;
  readonly manager: Manager;
  readonly pools: readonly StreamletPool[];
  readonly scheduler: Scheduler;
  readonly telemetry: Telemetry;
  /** The observation of the streamlet pools, now. */
  readonly observe: () => FleetObservation;
}

/** Hosts of a region that are spawning, cordoned or draining. */
interface RegionHosts {
  /** Oldest first, with the instant of their launch. */
  readonly spawning: { readonly id: HostId; readonly atMs: number }[];
  readonly draining: HostId[];
  desired: number;
}

/**
 * Scales elastic hosts as the decider scales streamlets. The policy sees the region's streams as
 * one pool whose replicas are hosts. It sees the measured spawn time of hosts, so it forecasts that
 * far ahead. There are always enough hosts for the streamlets wanted now. Scale-in cordons the host
 * with the fewest streamlets, drains them (others are launched elsewhere), and removes the host
 * when it is empty. A draining host is taken back before one is added.
 */
export class HostTier implements HostListener {
  private readonly states: RegionHosts[];
  private readonly spawnTimes: SpawnTimes;
  private tick = 0;

  constructor(
    private readonly spec: HostTierSpec,
    private readonly parts: HostTierParts,
  ) {
    this.states = spec.regions.map((region) => ({ spawning: [], draining: [], desired: region.min }));
    this.spawnTimes = new SpawnTimes(spec.regions.length);
    spec.regions.forEach((region, i) => {
      this.spawnTimes.record(i, region.expectedSpawnMs);
    });
    parts.fleet.subscribeHosts(this);
  }

  start(): void {
    this.reportCount();
    this.scheduleTick();
  }

  onHostReady(id: HostId): void {
    this.states.forEach((state, i) => {
      const at = state.spawning.findIndex((one) => one.id === id);
      if (at < 0) return;
      this.spawnTimes.record(i, this.parts.scheduler.nowMs() - state.spawning[at].atMs);
      state.spawning.splice(at, 1);
    });
    this.parts.manager.reconcileAll();
  }

  onHostEmptied(id: HostId): void {
    for (const state of this.states) {
      const at = state.draining.indexOf(id);
      if (at < 0) continue;
      state.draining.splice(at, 1);
      this.parts.fleet.remove(id);
      this.reportCount();
    }
  }

  private scheduleTick(): void {
    this.tick++;
    this.parts.scheduler.scheduleAt(this.tick * this.spec.tickMs, Phase.Control, this.onTick);
  }

  private readonly onTick = (): void => {
    const seen = this.spec.regions.map((region, i) => this.see(region, i));
    const observation = observeRegions(this.parts.observe(), seen, this.spawnTimes);
    const decision = this.parts.policy.decide(observation, observation.nowMs);
    seen.forEach((region, i) => {
      this.carryOut(i, region, observation, decision[i]);
    });
    this.reportCount();
    this.scheduleTick();
  };

  private see(region: HostRegionSpec, i: number): RegionSeen {
    const { spawning, draining, desired } = this.states[i];
    const { min, max, pools, streamsPerHost, regionName } = region;
    return {
      name: `${regionName} hosts`,
      region: regionName,
      pools,
      streamsPerHost,
      min,
      max,
      ready: this.parts.fleet.readyHosts(region.region).length,
      spawning: spawning.length,
      draining: draining.length,
      desired,
    };
  }

  private carryOut(
    i: number,
    seen: RegionSeen,
    observation: FleetObservation,
    proposal: PoolDecision | undefined,
  ): void {
    const pool = observation.pools[i];
    const isCount = proposal !== undefined && proposal.desired >= 0 && proposal.desired < Number.POSITIVE_INFINITY;
    const wanted = isCount ? proposal.desired : this.states[i].desired;
    const needed = this.neededNow(this.spec.regions[i]);
    // The policy assumes full hosts. What streamlets now need beyond that is taken as still needed
    // later.
    const slack = Math.max(0, needed - (pool.open + pool.waiting) / seen.streamsPerHost);
    const whole = Math.max(Math.ceil(wanted + slack - 1e-9), this.isShort(i, seen) ? seen.ready + 1 : 0);
    const desired = Math.min(seen.max, Math.max(seen.min, whole));
    this.states[i].desired = desired;
    this.reconcile(i, desired);
    this.parts.telemetry.onDecision({
      atMs: observation.nowMs,
      pool: this.spec.firstIndex + i,
      wanted: whole,
      desired,
      reason: isCount ? proposal.reason : "no-decision",
      refusal: whole > seen.max ? "above-max" : whole < seen.min ? "below-min" : "",
      open: pool.open,
      waiting: pool.waiting,
      ready: seen.ready,
      spawning: seen.spawning,
      details: { needed, slack, ...(isCount ? proposal.details : {}) },
    });
  }

  /** Hosts that the streamlets wanted now fill, draining and parked ones included. */
  private neededNow(region: HostRegionSpec): number {
    return region.pools.reduce((sum, index, k) => {
      const pool = this.parts.pools[index];
      const alive = Math.max(pool.ready.length + pool.spawning.length, this.parts.manager.desired(index));
      return sum + (alive + pool.draining.length + pool.parked.length) * region.shares[k];
    }, 0);
  }

  /**
   * A pool found no room although the sum over the hosts suffices: the room is fragmented. Then one
   * host is added at a time.
   */
  private isShort(i: number, seen: RegionSeen): boolean {
    return (
      seen.spawning === 0 &&
      seen.pools.some((pool) => this.parts.manager.shortOf[pool] === "no-host-room") &&
      seen.ready > 0 &&
      this.states[i].draining.length === 0
    );
  }

  private reconcile(i: number, desired: number): void {
    const { region } = this.spec.regions[i];
    const state = this.states[i];
    let missing = desired - this.parts.fleet.readyHosts(region).length - state.spawning.length;
    while (missing > 0 && state.draining.length > 0) {
      this.parts.fleet.uncordon(state.draining.pop() as HostId);
      missing--;
      this.parts.manager.reconcileAll();
    }
    for (; missing > 0; missing--) {
      state.spawning.push({ id: this.parts.fleet.add(region), atMs: this.parts.scheduler.nowMs() });
    }
    for (; missing < 0 && state.spawning.length > 0; missing++) {
      this.parts.fleet.cancel((state.spawning.pop() as { id: HostId }).id);
    }
    if (missing < 0) this.drain(region, state, -missing);
  }

  private drain(region: number, state: RegionHosts, count: number): void {
    const hosts = this.parts.fleet
      .readyHosts(region)
      .map((id) => ({ id, streamlets: this.parts.fleet.streamletsOn(id) }));
    hosts.sort((a, b) => a.streamlets.length - b.streamlets.length || b.id - a.id);
    for (const { id, streamlets } of hosts.slice(0, count)) {
      this.parts.fleet.cordon(id);
      state.draining.push(id);
      for (const streamlet of streamlets) this.parts.manager.evict(streamlet);
    }
  }

  private reportCount(): void {
    const count = this.spec.regions.reduce((sum, { region }) => sum + this.parts.fleet.count(region), 0);
    this.parts.telemetry.onHosts?.(count);
  }
}
