import type { StreamRequest } from "../ports/fleet.js";

/** A request as the world knows it: with what it will turn out to need. Control sees only the StreamRequest in it. */
export class SimRequest implements StreamRequest {
  startedAtMs = Number.NaN;
  pool = -1;

  constructor(
    readonly id: number,
    readonly series: number,
    readonly region: number,
    readonly format: number,
    readonly arrivedAtMs: number,
    readonly attempt: number,
    readonly patienceMs: number,
    /** How long the stream will hold if nothing interrupts it. */
    readonly holdingMs: number,
    /** Cores, bytes and bits/s; 0 where the scenario has none. */
    readonly cpu: number,
    readonly memoryBytes: number,
    readonly bitsPerSecond: number,
  ) {}
}
