import type { Distribution } from "../base/distribution.js";
import type { RandomStream } from "../base/random.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { ArrivalProcess } from "./arrivals.js";
import { DrawnAhead } from "./drawn-ahead.js";
import type { RequestStock, SimRequest } from "./request.js";
import type { SeriesMix } from "./series-mix.js";

/**
 * Distributions drawn per request at its arrival, each from its own random stream. Undefined means
 * infinite patience, or no load.
 */
interface RequestLaws {
  readonly holding: Distribution;
  readonly patience: Distribution | undefined;
  readonly cpu: Distribution | undefined;
  readonly memoryBytes: Distribution | undefined;
  readonly bitsPerSecond: Distribution | undefined;
}

interface RequestStreams {
  readonly holding: RandomStream;
  readonly patience: RandomStream;
  readonly load: RandomStream;
}

/** When requests arrive, of which series they are, and what is drawn for each. */
export interface TrafficSpec {
  readonly process: ArrivalProcess;
  readonly mix: SeriesMix;
  /** Region and format of each series. Int32Array[series]. */
  readonly seriesRegion: Int32Array;
  readonly seriesFormat: Int32Array;
  readonly laws: RequestLaws;
  readonly streams: RequestStreams;
}

/** First-attempt arrivals. No policy changes when they arrive or what is drawn for them. */
export class TrafficSource {
  private readonly instants: DrawnAhead;
  private readonly holdingMs: DrawnAhead;
  private drawnUntilMs = Number.NaN;

  constructor(
    private readonly spec: TrafficSpec,
    private readonly scheduler: Scheduler,
    private readonly stock: RequestStock,
    private readonly send: (request: SimRequest) => void,
  ) {
    // Bound: V8 compiled arrow functions again in each run.
    this.instants = new DrawnAhead(this.drawInstants.bind(this));
    this.holdingMs = new DrawnAhead(this.drawHolding.bind(this));
  }

  start(): void {
    this.drawnUntilMs = this.scheduler.nowMs();
    this.scheduleNext();
  }

  private drawInstants(block: Float64Array): void {
    const arrivals = this.spec.process;
    for (let i = 0; i < block.length; i++) {
      this.drawnUntilMs = arrivals.nextAfter(this.drawnUntilMs);
      block[i] = this.drawnUntilMs;
    }
  }

  private drawHolding(block: Float64Array): void {
    const { laws, streams } = this.spec;
    for (let i = 0; i < block.length; i++) block[i] = laws.holding.sample(streams.holding);
  }

  private scheduleNext(): void {
    const atMs = this.instants.next();
    if (atMs !== Number.POSITIVE_INFINITY) this.scheduler.scheduleAt(atMs, Phase.Arrival, this.arrive);
  }

  private readonly arrive = (): void => {
    const { mix, seriesRegion, seriesFormat, laws, streams } = this.spec;
    const atMs = this.scheduler.nowMs();
    const series = mix.draw(atMs);
    const request = this.stock.take();
    request.id = this.stock.nextId();
    request.source = request.id;
    request.series = series;
    request.region = seriesRegion[series];
    request.format = seriesFormat[series];
    request.arrivedAtMs = atMs;
    request.attempt = 0;
    request.holdingMs = this.holdingMs.next();
    if (laws.patience !== undefined) request.patienceMs = laws.patience.sample(streams.patience);
    if (laws.cpu !== undefined) request.cpu = laws.cpu.sample(streams.load);
    if (laws.memoryBytes !== undefined) request.memoryBytes = laws.memoryBytes.sample(streams.load);
    if (laws.bitsPerSecond !== undefined) request.bitsPerSecond = laws.bitsPerSecond.sample(streams.load);
    this.scheduleNext();
    this.send(request);
  };
}
