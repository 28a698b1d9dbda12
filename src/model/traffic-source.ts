import type { Distribution } from "../base/distribution.js";
import type { RandomStream } from "../base/random.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { ArrivalProcess } from "./arrivals.js";
import type { RequestStock, SimRequest } from "./request.js";
import type { SeriesMix } from "./series-mix.js";

/**
 * Distributions drawn per request at its arrival, each from its own random stream. Undefined means
 * infinite patience, or no load.
 */
export interface RequestLaws {
  readonly holding: Distribution;
  readonly patience: Distribution | undefined;
  readonly cpu: Distribution | undefined;
  readonly memoryBytes: Distribution | undefined;
  readonly bitsPerSecond: Distribution | undefined;
}

export interface RequestStreams {
  readonly holding: RandomStream;
  readonly patience: RandomStream;
  readonly load: RandomStream;
}

/** First-attempt arrivals. Nothing that a policy does can move them, or what they bring. */
export class TrafficSource {
  constructor(
    private readonly process: ArrivalProcess,
    private readonly mix: SeriesMix,
    private readonly seriesRegion: Int32Array,
    private readonly seriesFormat: Int32Array,
    private readonly laws: RequestLaws,
    private readonly streams: RequestStreams,
    private readonly scheduler: Scheduler,
    private readonly stock: RequestStock,
    private readonly send: (request: SimRequest) => void,
  ) {}

  start(): void {
    this.scheduleNext();
  }

  private scheduleNext(): void {
    const atMs = this.process.nextAfter(this.scheduler.nowMs());
    if (atMs !== Number.POSITIVE_INFINITY) this.scheduler.scheduleAt(atMs, Phase.Arrival, this.arrive);
  }

  private readonly arrive = (): void => {
    const { laws, streams } = this;
    const atMs = this.scheduler.nowMs();
    const series = this.mix.draw(atMs);
    const request = this.stock.take();
    request.id = this.stock.nextId();
    request.source = request.id;
    request.series = series;
    request.region = this.seriesRegion[series];
    request.format = this.seriesFormat[series];
    request.arrivedAtMs = atMs;
    request.attempt = 0;
    request.holdingMs = laws.holding.sample(streams.holding);
    if (laws.patience !== undefined) request.patienceMs = laws.patience.sample(streams.patience);
    if (laws.cpu !== undefined) request.cpu = laws.cpu.sample(streams.load);
    if (laws.memoryBytes !== undefined) request.memoryBytes = laws.memoryBytes.sample(streams.load);
    if (laws.bitsPerSecond !== undefined) request.bitsPerSecond = laws.bitsPerSecond.sample(streams.load);
    this.scheduleNext();
    this.send(request);
  };
}
