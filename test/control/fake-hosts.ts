import { HostTier } from "../../src/control/host-tier.js";
import type { HostFleet, HostId, HostListener } from "../../src/ports/host-fleet.js";
import type { FleetObservation, PoolDecision, PoolObservation } from "../../src/ports/policy.js";
import { ManagedFleet, NotedTelemetry, poolSpec } from "./fake-parts.js";
import { observation, pool } from "./policies/predictive/hand-made-observation.js";

const TICK_MS = 15_000;

/** Hosts that record their calls; each carries as many streamlets as the test sets. */
class FakeHosts implements HostFleet {
  readonly calls: string[] = [];
  readonly streamlets = new Map<HostId, number>();
  private readonly states = new Map<HostId, { readonly region: number; state: "spawning" | "up" | "cordoned" }>();
  private launched = 0;
  private listener: HostListener | undefined;

  /** `ready` hosts in each of this many regions. */
  constructor(ready: number, regions: number) {
    for (let region = 0; region < regions; region++)
      for (let i = 0; i < ready; i++) this.states.set(this.launched++, { region, state: "up" });
  }

  readyHosts(region: number): readonly HostId[] {
    return Array.from(this.states.entries()).flatMap(([id, host]) =>
      host.region === region && host.state === "up" ? [id] : [],
    );
  }
  count(region: number): number {
    return Array.from(this.states.values()).filter((host) => host.region === region).length;
  }
  add(region: number): HostId {
    const id = this.launched++;
    this.states.set(id, { region, state: "spawning" });
    this.calls.push(`add ${id}`);
    return id;
  }
  cancel(id: HostId): void {
    this.states.delete(id);
    this.calls.push(`cancel ${id}`);
  }
  cordon(id: HostId): void {
    this.become(id, "cordoned");
    this.calls.push(`cordon ${id}`);
  }
  uncordon(id: HostId): void {
    this.become(id, "up");
    this.calls.push(`uncordon ${id}`);
  }
  remove(id: HostId): void {
    this.states.delete(id);
    this.calls.push(`remove ${id}`);
  }
  streamletsOn(id: HostId): readonly number[] {
    // Ids that no manager knows: evicting them does nothing.
    return Array.from({ length: this.streamlets.get(id) ?? 0 }, (_, i) => 1_000_000 + i);
  }
  subscribeHosts(listener: HostListener): void {
    this.listener = listener;
  }
  emptied(id: HostId): void {
    this.listener?.onHostEmptied(id);
  }
  becomeReady(id: HostId): void {
    this.become(id, "up");
    this.listener?.onHostReady(id);
  }

  private become(id: HostId, state: "up" | "cordoned"): void {
    const host = this.states.get(id);
    if (host !== undefined) host.state = state;
  }
}

/** Telemetry that keeps the counts of hosts, too. */
class HostTelemetry extends NotedTelemetry {
  readonly hosts: number[] = [];
  onHosts(count: number): void {
    this.hosts.push(count);
  }
}

/** What a tier differs in from one of one region and one pool. */
interface TierParts {
  readonly min?: number;
  readonly max?: number;
  /** Pools of each region; their streamlets take a quarter of a host each. */
  readonly pools?: readonly (readonly number[])[];
}

/**
 * A tier of elastic hosts with `ready` hosts in each region: four streamlets of two slots fill a
 * host, so that it carries eight streams.
 */
export function tier(ready: number, { min = 0, max = 100, pools = [[0]] }: TierParts = {}) {
  const managed = new ManagedFleet(
    {},
    pools.flat().map((index) => poolSpec(index)),
  );
  const hosts = new FakeHosts(ready, pools.length);
  const telemetry = new HostTelemetry();
  let decided: readonly (PoolDecision | undefined)[] = [];
  let sight: Partial<PoolObservation> = {};
  let asked: FleetObservation | undefined;
  const policy = {
    decide: (seen: FleetObservation) => {
      asked = seen;
      return decided;
    },
  };
  const regions = pools.map((of, region) => ({
    ...{ region, regionName: ["eu", "us"][region], min, max, streamsPerHost: 8, expectedSpawnMs: 60_000 },
    ...{ pools: of, shares: of.map(() => 0.25) },
  }));
  const observe = (): FleetObservation => ({
    ...observation(managed.kernel.nowMs(), {}),
    pools: pools.flat().map(() => pool(sight)),
  });
  const { manager, kernel } = managed;
  const parts = { policy, fleet: hosts, manager, pools: managed.pools, scheduler: kernel, telemetry, observe };
  new HostTier({ regions, tickMs: TICK_MS, firstIndex: 5 }, parts).start();
  let ticks = 0;
  /** What is done at the next tick when the policy decides this for each region. */
  const decide = (decision: readonly (PoolDecision | undefined)[], seen: Partial<PoolObservation> = {}): string[] => {
    [decided, sight] = [decision, seen];
    managed.at(++ticks * TICK_MS);
    return hosts.calls.splice(0);
  };
  /** The same if it asks for this many hosts in each region. */
  const next = (wanted: number, open = 0): string[] =>
    decide(
      pools.map(() => ({ desired: wanted, reason: "by-hand" })),
      { open },
    );
  return { managed, hosts, telemetry, decide, next, seen: () => asked as FleetObservation };
}
