import type { Scheduler } from "../ports/scheduler.js";
import type { Host, Reservation } from "./hosts.js";
import type { SimRequest } from "./request.js";

/** The demand of a streamlet's open streams, and when it exceeded the caps. */
export interface Load {
  cpuDemand: number;
  memoryBytes: number;
  bitsDemand: number;
  /** Infinity while overloaded, else the end of the last overload; −Infinity without any. */
  overloadedUntilMs: number;
}

type Clock = Pick<Scheduler, "nowMs">;
type Demand = Pick<Load, "cpuDemand" | "bitsDemand">;

/** 1e-9 of slack: sums of binary fractions that come and go drift by about 1e-15 each. */
const SLACK = 1e-9;

/** A streamlet as its load sees it: its caps, and the host that it runs on. */
export interface LoadedStreamlet extends Load {
  readonly spec: { readonly reservation: Reservation };
  readonly host: Host | undefined;
}

/**
 * Adds (sign 1) or removes (−1) one stream, on the streamlet and on its host. Above its CPU or
 * bandwidth cap a streamlet is overloaded and its own streams degrade. Other streamlets do not:
 * it takes min(demand, cap) of its host. This is one function that reads the clock itself.
 * Passing an instant in and a change out cost 100 bytes of garbage a stream.
 */
export function updateLoad(streamlet: LoadedStreamlet, request: SimRequest, sign: number, clock: Clock): void {
  const caps = streamlet.spec.reservation;
  const { host } = streamlet;
  const cpuBefore = Math.min(streamlet.cpuDemand, caps.cpu);
  const bitsBefore = Math.min(streamlet.bitsDemand, caps.bitsPerSecond);
  streamlet.cpuDemand += sign * request.cpu;
  streamlet.memoryBytes += sign * request.memoryBytes;
  streamlet.bitsDemand += sign * request.bitsPerSecond;
  mark(streamlet, exceeds(streamlet, caps), clock);
  if (host === undefined) return;
  host.cpuDemand += Math.min(streamlet.cpuDemand, caps.cpu) - cpuBefore;
  host.bitsDemand += Math.min(streamlet.bitsDemand, caps.bitsPerSecond) - bitsBefore;
  mark(host, exceeds(host, host.spec), clock);
}

function exceeds(demand: Demand, { cpu, bitsPerSecond }: Pick<Reservation, "cpu" | "bitsPerSecond">): boolean {
  return demand.cpuDemand > cpu + SLACK || demand.bitsDemand > bitsPerSecond * (1 + SLACK);
}

/** Whether it was overloaded at any time since `fromMs`. */
export function wasOverloaded(load: Pick<Load, "overloadedUntilMs">, fromMs: number): boolean {
  return load.overloadedUntilMs > fromMs;
}

export function hostOverloaded(host: Host, fromMs: number): boolean {
  return wasOverloaded(host, fromMs);
}

function mark(load: Pick<Load, "overloadedUntilMs">, overloaded: boolean, clock: Clock): void {
  if (overloaded === (load.overloadedUntilMs === Number.POSITIVE_INFINITY)) return;
  load.overloadedUntilMs = overloaded ? Number.POSITIVE_INFINITY : clock.nowMs();
}
