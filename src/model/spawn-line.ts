import type { Scheduler } from "../ports/scheduler.js";

/** How one machine starts processes, as calibrated. */
export interface SpawnLineSpec {
  /** Most starts under way at once; the others wait in order. The streamlet manager starts as many as it has cores. */
  readonly startsAtOnce: number;
  /** Part of each start that only one can be in at a time: the fork, which blocks the manager. In ms. */
  readonly serialMs: number;
}

/**
 * The starts of one machine: a queue before as many servers as cores, each start with a serial part in front. With no more starts under way than
 * cores, sharing the processors comes down to waiting for one.
 */
export class SpawnLine {
  private readonly waiting: number[] = [];
  private readonly underWay = new Set<number>();
  private forkFreeMs = 0;

  constructor(
    private readonly spec: SpawnLineSpec,
    private readonly scheduler: Scheduler,
    /** Its turn has come: the start begins after `delayMs`, beside `others` that are under way. */
    private readonly begin: (id: number, delayMs: number, others: number) => void,
  ) {}

  enter(id: number): void {
    this.waiting.push(id);
    this.next();
  }

  /** It is ready, has failed, or is no longer wanted. */
  leave(id: number): void {
    if (!this.underWay.delete(id)) {
      const at = this.waiting.indexOf(id);
      if (at >= 0) this.waiting.splice(at, 1);
    }
    this.next();
  }

  private next(): void {
    while (this.underWay.size < this.spec.startsAtOnce && this.waiting.length > 0) {
      const id = this.waiting.shift() as number;
      const nowMs = this.scheduler.nowMs();
      const fromMs = this.forkFreeMs > nowMs ? this.forkFreeMs : nowMs;
      this.forkFreeMs = fromMs + this.spec.serialMs;
      this.underWay.add(id);
      this.begin(id, fromMs - nowMs, this.underWay.size - 1);
    }
  }
}
