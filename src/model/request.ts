import type { StreamRequest } from "../ports/fleet.js";

/**
 * A request with all that was drawn for it, such as its holding time. Control sees only the
 * StreamRequest in it.
 */
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
 * Makes requests, and reuses those whose streams have ended. A day has a million requests of about
 * ten minutes each: without reuse garbage collection took a fifth of a run. Keep no reference to a
 * request beyond the end of its stream.
 */
export class RequestStock {
  private readonly ended: SimRequest[] = [];
  private lastId = 0;

  /** Numbers rise with the order of arrival. */
  nextId(): number {
    return ++this.lastId;
  }

  /** A request that has not started. The caller sets the same fields each time. */
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

/** Infinite patience and no load, as for keys left out. NaN rather than 0 keeps floats unboxed. */
function blank(): SimRequest {
  return new SimRequest(0, 0, 0, 0, Number.NaN, 0, Number.POSITIVE_INFINITY, Number.NaN, 0, 0, 0, 0);
}
