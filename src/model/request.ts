import type { StreamRequest } from "../ports/fleet.js";

/** A request as the world knows it: with what it will turn out to need. Control sees only the StreamRequest in it. */
export class SimRequest implements StreamRequest {
  startedAtMs = Number.NaN;
  pool = -1;

  constructor(
    public id: number,
    public series: number,
    public region: number,
    public format: number,
    public arrivedAtMs: number,
    public attempt: number,
    public patienceMs: number,
    /** How long the stream will hold if nothing interrupts it. */
    public holdingMs: number,
    /** Cores, bytes and bits/s; 0 where the scenario has none. */
    public cpu: number,
    public memoryBytes: number,
    public bitsPerSecond: number,
    /** The id of the first attempt. */
    public source: number,
  ) {}
}

/**
 * Makes requests, out of those whose streams have ended where there are any: a million fresh ones a day, each alive for ten minutes, kept the
 * garbage collector busy for a fifth of a run. So nobody may keep a request beyond its stream's end.
 */
export class RequestStock {
  private readonly ended: SimRequest[] = [];
  private lastId = 0;

  /** Numbers rise with the order of arrival. */
  nextId(): number {
    return ++this.lastId;
  }

  /** A request that has not started; the caller fills in what the scenario gives, the same fields each time. */
  take(): SimRequest {
    const request = this.ended.pop() ?? blank();
    request.startedAtMs = Number.NaN;
    request.pool = -1;
    return request;
  }

  /** The request's stream has ended, and everybody has heard of it. */
  giveBack(request: SimRequest): void {
    this.ended.push(request);
  }
}

/** Patient for ever and without load: what a scenario leaves out stays so. NaN rather than 0 where a float will come. */
function blank(): SimRequest {
  return new SimRequest(0, 0, 0, 0, Number.NaN, 0, Number.POSITIVE_INFINITY, Number.NaN, 0, 0, 0, 0);
}
