import type { RandomStream } from "../base/random.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { RequestStock, SimRequest } from "./request.js";

export interface ReconnectLaw {
  readonly backoffMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly attempts: number;
  /** Random share of the wait: 0 = all reconnect at once, 1 = full jitter. */
  readonly jitter: number;
}

/**
 * Clients of interrupted streams reconnect for the rest of their stream. Attempt n starts
 * backoff·factorⁿ⁻¹ after the end, at most `maxMs` after it. A reconnection that is rejected or
 * abandoned is repeated until the attempts are used up. A first attempt is not repeated.
 */
export class ReconnectingClients {
  constructor(
    private readonly law: ReconnectLaw,
    private readonly random: RandomStream,
    private readonly parts: {
      readonly scheduler: Scheduler;
      readonly stock: RequestStock;
      readonly send: (request: SimRequest) => void;
    },
  ) {}

  onInterrupted(request: SimRequest): void {
    const servedMs = this.parts.scheduler.nowMs() - request.startedAtMs;
    // A stream that was served restarts the count. Without this rule a stream killed at its start
    // would reconnect at the same instant without end.
    const attempt = servedMs > 0 ? 1 : request.attempt + 1;
    this.again(request, Math.max(0, request.holdingMs - servedMs), attempt);
  }

  /** A request was rejected or lost patience. */
  onUnserved(request: SimRequest): void {
    if (request.attempt > 0) this.again(request, request.holdingMs, request.attempt + 1);
  }

  private again(request: SimRequest, restMs: number, attempt: number): void {
    if (attempt > this.law.attempts || restMs <= 0) return;
    let waitMs = this.law.backoffMs;
    for (let i = 1; i < attempt && waitMs < this.law.maxMs; i++) waitMs *= this.law.factor;
    waitMs = Math.min(waitMs, this.law.maxMs);
    if (this.law.jitter > 0) waitMs *= 1 - this.law.jitter * this.random.uniform();
    const next = this.copyOf(request);
    next.attempt = attempt;
    next.holdingMs = restMs;
    this.parts.scheduler.schedule(waitMs, Phase.Arrival, () => {
      next.id = this.parts.stock.nextId();
      next.arrivedAtMs = this.parts.scheduler.nowMs();
      this.parts.send(next);
    });
  }

  /** Copied at once: the ended request object is reused before its client reconnects. */
  private copyOf(request: SimRequest): SimRequest {
    const copy = this.parts.stock.take();
    copy.series = request.series;
    copy.region = request.region;
    copy.format = request.format;
    copy.patienceMs = request.patienceMs;
    copy.cpu = request.cpu;
    copy.memoryBytes = request.memoryBytes;
    copy.bitsPerSecond = request.bitsPerSecond;
    copy.source = request.source;
    return copy;
  }
}
