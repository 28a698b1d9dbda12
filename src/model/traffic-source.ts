import type { Distribution } from "../base/distribution.js";
import type { RandomStream } from "../base/random.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { ArrivalProcess } from "./arrivals.js";
import { SimRequest } from "./request.js";
import type { SeriesMix } from "./series-mix.js";

/** What is drawn for each request at its arrival, each from a stream of its own. Undefined = patience for ever, or no load. */
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
    private readonly nextId: () => number,
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
    const request = new SimRequest(
      this.nextId(),
      series,
      this.seriesRegion[series],
      this.seriesFormat[series],
      atMs,
      0,
      laws.patience === undefined ? Number.POSITIVE_INFINITY : laws.patience.sample(streams.patience),
      laws.holding.sample(streams.holding),
      laws.cpu === undefined ? 0 : laws.cpu.sample(streams.load),
      laws.memoryBytes === undefined ? 0 : laws.memoryBytes.sample(streams.load),
      laws.bitsPerSecond === undefined ? 0 : laws.bitsPerSecond.sample(streams.load),
    );
    this.scheduleNext();
    this.send(request);
  };
}
