import type { RandomStream } from "../base/random.js";
import {
  type Fleet,
  type StopReason,
  type StreamletId,
  type StreamletSpec,
  type StreamRequest,
  streamletSlot,
} from "../ports/fleet.js";
import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";
import { FleetLedger } from "./fleet-ledger.js";
import type { FleetModelSpec } from "./fleet-spec.js";
import { HostFailures } from "./host-failures.js";
import { HostReclaim } from "./host-reclaim.js";
import { type Host, release, reserve } from "./hosts.js";
import { LeaseTable } from "./lease-table.js";
import { LedgeredFleet } from "./ledgered-fleet.js";
import { hostOverloaded, updateLoad, wasOverloaded } from "./load.js";
import { type RequestStock, SimRequest } from "./request.js";
import { SimStreamlet } from "./sim-streamlet.js";
import { SpawnQueue } from "./spawn-queue.js";
import { StreamletFailures } from "./streamlet-failures.js";

/** The random streams of a fleet: spawn times, failures, and which hosts are reclaimed. */
export interface FleetRandom {
  readonly spawn: RandomStream;
  readonly faults: RandomStream;
  readonly reclaim: RandomStream;
}

/**
 * The simulated fleet: spawn latency, hosts, caps, crashes. It draws from its own random streams,
 * in the order of launches.
 */
export class SimFleet extends LedgeredFleet<SimStreamlet> implements Fleet {
  readonly leases: LeaseTable;
  /** A stream that ended by itself, as it is reported. */
  private readonly departed = new SimRequest();
  protected readonly ledger: FleetLedger<SimStreamlet>;
  private readonly spawnQueue: SpawnQueue | undefined;
  private readonly failures: StreamletFailures;
  /** Before t=0 streamlets are ready at once and never fail. */
  private phase: "before start" | "running" = "before start";

  constructor(
    private readonly spec: FleetModelSpec,
    private readonly scheduler: Scheduler,
    private readonly random: FleetRandom,
    private readonly stock: RequestStock,
  ) {
    super();
    this.leases = new LeaseTable(spec.loadMatters);
    this.ledger = new FleetLedger(scheduler, this.onLeave);
    this.failures = new StreamletFailures(spec, scheduler, random.faults, this);
    const started = (id: number): void =>
      this.ledger.get(id).spawnOutcome === "failed" ? this.failSpawn(id) : this.becomeReady(id);
    this.spawnQueue =
      spec.spawnQueue === undefined
        ? undefined
        : new SpawnQueue(spec.spawnQueue, scheduler, random.spawn, {
            openStreams: () => this.ledger.open,
            onStarted: started,
          });
  }

  /**
   * Everything launched so far is ready at t=0. From now on spawns take time and may fail, and
   * hosts fail.
   */
  start(): void {
    this.phase = "running";
    const failures = new HostFailures(this.spec, this.scheduler, this.random.faults, {
      onFailed: this.endAllOn,
      onRepaired: () => this.ledger.onRoom(),
    });
    for (const group of this.spec.hostGroups) for (const host of group?.hosts ?? []) failures.watch(host);
    this.spec.hostSupply?.onEachReady((host) => failures.watch(host));
    const { reclaim, hostGroups } = this.spec;
    if (reclaim === undefined) return;
    const hosts = { leaving: this.drainAllOn, gone: this.endAllOn };
    new HostReclaim(reclaim, this.scheduler, this.random.reclaim, hosts).watch(hostGroups);
  }

  /** Whether it reads the CPU, memory and bits/s of requests. */
  get loadMatters(): boolean {
    return this.spec.loadMatters;
  }

  find(id: StreamletId): SimStreamlet | undefined {
    return this.ledger.find(id);
  }

  /** The streamlets on a host, by their slots. */
  idsOn(host: Host): readonly StreamletId[] {
    return Array.from(host.streamlets, (slot) => (this.ledger.inSlot(slot) as SimStreamlet).id);
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

  assign(id: StreamletId, request: StreamRequest): void {
    const streamlet = this.ledger.get(id);
    this.ledger.openStream(streamlet);
    const simRequest = request as SimRequest;
    const lease = this.leases.add(simRequest, streamletSlot(id), streamlet.firstLease);
    streamlet.firstLease = lease;
    const timer =
      streamlet.health === "hung"
        ? NO_TIMER
        : this.scheduler.schedule(simRequest.holdingMs, Phase.Departure, this.depart, lease);
    this.leases.setTimer(lease, timer);
    if (this.spec.loadMatters) this.changeLoad(streamlet, simRequest, 1);
    this.stock.giveBack(simRequest);
  }

  private launchOne(pool: number): StreamletId {
    const poolSpec = this.spec.pools[pool];
    const group = this.spec.hostGroups[poolSpec.region];
    const host = group?.place(poolSpec.reservation);
    if (group !== undefined && host === undefined) return -1;
    if (!this.ledger.hasRoom) return -1;
    const id = this.ledger.nextId();
    const streamlet = new SimStreamlet(id, this.scheduler.nowMs(), poolSpec, host);
    this.ledger.add(streamlet);
    const others = host?.spawning ?? 0;
    if (host !== undefined) {
      reserve(host, poolSpec.reservation);
      host.spawning++;
      host.streamlets.add(streamletSlot(id));
    }
    this.beginSpawn(streamlet, others);
    return id;
  }

  /** `others`: spawns that are under way on the same host. */
  private beginSpawn(streamlet: SimStreamlet, others: number): void {
    const { id, spec } = streamlet;
    const running = this.phase === "running";
    if (running) {
      const { spawnFailure } = this.spec;
      streamlet.spawnMs = spec.spawn.sample(this.random.spawn);
      if (spawnFailure > 0 && this.random.spawn.uniform() < spawnFailure) streamlet.spawnOutcome = "failed";
    }
    const failed = streamlet.spawnOutcome === "failed";
    const phase = failed ? Phase.Failure : Phase.Ready;
    if (this.spawnQueue !== undefined && running) {
      this.spawnQueue.enter(id, streamlet.spawnMs, phase);
      return;
    }
    const afterMs = streamlet.spawnMs * (1 + spec.contention * others);
    streamlet.timer = this.scheduler.schedule(afterMs, phase, failed ? this.failSpawn : this.becomeReady, id);
  }

  private readonly becomeReady = (id: number): void => {
    const streamlet = this.ledger.get(id);
    streamlet.timer = NO_TIMER;
    if (streamlet.host !== undefined) streamlet.host.spawning--;
    this.failures.begin(streamlet);
    this.ledger.becomeReady(streamlet);
  };

  private readonly failSpawn = (id: number): void => this.end(id, "spawn-failed");

  /** A streamlet fails. */
  end(id: number, reason: StopReason): void {
    const streamlet = this.ledger.get(id);
    streamlet.timer = NO_TIMER;
    this.kill(streamlet, reason);
  }

  private readonly runOut = (id: number): void => {
    const streamlet = this.ledger.find(id);
    if (streamlet !== undefined) this.kill(streamlet, "out-of-memory");
  };

  private readonly depart = (lease: number): void => {
    const request = this.departed;
    const streamlet = this.ledger.inSlot(this.leases.owner(lease)) as SimStreamlet;
    this.leases.read(lease, request);
    request.pool = streamlet.pool;
    streamlet.firstLease = this.leases.remove(lease, streamlet.firstLease);
    let degraded = false;
    if (this.spec.loadMatters) {
      degraded = this.isDegraded(streamlet, request);
      this.changeLoad(streamlet, request, -1);
    }
    this.ledger.endStream(streamlet, request, "completed", degraded);
  };

  /** The streamlet is gone at once; then each of its streams is reported as interrupted. */
  private kill(streamlet: SimStreamlet, reason: StopReason): void {
    const streams: SimRequest[] = [];
    for (let lease = streamlet.firstLease; lease >= 0; ) {
      const next = this.leases.next(lease);
      const request = this.stock.take();
      this.leases.readWhole(lease, request);
      request.pool = streamlet.pool;
      streams.push(request);
      this.scheduler.cancel(this.leases.timer(lease));
      this.leases.remove(lease, streamlet.firstLease);
      lease = next;
    }
    const degraded = streams.map((request) => this.spec.loadMatters && this.isDegraded(streamlet, request));
    if (this.spec.loadMatters) for (const request of streams) this.changeLoad(streamlet, request, -1);
    this.ledger.stop(streamlet, reason, streams, (at) => degraded[at]);
    for (const request of streams) this.stock.giveBack(request);
  }

  private readonly onLeave = (streamlet: SimStreamlet): void => {
    const { host, state, timer } = streamlet;
    this.scheduler.cancel(timer);
    if (state === "starting") this.spawnQueue?.leave(streamlet.id);
    if (host === undefined) return;
    release(host, streamlet.spec.reservation);
    host.streamlets.delete(streamletSlot(streamlet.id));
    if (state === "starting") host.spawning--;
    if (host.cordoned && host.streamlets.size === 0) this.spec.hostSupply?.onEmptied(host);
  };

  private changeLoad(streamlet: SimStreamlet, request: SimRequest, sign: number): void {
    updateLoad(streamlet, request, sign, this.scheduler);
    if (sign > 0 && streamlet.memoryBytes > streamlet.spec.oomAboveBytes) {
      this.scheduler.schedule(0, Phase.Failure, this.runOut, streamlet.id);
    }
  }

  private isDegraded(streamlet: SimStreamlet, request: SimRequest): boolean {
    if (wasOverloaded(streamlet, request.startedAtMs)) return true;
    return streamlet.host !== undefined && hostOverloaded(streamlet.host, request.startedAtMs);
  }

  private readonly drainAllOn = (host: Host): void => {
    for (const id of this.idsOn(host)) this.ledger.onHostLeaving(id);
  };

  private readonly endAllOn = (host: Host): void => {
    for (const slot of Array.from(host.streamlets)) {
      const streamlet = this.ledger.inSlot(slot);
      if (streamlet !== undefined) this.kill(streamlet, "host-failed");
    }
  };
}
