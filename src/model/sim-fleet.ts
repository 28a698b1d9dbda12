import { fail } from "../base/assert.js";
import type { Distribution } from "../base/distribution.js";
import type { RandomStream } from "../base/random.js";
import {
  type Fleet,
  type FleetListener,
  MAX_STREAMLETS,
  type StopReason,
  type StreamletId,
  type StreamletSpec,
  type StreamRequest,
  streamletId,
  streamletSlot,
} from "../ports/fleet.js";
import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";
import { type HostFailureSpec, HostFailures } from "./host-failures.js";
import type { HostSupply } from "./host-supply.js";
import { type Host, type HostGroup, type Reservation, release, reserve } from "./hosts.js";
import { LeaseTable } from "./lease-table.js";
import { hostOverloaded, updateHostLoad, updateLoad, wasOverloaded } from "./load.js";
import type { RequestStock, SimRequest } from "./request.js";
import { SimStreamlet } from "./sim-streamlet.js";
import { SpawnLine, type SpawnLineSpec } from "./spawn-line.js";
import { type FatesSpec, StreamletFates } from "./streamlet-fates.js";

/** What the model must know of a pool: the class's caps, its slots' memory, its spawn law, and whose hosts it runs on. */
export interface FleetPoolSpec {
  readonly region: number;
  readonly reservation: Reservation;
  readonly baseMemoryBytes: number;
  readonly oomAboveBytes: number;
  readonly spawn: Distribution;
  /** Each spawn already under way on the same host lengthens this one by that share. */
  readonly contention: number;
}

export interface FleetModelSpec extends HostFailureSpec, FatesSpec {
  readonly pools: readonly FleetPoolSpec[];
  /** Per region; undefined = no host limits. */
  readonly hostGroups: readonly (HostGroup | undefined)[];
  /** Hears of streamlets that leave a host, where hosts are elastic. */
  readonly hostSupply: HostSupply | undefined;
  readonly spawnFailure: number;
  /** How the one machine behind all regions starts processes; undefined = all at once. */
  readonly spawnLine?: SpawnLineSpec | undefined;
  /** False when streams ask for nothing: then nothing is added up. */
  readonly streamsHaveLoad: boolean;
}

/** The simulated fleet: spawn latency, hosts, caps, crashes. Draws come in the order of launches from streams of its own. */
export class SimFleet implements Fleet {
  private readonly bySlot: (SimStreamlet | undefined)[] = [];
  private readonly generations: number[] = [];
  private readonly freeSlots: number[] = [];
  readonly leases = new LeaseTable();
  private listener: FleetListener | undefined;
  private started = false;
  /** Σ lifetimes of ended streamlets in ms, and the number of the living. */
  private endedLifetimesMs = 0;
  private aliveCount = 0;
  private readonly line: SpawnLine | undefined = undefined;
  private readonly fates: StreamletFates;

  constructor(
    private readonly spec: FleetModelSpec,
    private readonly scheduler: Scheduler,
    private readonly spawnRandom: RandomStream,
    private readonly faultRandom: RandomStream,
    private readonly stock: RequestStock,
  ) {
    this.fates = new StreamletFates(spec, scheduler, faultRandom, this.leases, (id) => this.find(id), this.end);
    const openStreams = (): number => this.leases.open;
    const done = (id: number): void => (this.get(id).fails ? this.failSpawn(id) : this.becomeReady(id));
    if (spec.spawnLine !== undefined)
      this.line = new SpawnLine(spec.spawnLine, scheduler, openStreams, spawnRandom, done);
  }

  subscribe(listener: FleetListener): void {
    this.listener = listener;
  }

  /** What was launched so far is ready at t=0; from now on spawns take time and may fail, and hosts fail. */
  start(): void {
    this.started = true;
    const onRepaired = (): void => this.listener?.onRoom();
    const failures = new HostFailures(this.spec, this.scheduler, this.faultRandom, this.endAllOn, onRepaired);
    for (const group of this.spec.hostGroups) for (const host of group?.hosts ?? []) failures.watch(host);
    this.spec.hostSupply?.onEachReady((host) => failures.watch(host));
  }

  /** The streamlets on a host, by their slots. */
  idsOn(host: Host): readonly StreamletId[] {
    return Array.from(host.streamlets, (slot) => (this.bySlot[slot] as SimStreamlet).id);
  }

  launch(spec: StreamletSpec, count: number): readonly StreamletId[] {
    const ids: StreamletId[] = [];
    for (let i = 0; i < count; i++) {
      const id = this.launchOne(spec.pool);
      if (id < 0) break;
      ids.push(id);
    }
    return ids;
  }

  drain(id: StreamletId): void {
    const streamlet = this.get(id);
    streamlet.draining = true;
    if (streamlet.open === 0) this.scheduler.schedule(0, Phase.Departure, this.finishDrain, id);
  }

  undrain(id: StreamletId): void {
    this.get(id).draining = false;
  }

  terminate(id: StreamletId, reason: StopReason): void {
    const streamlet = this.get(id);
    if (streamlet.open > 0) fail(`streamlet ${id} was terminated (${reason}) with ${streamlet.open} open streams`);
    this.remove(streamlet);
  }

  assign(id: StreamletId, request: StreamRequest): void {
    const streamlet = this.get(id);
    if (!streamlet.ready) fail(`streamlet ${id} was given a stream before it was ready`);
    const simRequest = request as SimRequest;
    const lease = this.leases.add(simRequest, streamletSlot(id), streamlet.firstLease);
    streamlet.firstLease = lease;
    streamlet.open++;
    const timer = streamlet.hung
      ? NO_TIMER
      : this.scheduler.schedule(simRequest.holdingMs, Phase.Departure, this.depart, lease);
    this.leases.setTimer(lease, timer);
    if (this.spec.streamsHaveLoad) this.changeLoad(streamlet, simRequest, 1);
  }

  /** Streamlet-milliseconds so far, ended and living. */
  lifetimesMs(nowMs: number): number {
    let sum = this.endedLifetimesMs;
    for (const streamlet of this.bySlot) if (streamlet !== undefined) sum += nowMs - streamlet.launchedAtMs;
    return sum;
  }

  private launchOne(pool: number): StreamletId {
    const poolSpec = this.spec.pools[pool];
    const group = this.spec.hostGroups[poolSpec.region];
    const host = group?.place(poolSpec.reservation);
    if (group !== undefined && host === undefined) return -1;
    if (this.aliveCount >= MAX_STREAMLETS) return -1;
    const slot = this.freeSlots.pop() ?? this.bySlot.push(undefined) - 1;
    this.generations[slot] = (this.generations[slot] ?? -1) + 1;
    const id = streamletId(slot, this.generations[slot]);
    const streamlet = new SimStreamlet(id, pool, poolSpec, host, this.scheduler.nowMs());
    this.bySlot[slot] = streamlet;
    this.aliveCount++;
    const others = host?.spawning ?? 0;
    if (host !== undefined) {
      reserve(host, poolSpec.reservation);
      host.spawning++;
      host.streamlets.add(slot);
    }
    if (this.started) {
      streamlet.spawnMs = poolSpec.spawn.sample(this.spawnRandom);
      streamlet.fails = this.spec.spawnFailure > 0 && this.spawnRandom.uniform() < this.spec.spawnFailure;
    }
    const phase = streamlet.fails ? Phase.Failure : Phase.Ready;
    if (this.line !== undefined && this.started) {
      this.line.enter(id, streamlet.spawnMs, phase);
      return id;
    }
    const task = streamlet.fails ? this.failSpawn : this.becomeReady;
    const afterMs = streamlet.spawnMs * (1 + poolSpec.contention * others);
    streamlet.timer = this.scheduler.schedule(afterMs, phase, task, id);
    return id;
  }

  private readonly becomeReady = (id: number): void => {
    const streamlet = this.get(id);
    streamlet.ready = true;
    streamlet.timer = NO_TIMER;
    if (streamlet.host !== undefined) streamlet.host.spawning--;
    this.fates.begin(streamlet);
    this.listener?.onReady(id);
  };

  private readonly failSpawn = (id: number): void => {
    const streamlet = this.get(id);
    streamlet.timer = NO_TIMER;
    this.kill(streamlet, "spawn-failed");
  };

  /** A ready streamlet comes to its end by itself. */
  readonly end = (id: number, reason: StopReason): void => {
    const streamlet = this.get(id);
    streamlet.timer = NO_TIMER;
    this.kill(streamlet, reason);
  };

  private readonly runOut = (id: number): void => {
    const streamlet = this.find(id);
    if (streamlet !== undefined && streamlet.memoryBytes > streamlet.spec.oomAboveBytes)
      this.kill(streamlet, "out-of-memory");
  };

  private readonly finishDrain = (id: number): void => {
    const streamlet = this.find(id);
    if (streamlet === undefined || !streamlet.draining || streamlet.open > 0) return;
    this.remove(streamlet);
    this.listener?.onStopped(id, "drained");
  };

  private readonly depart = (lease: number): void => {
    const request = this.leases.request(lease);
    const streamlet = this.bySlot[this.leases.owner(lease)] as SimStreamlet;
    streamlet.firstLease = this.leases.remove(lease, streamlet.firstLease);
    streamlet.open--;
    let degraded = false;
    if (this.spec.streamsHaveLoad) {
      degraded = this.isDegraded(streamlet, request);
      this.changeLoad(streamlet, request, -1);
    }
    this.listener?.onStreamEnded(streamlet.id, request, "completed", degraded);
    this.stock.giveBack(request);
    if (streamlet.draining && streamlet.open === 0) this.finishDrain(streamlet.id);
  };

  /** The streamlet is gone at once; then each of its streams is reported as interrupted. */
  private kill(streamlet: SimStreamlet, reason: StopReason): void {
    const hurt: SimRequest[] = [];
    for (let lease = streamlet.firstLease; lease >= 0; ) {
      const next = this.leases.next(lease);
      hurt.push(this.leases.request(lease));
      this.scheduler.cancel(this.leases.timer(lease));
      this.leases.remove(lease, streamlet.firstLease);
      lease = next;
    }
    const degraded = hurt.map((request) => this.spec.streamsHaveLoad && this.isDegraded(streamlet, request));
    if (this.spec.streamsHaveLoad) for (const request of hurt) this.changeLoad(streamlet, request, -1);
    streamlet.firstLease = -1;
    streamlet.open = 0;
    this.remove(streamlet);
    this.listener?.onStopped(streamlet.id, reason);
    hurt.forEach((request, i) => {
      this.listener?.onStreamEnded(streamlet.id, request, "interrupted", degraded[i]);
      this.stock.giveBack(request);
    });
  }

  private remove(streamlet: SimStreamlet): void {
    const slot = streamletSlot(streamlet.id);
    if (streamlet.timer !== NO_TIMER) this.scheduler.cancel(streamlet.timer);
    const { host } = streamlet;
    if (!streamlet.ready) this.line?.leave(streamlet.id);
    if (host !== undefined) {
      release(host, streamlet.spec.reservation);
      host.streamlets.delete(slot);
      if (!streamlet.ready) host.spawning--;
      if (host.cordoned && host.streamlets.size === 0) this.spec.hostSupply?.onEmptied(host);
    }
    this.endedLifetimesMs += this.scheduler.nowMs() - streamlet.launchedAtMs;
    this.bySlot[slot] = undefined;
    this.freeSlots.push(slot);
    this.aliveCount--;
  }

  private changeLoad(streamlet: SimStreamlet, request: SimRequest, sign: number): void {
    const nowMs = this.scheduler.nowMs();
    const change = updateLoad(streamlet, streamlet.spec.reservation, request, sign, nowMs);
    if (streamlet.host !== undefined) updateHostLoad(streamlet.host, change, nowMs);
    if (sign > 0 && streamlet.memoryBytes > streamlet.spec.oomAboveBytes) {
      this.scheduler.schedule(0, Phase.Failure, this.runOut, streamlet.id);
    }
  }

  private isDegraded(streamlet: SimStreamlet, request: SimRequest): boolean {
    if (wasOverloaded(streamlet, request.startedAtMs)) return true;
    return streamlet.host !== undefined && hostOverloaded(streamlet.host, request.startedAtMs);
  }

  private readonly endAllOn = (host: Host): void => {
    for (const slot of Array.from(host.streamlets)) {
      const streamlet = this.bySlot[slot];
      if (streamlet !== undefined) this.kill(streamlet, "host-failed");
    }
  };

  private find(id: StreamletId): SimStreamlet | undefined {
    const streamlet = this.bySlot[streamletSlot(id)];
    return streamlet !== undefined && streamlet.id === id ? streamlet : undefined;
  }

  private get(id: StreamletId): SimStreamlet {
    const streamlet = this.bySlot[streamletSlot(id)];
    if (streamlet === undefined || streamlet.id !== id) fail(`streamlet ${id} is not alive`);
    return streamlet;
  }
}
