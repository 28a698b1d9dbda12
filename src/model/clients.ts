import type { RandomStream } from "../base/random.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { RequestStock, SimRequest } from "./request.js";

export interface ReconnectLaw {
  readonly backoffMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly attempts: number;
  /** Share of the wait that is drawn at random: 0 = all at once (a thundering herd), 1 = full jitter. */
  readonly jitter: number;
}

/**
 * Clients whose stream was interrupted ask again for the rest of it: attempt n comes backoff·factorⁿ⁻¹ after the end, at most `maxMs`. A
 * reconnection that is turned away or loses patience is tried again until the attempts are used up; a first attempt is not.
 */
export class ReconnectingClients {
  constructor(
    private readonly law: ReconnectLaw,
    private readonly scheduler: Scheduler,
    private readonly random: RandomStream,
    private readonly stock: RequestStock,
    private readonly send: (request: SimRequest) => void,
  ) {}

  onInterrupted(request: SimRequest): void {
    const servedMs = this.scheduler.nowMs() - request.startedAtMs;
    // Who was served for a while begins anew; else a stream that is killed as soon as it starts would come back in the same instant for ever.
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
    this.scheduler.schedule(waitMs, Phase.Arrival, () => {
      next.id = this.stock.nextId();
      next.arrivedAtMs = this.scheduler.nowMs();
      this.send(next);
    });
  }

  /** At once, since the request that has ended may be another one's by the time its client is back. */
  private copyOf(request: SimRequest): SimRequest {
    const copy = this.stock.take();
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
