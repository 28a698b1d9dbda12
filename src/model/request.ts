import { objectList } from "../base/object-list.js";
import type { StreamRequest } from "../ports/fleet.js";

/**
 * A request with all that was drawn for it, such as its holding time. Control sees only the
 * StreamRequest in it.
 */
export class SimRequest implements StreamRequest {
  startedAtMs = Number.NaN;
  pool = -1;
  id = 0;
  series = 0;
  region = 0;
  format = 0;
  /** NaN until set. With 0 instead of NaN, V8 would box the later floats. */
  arrivedAtMs = Number.NaN;
  attempt = 0;
  patienceMs = Number.POSITIVE_INFINITY;
  /** How long the stream will hold if nothing interrupts it. */
  holdingMs = Number.NaN;
  /** Cores, bytes and bits/s; 0 where the scenario has none. */
  cpu = 0;
  memoryBytes = 0;
  bitsPerSecond = 0;
  /** The id of the first attempt. */
  source = 0;
}

/**
 * Makes requests, and reuses those that were assigned: their numbers stand in the fleet's leases. A
 * day has a million requests: without reuse garbage collection took a fifth of a run. Keep no
 * reference to a request beyond its assignment or the report of its end.
 */
export class RequestStock {
  private readonly spare = objectList<SimRequest>();
  private lastId = 0;

  /** Numbers rise with the order of arrival. */
  nextId(): number {
    return ++this.lastId;
  }

  /** A request that has not started. The caller sets the same fields each time. */
  take(): SimRequest {
    const request = this.spare.pop() ?? new SimRequest();
    request.startedAtMs = Number.NaN;
    request.pool = -1;
    return request;
  }

  /** Call it when nothing reads the request any more. */
  giveBack(request: SimRequest): void {
    this.spare.push(request);
  }
}
