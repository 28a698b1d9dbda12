import { RandomStream } from "../../src/base/random.js";
import { Manager } from "../../src/control/manager.js";
import type { ManagerSpec } from "../../src/control/manager-spec.js";
import type { Streamlet } from "../../src/control/streamlet.js";
import { type PoolSpec, StreamletPool } from "../../src/control/streamlet-pool.js";
import { Kernel } from "../../src/kernel/kernel.js";
import {
  type Fleet,
  type FleetListener,
  type StopReason,
  type StreamletId,
  type StreamletSpec,
  type StreamRequest,
  streamletId,
  waitMsOf,
} from "../../src/ports/fleet.js";
import { type DecisionRecord, keptDecision, type StreamletChange, type Telemetry } from "../../src/ports/telemetry.js";

export const never = Number.POSITIVE_INFINITY;

/** A fleet that only keeps the calls it gets; `roomFor` more streamlets find a host. */
export class FakeFleet implements Fleet {
  readonly calls: string[] = [];
  readonly assigned: { readonly id: StreamletId; readonly request: StreamRequest }[] = [];
  roomFor = never;
  listener: FleetListener | undefined;
  private launched = 0;

  launch(spec: StreamletSpec, count: number): readonly StreamletId[] {
    const ids: StreamletId[] = [];
    for (let i = 0; i < count && this.roomFor > 0; i++, this.roomFor--) ids.push(streamletId(this.launched++, 0));
    if (ids.length > 0) this.calls.push(`launch ${ids.join(" ")} in ${spec.pool}`);
    return ids;
  }

  drain(id: StreamletId): void {
    this.calls.push(`drain ${id}`);
  }

  undrain(id: StreamletId): void {
    this.calls.push(`undrain ${id}`);
  }

  terminate(id: StreamletId, reason: StopReason): void {
    this.calls.push(`terminate ${id} ${reason}`);
  }

  assign(id: StreamletId, request: StreamRequest): void {
    this.assigned.push({ id, request });
  }

  subscribe(listener: FleetListener): void {
    this.listener = listener;
  }

  /** The calls since the last time this was asked. */
  takeCalls(): string[] {
    return this.calls.splice(0);
  }
}

/** Telemetry as lines of text, and the decisions. */
export class NotedTelemetry implements Telemetry {
  readonly lines: string[] = [];
  readonly decisions: DecisionRecord[] = [];
  readonly states: string[] = [];

  onArrival(request: StreamRequest): void {
    this.lines.push(`${request.id} arrived`);
  }
  onRejected(request: StreamRequest, reason: string): void {
    this.lines.push(`${request.id} rejected ${reason}`);
  }
  onAbandoned(request: StreamRequest): void {
    this.lines.push(`${request.id} abandoned`);
  }
  onWaiting(request: StreamRequest): void {
    this.lines.push(`${request.id} waits`);
  }
  onAssigned(request: StreamRequest, id: StreamletId, waited: boolean): void {
    this.lines.push(`${request.id} to ${id} after ${waitMsOf(request)} ms${waited ? ", waited" : ""}`);
  }
  onStreamEnded(): void {}
  onStreamletState({ id, from, to, reason }: StreamletChange): void {
    this.states.push(`${id} ${from} → ${to}${reason === "" ? "" : ` (${reason})`}`);
  }
  onDecision(decision: DecisionRecord): void {
    this.decisions.push(keptDecision(decision));
  }
}

export function poolSpec(index: number, more: Partial<PoolSpec> = {}): PoolSpec {
  return {
    index,
    name: `pool-${index}`,
    region: 0,
    regionName: "eu",
    className: "streamlet",
    formats: [0],
    slots: 2,
    weight: 2,
    ...more,
  };
}

const ordinary: ManagerSpec = {
  max: never,
  regionMax: [never],
  warmPool: 0,
  warmStartMs: () => 0,
  scaleIn: { victims: "emptiest", undrain: true, lazy: false },
  restart: { backoffMs: 1000, factor: 2, maxMs: 10_000, healthyAfterMs: 600_000 },
  min: [0],
  idleTimeoutMs: undefined,
};

/** A manager between a fake fleet, a real kernel and noted telemetry. */
export class ManagedFleet {
  readonly kernel = new Kernel();
  readonly fleet = new FakeFleet();
  readonly telemetry = new NotedTelemetry();
  readonly served: Streamlet[] = [];
  /** What a streamlet that becomes ready or is taken back finds waiting. */
  onServe: (streamlet: Streamlet) => void = () => undefined;
  readonly pools: StreamletPool[];
  readonly manager: Manager;

  constructor(spec: Partial<ManagerSpec> = {}, pools: readonly PoolSpec[] = [poolSpec(0)]) {
    this.pools = pools.map((pool) => new StreamletPool(pool));
    const full: ManagerSpec = { ...ordinary, min: pools.map(() => 0), ...spec };
    const { fleet, kernel, telemetry } = this;
    this.manager = new Manager(full, {
      ...{ pools: this.pools, fleet, scheduler: kernel, telemetry, random: new RandomStream("victims") },
      gateway: {
        serveWaiting: (streamlet) => {
          this.served.push(streamlet);
          this.onServe(streamlet);
        },
      },
    });
  }

  /** This many ready streamlets of pool 0, with ids from 0. */
  ready(count: number): Streamlet[] {
    this.manager.setDesired(0, count);
    for (const { id } of this.pools[0].spawning.slice()) this.manager.onReady(id);
    this.fleet.takeCalls();
    return this.pools[0].ready.slice().sort((a, b) => a.id - b.id);
  }

  /** Assigns this many streams to a streamlet. */
  load(streamlet: Streamlet, streams: number): void {
    for (let i = 0; i < streams; i++) this.pools[streamlet.pool].take(streamlet, this.kernel.nowMs());
    this.manager.onTaken(streamlet);
  }

  /** Ends one of its streams. */
  release(streamlet: Streamlet): void {
    this.pools[streamlet.pool].release(streamlet, this.kernel.nowMs());
    this.manager.onReleased(streamlet);
  }

  at(atMs: number): this {
    this.kernel.run(atMs);
    return this;
  }
}

/**
 * A fleet whose first streamlet crashed as soon as it was ready; `desired` more are ready when the
 * first back-off, of a second, is over.
 */
export function readyAfterCrash(desired: number): ManagedFleet {
  const managed = new ManagedFleet();
  const { manager, kernel } = managed;
  manager.setDesired(0, desired);
  manager.onReady(0);
  manager.onStopped(0, "crashed");
  kernel.run(1000);
  for (let id = 1; id <= desired; id++) manager.onReady(id);
  return managed;
}
