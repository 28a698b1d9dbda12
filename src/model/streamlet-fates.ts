import { fail } from "../base/assert.js";
import type { RandomStream } from "../base/random.js";
import type { StopReason } from "../ports/fleet.js";
import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";
import { drawFate, type Fate, type FateSpec } from "./fate.js";
import type { LeaseTable } from "./lease-table.js";
import type { SimStreamlet } from "./sim-streamlet.js";

/** Also how long a streamlet that hangs goes unnoticed. */
export interface FatesSpec extends FateSpec {
  readonly hangTimeoutMs: number;
}

/** The ends that ready streamlets come to by themselves. */
export class StreamletFates {
  private readonly befall: Readonly<Record<Fate["kind"], (id: number) => void>>;
  private readonly findHung: (id: number) => void;

  constructor(
    private readonly spec: FatesSpec,
    private readonly scheduler: Scheduler,
    private readonly random: RandomStream,
    private readonly leases: LeaseTable,
    private readonly find: (id: number) => SimStreamlet | undefined,
    end: (id: number, reason: StopReason) => void,
  ) {
    this.findHung = (id) => end(id, "hung");
    this.befall = {
      crash: (id) => end(id, "crashed"),
      hang: (id) => this.hang(id),
      "memory-hog": (id) => end(id, "out-of-memory"),
    };
  }

  /** It has become ready. */
  begin(streamlet: SimStreamlet): void {
    const { kind, afterMs } = drawFate(this.spec, this.random);
    if (afterMs !== Number.POSITIVE_INFINITY)
      streamlet.timer = this.scheduler.schedule(afterMs, Phase.Failure, this.befall[kind], streamlet.id);
  }

  /** Nothing moves in it any more, and nobody knows yet: its streams stay open, and further ones come. */
  private hang(id: number): void {
    const streamlet = this.find(id) ?? fail(`streamlet ${id} is not alive`);
    streamlet.hung = true;
    for (let lease = streamlet.firstLease; lease >= 0; lease = this.leases.next(lease)) {
      this.scheduler.cancel(this.leases.timer(lease));
      this.leases.setTimer(lease, NO_TIMER);
    }
    streamlet.timer = this.scheduler.schedule(this.spec.hangTimeoutMs, Phase.Failure, this.findHung, id);
  }
}
