import type { StreamletId } from "./fleet.js";

/** Names one host for its whole life; never used twice in a run. */
export type HostId = number;

/**
 * Receives the reports of a HostFleet. Calls come from the kernel's tasks only, never from inside a
 * HostFleet method.
 */
export interface HostListener {
  /** A launched host can take streamlets. */
  onHostReady(id: HostId): void;
  /** A cordoned host has lost its last streamlet. */
  onHostEmptied(id: HostId): void;
}

/** Elastic hosts as the control plane sees and changes them. */
export interface HostFleet {
  /** Hosts of a region that can take streamlets; cordoned ones are left out. */
  readyHosts(region: number): readonly HostId[];
  /**
   * Hosts of a region in any state: spawning, ready, cordoned or under repair. All of them cost
   * money.
   */
  count(region: number): number;
  /** Asks for one more host; readiness comes later, through the listener. */
  add(region: number): HostId;
  /** Cancels a host that is not ready yet. */
  cancel(id: HostId): void;
  /** No new streamlet is placed there; those on it stay. */
  cordon(id: HostId): void;
  /** Takes a cordoned host back. */
  uncordon(id: HostId): void;
  /** Ends an empty host. */
  remove(id: HostId): void;
  /** The streamlets on a host, whatever their state. */
  streamletsOn(id: HostId): readonly StreamletId[];
  subscribeHosts(listener: HostListener): void;
}
