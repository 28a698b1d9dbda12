import type { RandomStream } from "../base/random.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { Host, HostGroup } from "./hosts.js";

/** A provider takes back a share of every region's hosts at one instant, and they stay away. */
export interface HostReclaimSpec {
  /** Of the hosts of a region, rounded up. */
  readonly share: number;
  /** When the notice comes; the hosts go `noticeMs` later. */
  readonly atMs: number;
  readonly noticeMs: number;
}

/** The actions of the fleet on reclaimed hosts. */
export interface ReclaimedHosts {
  /** The host takes no new streamlet, and those on it are to drain. */
  leaving(host: Host): void;
  /** Everything on it ends. */
  gone(host: Host): void;
}

/** Spot hosts are reclaimed together, not one by one: which of them is drawn at random. */
export class HostReclaim {
  private readonly taken: Host[] = [];

  constructor(
    private readonly spec: HostReclaimSpec,
    private readonly scheduler: Scheduler,
    private readonly random: RandomStream,
    private readonly on: ReclaimedHosts,
  ) {}

  watch(groups: readonly (HostGroup | undefined)[]): void {
    this.scheduler.schedule(this.spec.atMs, Phase.Failure, () => this.notify(groups));
  }

  private notify(groups: readonly (HostGroup | undefined)[]): void {
    for (const group of groups) if (group !== undefined) this.taken.push(...this.draw(group.hosts));
    // All are closed before the first is drained, so that no replacement is launched on another
    // of them.
    for (const host of this.taken) host.cordoned = true;
    for (const host of this.taken) this.on.leaving(host);
    this.scheduler.schedule(this.spec.noticeMs, Phase.Failure, () => this.take());
  }

  private take(): void {
    for (const host of this.taken) {
      host.up = false;
      host.removed = true;
      this.on.gone(host);
    }
  }

  private draw(hosts: readonly Host[]): Host[] {
    const left = [...hosts];
    const count = Math.ceil(this.spec.share * hosts.length - 1e-9);
    return Array.from({ length: count }, () => {
      const [host] = left.splice(Math.floor(this.random.uniform() * left.length), 1);
      return host;
    });
  }
}
