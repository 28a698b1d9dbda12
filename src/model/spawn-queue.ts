import type { RandomStream } from "../base/random.js";
import { NO_TIMER, Phase, type Scheduler, type TimerId } from "../ports/scheduler.js";

/** How one machine starts processes, as calibrated. */
export interface SpawnQueueSpec {
  /**
   * Most starts under way at once; further ones wait in order. The streamlet manager starts as
   * many as it has cores.
   */
  readonly startsAtOnce: number;
  /** Serial part of each start, in ms: the fork, which blocks its caller. */
  readonly serialMs: number;
  /**
   * Two starts that are under way together each take (1 + sharing) times as long, three (1 +
   * 2·sharing).
   */
  readonly sharing: number;
  /** Each stream that is open on the machine lengthens a start by this share, */
  readonly perStream: number;
  /** and adds this much to `sharing`, since two starts at once then find no core free; */
  readonly crowding: number;
  /** and with this probability a start finds the cores busy, and waits for: */
  readonly delayChance: number;
  /** an exponential time with this mean, in ms. */
  readonly delayMs: number;
  /**
   * Part of each start outside the queue, in ms: its way to the streamlet manager and back, and
   * the wake-up of sleeping processes.
   */
  readonly outsideMs: number;
}

interface Start {
  readonly phase: Phase;
  /** The remaining time if it had the machine to itself. */
  leftMs: number;
  /** True after the fork. */
  running: boolean;
  timer: TimerId;
}

interface Pending {
  readonly id: number;
  readonly workMs: number;
  readonly phase: Phase;
}

/** The callbacks of a queue of starts. */
export interface SpawnQueueOwner {
  /** Streams that are open on the machine now. */
  openStreams(): number;
  /** The start has ended, and has left the queue. */
  onStarted(id: number): void;
}

/**
 * The starts of one machine: a queue before as many servers as cores. Each start begins with a
 * serial part. The starts under way share the machine (processor sharing) with each other, and
 * with the streams that are open when one of them begins or ends.
 */
export class SpawnQueue {
  /** Starts before the queue. */
  private readonly coming = new Map<number, Pending & { readonly timer: TimerId }>();
  private readonly waiting: Pending[] = [];
  private readonly underWay = new Map<number, Start>();
  private forkFreeMs = 0;
  private stretch = 1;
  private settledAtMs = 0;

  constructor(
    private readonly spec: SpawnQueueSpec,
    private readonly scheduler: Scheduler,
    private readonly random: RandomStream,
    private readonly owner: SpawnQueueOwner,
  ) {}

  /** A start that would take `workMs` alone; its end is an event of this phase. */
  enter(id: number, workMs: number, phase: Phase): void {
    const outsideMs = Math.min(this.spec.outsideMs, workMs);
    const pending = { id, workMs: workMs - outsideMs + this.delay(), phase };
    if (outsideMs === 0) this.join(pending);
    else this.coming.set(id, { ...pending, timer: this.scheduler.schedule(outsideMs, Phase.Ready, this.arrive, id) });
  }

  /** Takes out a start that is no longer wanted. */
  leave(id: number): void {
    const coming = this.coming.get(id);
    if (coming !== undefined) {
      this.scheduler.cancel(coming.timer);
      this.coming.delete(id);
      return;
    }
    const start = this.underWay.get(id);
    if (start === undefined) {
      const at = this.waiting.findIndex((one) => one.id === id);
      if (at >= 0) this.waiting.splice(at, 1);
      return;
    }
    this.scheduler.cancel(start.timer);
    this.remove(id);
  }

  private readonly arrive = (id: number): void => {
    const pending = this.coming.get(id) as Pending;
    this.coming.delete(id);
    this.join(pending);
  };

  private join(pending: Pending): void {
    this.waiting.push(pending);
    this.next();
  }

  /** Drawn for each start, delayed or not, so that every policy gets the same numbers. */
  private delay(): number {
    const { delayChance, delayMs } = this.spec;
    if (delayChance === 0) return 0;
    const [chance, length] = [this.random.uniform(), this.random.exponential()];
    return chance < delayChance * this.owner.openStreams() ? length * delayMs : 0;
  }

  private next(): void {
    while (this.underWay.size < this.spec.startsAtOnce && this.waiting.length > 0) {
      const { id, workMs, phase } = this.waiting.shift() as Pending;
      const nowMs = this.scheduler.nowMs();
      const fromMs = this.forkFreeMs > nowMs ? this.forkFreeMs : nowMs;
      this.forkFreeMs = fromMs + this.spec.serialMs;
      const start: Start = { phase, leftMs: workMs, running: false, timer: NO_TIMER };
      this.underWay.set(id, start);
      if (fromMs > nowMs) start.timer = this.scheduler.schedule(fromMs - nowMs, Phase.Ready, this.run, id);
      else this.run(id);
    }
  }

  private readonly run = (id: number): void => {
    this.settle();
    (this.underWay.get(id) as Start).running = true;
    this.arm();
  };

  private readonly end = (id: number): void => {
    this.remove(id);
    this.owner.onStarted(id);
  };

  private remove(id: number): void {
    this.settle();
    this.underWay.delete(id);
    this.arm();
    this.next();
  }

  /** Subtracts the work done since the last change. */
  private settle(): void {
    const nowMs = this.scheduler.nowMs();
    const doneMs = (nowMs - this.settledAtMs) / this.stretch;
    this.settledAtMs = nowMs;
    for (const start of this.underWay.values())
      if (start.running) start.leftMs = start.leftMs > doneMs ? start.leftMs - doneMs : 0;
  }

  private arm(): void {
    let running = 0;
    for (const start of this.underWay.values()) if (start.running) running++;
    if (running === 0) return;
    const { sharing, perStream, crowding } = this.spec;
    const open = this.owner.openStreams();
    this.stretch = 1 + (sharing + crowding * open) * (running - 1) + perStream * open;
    for (const [id, start] of this.underWay) {
      if (!start.running) continue;
      this.scheduler.cancel(start.timer);
      start.timer = this.scheduler.schedule(start.leftMs * this.stretch, start.phase, this.end, id);
    }
  }
}
