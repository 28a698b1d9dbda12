import { describe, expect, it } from "vitest";
import { HostTier } from "../../src/control/host-tier.js";
import type { HostFleet, HostId, HostListener } from "../../src/ports/host-fleet.js";
import { ManagedFleet } from "./fake-parts.js";
import { observation } from "./policies/predictive/hand-made-observation.js";

const TICK_MS = 15_000;

/**
 * Hosts that do nothing but note what is wanted of them; each carries as many streamlets as the
 * test says.
 */
class FakeHosts implements HostFleet {
  readonly calls: string[] = [];
  readonly streamlets = new Map<HostId, number>();
  private readonly states = new Map<HostId, "spawning" | "up" | "cordoned">();
  private listener: HostListener | undefined;

  constructor(ready: number) {
    for (let id = 0; id < ready; id++) this.states.set(id, "up");
  }

  readyHosts(): readonly HostId[] {
    return Array.from(this.states.keys()).filter((id) => this.states.get(id) === "up");
  }
  count(): number {
    return this.states.size;
  }
  add(): HostId {
    const id = this.states.size;
    this.states.set(id, "spawning");
    this.calls.push(`add ${id}`);
    return id;
  }
  cancel(id: HostId): void {
    this.states.delete(id);
    this.calls.push(`cancel ${id}`);
  }
  cordon(id: HostId): void {
    this.states.set(id, "cordoned");
    this.calls.push(`cordon ${id}`);
  }
  uncordon(id: HostId): void {
    this.states.set(id, "up");
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
}

/**
 * A tier of one region: four streamlets of two slots fill a host, so that it carries eight streams.
 */
function tier(ready: number, max = 100) {
  const managed = new ManagedFleet();
  const hosts = new FakeHosts(ready);
  const wish = { hosts: ready, open: 0 };
  const policy = { decide: () => [{ desired: wish.hosts, reason: "by-hand" }] };
  const region = { region: 0, regionName: "eu", min: 0, max, streamsPerHost: 8, expectedSpawnMs: 60_000 };
  const spec = { regions: [{ ...region, pools: [0], shares: [0.25] }], tickMs: TICK_MS, firstIndex: 1 };
  const seen = () => observation(managed.kernel.nowMs(), { open: wish.open });
  const { manager, pools, kernel, telemetry } = managed;
  const parts = { policy, fleet: hosts, manager, pools, scheduler: kernel, telemetry, observe: seen };
  new HostTier(spec, parts).start();
  let ticks = 0;
  /** What is done at the next tick when the policy wants so many hosts. */
  const next = (wanted: number, open = 0): string[] => {
    wish.hosts = wanted;
    wish.open = open;
    managed.at(++ticks * TICK_MS);
    return hosts.calls.splice(0);
  };
  return { managed, hosts, next, telemetry };
}

describe("the tier of elastic hosts", () => {
  it("adds to the policy's count the room that streamlets take beyond their streams", () => {
    const { managed, next, telemetry } = tier(2);
    managed.ready(12);
    // Twelve streamlets fill three hosts; eight streams would fill one: two of slack on top of the
    // one that is wanted.
    expect(next(1, 8)).toEqual(["add 2"]);
    expect(telemetry.decisions.at(-1)).toMatchObject({ wanted: 3, desired: 3, details: { needed: 3, slack: 2 } });
  });

  it("has no slack where streams fill the streamlets", () => {
    const { managed, next, telemetry } = tier(2);
    managed.ready(4);
    expect(next(2, 8)).toEqual([]);
    expect(telemetry.decisions.at(-1)).toMatchObject({ desired: 2, details: { needed: 1, slack: 0 } });
  });

  it("adds one host at a time while a pool finds no room, though by the sum there is some", () => {
    const { managed, next } = tier(2);
    managed.ready(4);
    managed.fleet.roomFor = 0;
    managed.manager.setDesired(0, 5);
    expect(managed.manager.shortOf).toEqual(["no-host-room"]);
    expect(next(2, 16)).toEqual(["add 2"]);
    // It is on its way: no further one is asked for.
    expect(next(3, 16)).toEqual([]);
  });

  it("drains the host with the fewest streamlets first, of equals the newest", () => {
    const { hosts, next } = tier(4);
    for (const [id, count] of [3, 1, 2, 1].entries()) hosts.streamlets.set(id, count);
    expect(next(3)).toEqual(["cordon 3"]);
    expect(next(1)).toEqual(["cordon 1", "cordon 2"]);
    hosts.emptied(1);
    expect(hosts.calls.splice(0)).toEqual(["remove 1"]);
  });

  it("takes a draining host back before it adds one, the last cordoned first", () => {
    const { hosts, next } = tier(3);
    for (let id = 0; id < 3; id++) hosts.streamlets.set(id, 1);
    expect(next(1)).toEqual(["cordon 2", "cordon 1"]);
    expect(next(2)).toEqual(["uncordon 1"]);
    expect(next(4)).toEqual(["uncordon 2", "add 3"]);
  });

  it("gives up hosts that are not ready yet before it drains any, the youngest first", () => {
    const { next } = tier(1);
    expect(next(3)).toEqual(["add 1", "add 2"]);
    expect(next(0)).toEqual(["cancel 2", "cancel 1", "cordon 0"]);
  });
});
