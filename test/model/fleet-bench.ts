import { constantLaw, distributionOf, type Law } from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import type { FleetModelSpec, FleetPoolSpec } from "../../src/model/fleet-spec.js";
import type { HostSupply } from "../../src/model/host-supply.js";
import { HostGroup, type HostSpec } from "../../src/model/hosts.js";
import { RequestStock } from "../../src/model/request.js";
import { SimFleet } from "../../src/model/sim-fleet.js";
import type { FleetListener, StreamletId } from "../../src/ports/fleet.js";
import { type HandRequest, simRequest } from "../world/hand-driven.js";

export const never = Number.POSITIVE_INFINITY;
const roomy: HostSpec = { cpu: never, memoryBytes: never, bitsPerSecond: never, cpuOvercommit: 1 };

/** A simulated fleet of one pool that records its reports with their seconds. */
export class FleetBench implements FleetListener {
  readonly kernel = new Kernel();
  readonly lines: string[] = [];
  readonly readyAtMs: number[] = [];
  readonly fleet: SimFleet;
  readonly group: HostGroup | undefined;
  readonly supply: HostSupply | undefined;
  private requests = 0;

  constructor(
    pool: Partial<FleetPoolSpec> & { readonly spawnLaw?: Law } = {},
    more: Partial<FleetModelSpec> & {
      readonly hosts?: number;
      readonly host?: Partial<HostSpec>;
      /** The number launched before t=0. */
      readonly initial?: number;
      /** Makes the hosts elastic. */
      readonly supply?: (group: HostGroup, kernel: Kernel) => HostSupply;
    } = {},
  ) {
    const { spawnLaw, ...rest } = pool;
    const { hosts, host, initial, supply, ...spec } = more;
    this.group = hosts === undefined ? undefined : new HostGroup(0, hosts, { ...roomy, ...host }, "best-fit");
    this.supply = this.group === undefined ? undefined : supply?.(this.group, this.kernel);
    const poolSpec: FleetPoolSpec = {
      pool: 0,
      region: 0,
      reservation: { cpu: never, memoryBytes: never, bitsPerSecond: never },
      baseMemoryBytes: 0,
      oomAboveBytes: never,
      spawn: distributionOf(spawnLaw ?? constantLaw(0)),
      contention: 0,
      ...rest,
    };
    this.fleet = new SimFleet(
      {
        pools: [poolSpec],
        hostGroups: [this.group],
        hostSupply: this.supply,
        streamletMtbfMs: never,
        hangTimeoutMs: 2000,
        spawnFailure: 0,
        hostMtbfMs: never,
        hostRepair: distributionOf(constantLaw(60_000)),
        loadMatters: true,
        ...spec,
      },
      this.kernel,
      { spawn: new RandomStream("spawn"), faults: new RandomStream("faults"), reclaim: new RandomStream("reclaim") },
      new RequestStock(),
    );
    this.fleet.subscribe(this);
    if (initial !== undefined) this.launch(initial);
    this.fleet.start();
  }

  launch(count: number): readonly StreamletId[] {
    return this.fleet.launch({ pool: 0 }, count);
  }

  assign(id: StreamletId, request: Omit<HandRequest, "atS">): void {
    const atS = this.kernel.nowMs() / 1000;
    const made = simRequest({ atS, ...request }, ++this.requests);
    made.startedAtMs = this.kernel.nowMs();
    this.fleet.assign(id, made);
  }

  at(seconds: number): this {
    this.kernel.run(seconds * 1000);
    return this;
  }

  onReady(id: StreamletId): void {
    this.readyAtMs.push(this.kernel.nowMs());
    this.note(`${id} ready`);
  }
  onStreamEnded(id: StreamletId, request: { readonly id: number }, end: string, degraded: boolean): void {
    this.note(`stream ${request.id} on ${id} ${end}${degraded ? ", degraded" : ""}`);
  }
  onStopped(id: StreamletId, reason: string): void {
    this.note(`${id} stopped: ${reason}`);
  }
  onHostLeaving(id: StreamletId): void {
    this.note(`the host of ${id} leaves`);
  }
  onRoom(): void {
    this.note("room");
  }

  /** What was reported since the last time this was asked. */
  take(): string[] {
    return this.lines.splice(0);
  }

  private note(what: string): void {
    this.lines.push(`${this.kernel.nowMs() / 1000} s: ${what}`);
  }
}
