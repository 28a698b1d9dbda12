import { fail } from "../base/assert.js";
import type { RandomStream } from "../base/random.js";
import type { StopReason } from "../ports/fleet.js";
import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";
import { drawFailureMode, type FailureMode, type FailureSpec } from "./failure-mode.js";
import type { LeaseTable } from "./lease-table.js";
import type { SimStreamlet } from "./sim-streamlet.js";

/** The part of the simulated fleet that failures act on. */
export interface FailingFleet {
  readonly leases: LeaseTable;
  find(id: number): SimStreamlet | undefined;
  end(id: number, reason: StopReason): void;
}

/** Failures of ready streamlets: crashes, hangs, memory hogs. */
export class StreamletFailures {
  private readonly onFailure: Readonly<Record<FailureMode["kind"], (id: number) => void>>;
  private readonly onHangFound: (id: number) => void;

  constructor(
    private readonly spec: FailureSpec,
    private readonly scheduler: Scheduler,
    private readonly random: RandomStream,
    private readonly fleet: FailingFleet,
  ) {
    this.onHangFound = (id) => fleet.end(id, "hung");
    this.onFailure = {
      crash: (id) => fleet.end(id, "crashed"),
      hang: (id) => this.hang(id),
      "memory-hog": (id) => fleet.end(id, "out-of-memory"),
    };
  }

  /** Schedules the failure of a streamlet that has become ready. */
  begin(streamlet: SimStreamlet): void {
    const { kind, afterMs } = drawFailureMode(this.spec, this.random);
    if (afterMs !== Number.POSITIVE_INFINITY)
      streamlet.timer = this.scheduler.schedule(afterMs, Phase.Failure, this.onFailure[kind], streamlet.id);
  }

  /**
   * It does nothing more, but this is not noticed yet: its streams stay open, and more are
   * assigned.
   */
  private hang(id: number): void {
    const { leases } = this.fleet;
    const streamlet = this.fleet.find(id) ?? fail(`streamlet ${id} is not alive`);
    streamlet.health = "hung";
    for (let lease = streamlet.firstLease; lease >= 0; lease = leases.next(lease)) {
      this.scheduler.cancel(leases.timer(lease));
      leases.setTimer(lease, NO_TIMER);
    }
    streamlet.timer = this.scheduler.schedule(this.spec.hangTimeoutMs, Phase.Failure, this.onHangFound, id);
  }
}
