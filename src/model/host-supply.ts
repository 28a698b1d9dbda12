import { fail } from "../base/assert.js";
import type { Distribution } from "../base/distribution.js";
import type { RandomStream } from "../base/random.js";
import type { StreamletId } from "../ports/fleet.js";
import type { HostFleet, HostId, HostListener } from "../ports/host-fleet.js";
import { NO_TIMER, Phase, type Scheduler, type TimerId } from "../ports/scheduler.js";
import type { Host, HostGroup } from "./hosts.js";

interface SuppliedHost {
  readonly host: Host;
  readonly group: HostGroup;
  readonly launchedAtMs: number;
  timer: TimerId;
}

/** The elastic hosts of a simulation. An added host is ready after its spawn time. */
export class HostSupply implements HostFleet {
  private readonly hosts = new Map<HostId, SuppliedHost>();
  private readonly ids = new Map<Host, HostId>();
  private listener: HostListener | undefined;
  private onReady: ((host: Host) => void) | undefined;
  private onEnded: ((launchedAtMs: number, endedAtMs: number) => void) | undefined;
  private streamletIds: (host: Host) => readonly StreamletId[] = () => [];
  private nextId = 0;

  constructor(
    /** Per region; undefined = not elastic. */
    private readonly groups: readonly (HostGroup | undefined)[],
    private readonly spawn: readonly (Distribution | undefined)[],
    private readonly scheduler: Scheduler,
    private readonly random: RandomStream,
  ) {
    for (const group of groups) for (const host of group?.hosts ?? []) this.register(host, group as HostGroup);
  }

  /** Sets how to look up the streamlets on a host. */
  attach(streamletIds: (host: Host) => readonly StreamletId[]): void {
    this.streamletIds = streamletIds;
  }

  /** Called with each host that comes up from now on. */
  onEachReady(task: (host: Host) => void): void {
    this.onReady = task;
  }

  /**
   * Called with launch and end of each host that ends, also of one cancelled before it was ready.
   */
  onEachEnded(task: (launchedAtMs: number, endedAtMs: number) => void): void {
    this.onEnded = task;
  }

  /** A cordoned host became empty. The listener gets this after the current task. */
  onEmptied(host: Host): void {
    const id = this.ids.get(host);
    if (id !== undefined) this.scheduler.schedule(0, Phase.Control, this.reportEmptied, id);
  }

  subscribeHosts(listener: HostListener): void {
    this.listener = listener;
  }

  readyHosts(region: number): readonly HostId[] {
    const hosts = this.groups[region]?.hosts ?? [];
    return hosts.filter((host) => host.up && !host.cordoned).map((host) => this.ids.get(host) as HostId);
  }

  count(region: number): number {
    return this.groups[region]?.hosts.length ?? 0;
  }

  add(region: number): HostId {
    const group = this.groups[region];
    if (group === undefined) fail(`region ${region} has no elastic hosts`);
    const host = group.add(this.nextId);
    const id = this.register(host, group);
    const spawnMs = (this.spawn[region] as Distribution).sample(this.random);
    this.get(id).timer = this.scheduler.schedule(spawnMs, Phase.Ready, this.becomeReady, id);
    return id;
  }

  cancel(id: HostId): void {
    const { timer } = this.get(id);
    if (timer === NO_TIMER) fail(`host ${id} is up and cannot be cancelled`);
    this.scheduler.cancel(timer);
    this.forget(id);
  }

  cordon(id: HostId): void {
    const { host } = this.get(id);
    host.cordoned = true;
    if (host.streamlets.size === 0) this.onEmptied(host);
  }

  uncordon(id: HostId): void {
    this.get(id).host.cordoned = false;
  }

  remove(id: HostId): void {
    const { host } = this.get(id);
    if (host.streamlets.size > 0) fail(`host ${id} was removed with ${host.streamlets.size} streamlets`);
    this.forget(id);
  }

  streamletsOn(id: HostId): readonly StreamletId[] {
    return this.streamletIds(this.get(id).host);
  }

  private readonly becomeReady = (id: number): void => {
    const entry = this.get(id);
    entry.timer = NO_TIMER;
    entry.host.up = true;
    this.onReady?.(entry.host);
    this.listener?.onHostReady(id);
  };

  private readonly reportEmptied = (id: number): void => {
    const entry = this.hosts.get(id);
    if (entry !== undefined && entry.host.cordoned && entry.host.streamlets.size === 0)
      this.listener?.onHostEmptied(id);
  };

  private register(host: Host, group: HostGroup): HostId {
    const id = this.nextId++;
    this.hosts.set(id, { host, group, launchedAtMs: this.scheduler.nowMs(), timer: NO_TIMER });
    this.ids.set(host, id);
    return id;
  }

  private forget(id: HostId): void {
    const { host, group, launchedAtMs } = this.get(id);
    this.onEnded?.(launchedAtMs, this.scheduler.nowMs());
    host.removed = true;
    group.remove(host);
    this.ids.delete(host);
    this.hosts.delete(id);
  }

  private get(id: HostId): SuppliedHost {
    const entry = this.hosts.get(id);
    if (entry === undefined) fail(`host ${id} is not there`);
    return entry;
  }
}
