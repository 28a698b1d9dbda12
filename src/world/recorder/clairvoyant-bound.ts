import { fail } from "../../base/assert.js";
import { NeedLadder } from "./need-ladder.js";

export interface BoundPool {
  readonly slots: number;
  /** Least spawning time per streamlet that becomes ready, in ms. */
  readonly spawnMs: number;
}

/** The elastic hosts of one region. */
export interface BoundHosts {
  /** Least time that one more host costs before it is ready, in ms. */
  readonly spawnMs: number;
  readonly pools: readonly {
    readonly pool: number;
    /**
     * The share of a host's CPU, memory and network that one streamlet of the pool reserves; 0 = no
     * cap.
     */
    readonly shares: readonly number[];
  }[];
}

/** 1e-9 of slack: eighty shares of 1/80 fill one host in spite of binary fractions. */
const SLACK = 1e-9;

/**
 * The least streamlet-time, and time of elastic hosts, that a clairvoyant would have spent to serve
 * the same streams at the same times in the same pools.
 *
 * Two relaxations make it a lower bound for every policy. *Free migration*: streams and streamlets
 * may move at any time. So ⌈open/slots⌉ streamlets carry the open streams, and the hosts that carry
 * those are as many as the scarcest resource demands by volume; no placement without migration
 * needs fewer. *Foresight*: each unit is kept or given up across a gap, whichever is cheaper
 * (NeedLadder). The bound holds for each run if starts take a constant time, and in the mean if
 * they are random (`leastTimePerSuccessMs`). The streams are the run's own, so the bound has
 * exactly the run's SLO figures. Only time after `fromMs` counts.
 */
export class ClairvoyantBound {
  private readonly open: Int32Array;
  /** Streamlets that are needed, per pool. */
  private readonly needed: Int32Array;
  private readonly streamlets: readonly NeedLadder[];
  private readonly hostLadders: readonly NeedLadder[];
  /** Per pool, the index into `hosts` of its region; −1 = no elastic hosts. */
  private readonly hostsOf: Int32Array;

  constructor(
    private readonly pools: readonly BoundPool[],
    fromMs: number,
    private readonly hosts: readonly BoundHosts[] = [],
  ) {
    this.open = new Int32Array(pools.length);
    this.needed = new Int32Array(pools.length);
    this.streamlets = pools.map(({ spawnMs }) => new NeedLadder(spawnMs, fromMs));
    this.hostLadders = hosts.map(({ spawnMs }) => new NeedLadder(spawnMs, fromMs));
    this.hostsOf = new Int32Array(pools.length).fill(-1);
    hosts.forEach((region, i) => {
      for (const { pool } of region.pools) this.hostsOf[pool] = i;
    });
  }

  /** A stream has started in this pool. */
  onTaken(pool: number, nowMs: number): void {
    const before = this.open[pool]++;
    if (before % this.pools[pool].slots === 0) this.need(pool, before / this.pools[pool].slots + 1, nowMs);
  }

  /** A stream of this pool has ended. */
  onReleased(pool: number, nowMs: number): void {
    const after = --this.open[pool];
    if (after < 0) fail(`pool ${pool} lost a stream that it did not have`);
    if (after % this.pools[pool].slots === 0) this.need(pool, after / this.pools[pool].slots, nowMs);
  }

  /** Streamlet-milliseconds in [fromMs, nowMs]; `nowMs` is the end of the run. */
  streamletMs(nowMs: number): number {
    return this.streamlets.reduce((sum, ladder) => sum + ladder.spentMs(nowMs), 0);
  }

  /** The same for elastic hosts: host-milliseconds. */
  hostMs(nowMs: number): number {
    return this.hostLadders.reduce((sum, ladder) => sum + ladder.spentMs(nowMs), 0);
  }

  private need(pool: number, count: number, nowMs: number): void {
    this.needed[pool] = count;
    this.streamlets[pool].set(count, nowMs);
    const region = this.hostsOf[pool];
    if (region >= 0) this.hostLadders[region].set(this.neededHosts(this.hosts[region]), nowMs);
  }

  private neededHosts({ pools }: BoundHosts): number {
    let scarcest = 0;
    let streamlets = 0;
    for (const { pool } of pools) streamlets += this.needed[pool];
    for (let resource = 0; resource < pools[0].shares.length; resource++) {
      let volume = 0;
      for (const { pool, shares } of pools) volume += this.needed[pool] * shares[resource];
      scarcest = Math.max(scarcest, volume);
    }
    return streamlets === 0 ? 0 : Math.max(1, Math.ceil(scarcest - SLACK));
  }
}
