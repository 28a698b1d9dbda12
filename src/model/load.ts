import type { Host, Reservation } from "./hosts.js";
import type { SimRequest } from "./request.js";

/** What the open streams of a streamlet ask for, and when it was more than the caps give. */
export interface Load {
  cpuDemand: number;
  memoryBytes: number;
  bitsDemand: number;
  /** NaN = not overloaded now. */
  overloadedSinceMs: number;
  lastOverloadEndMs: number;
}

/** 1e-9 of slack: sums of binary fractions that come and go drift by about 1e-15 each. */
const SLACK = 1e-9;

/** Adds (sign 1) or takes away (−1) one stream. Above its CPU or bandwidth cap a streamlet is overloaded: its streams degrade. */
export function updateLoad(load: Load, caps: Reservation, request: SimRequest, sign: number, nowMs: number): void {
  load.cpuDemand += sign * request.cpu;
  load.memoryBytes += sign * request.memoryBytes;
  load.bitsDemand += sign * request.bitsPerSecond;
  mark(load, load.cpuDemand > caps.cpu + SLACK || load.bitsDemand > caps.bitsPerSecond * (1 + SLACK), nowMs);
}

/** The same for a host, whose cores and network all its streamlets share. */
export function updateHostLoad(host: Host, request: SimRequest, sign: number, nowMs: number): void {
  host.cpuDemand += sign * request.cpu;
  host.bitsDemand += sign * request.bitsPerSecond;
  const { cpu, bitsPerSecond } = host.spec;
  mark(host, host.cpuDemand > cpu + SLACK || host.bitsDemand > bitsPerSecond * (1 + SLACK), nowMs);
}

/** Was it overloaded at any time since `fromMs`? */
export function wasOverloaded(load: Pick<Load, "overloadedSinceMs" | "lastOverloadEndMs">, fromMs: number): boolean {
  return load.overloadedSinceMs === load.overloadedSinceMs || load.lastOverloadEndMs > fromMs;
}

export function hostOverloaded(host: Host, fromMs: number): boolean {
  return wasOverloaded(host, fromMs);
}

function mark(load: Pick<Load, "overloadedSinceMs" | "lastOverloadEndMs">, overloaded: boolean, nowMs: number): void {
  const was = load.overloadedSinceMs === load.overloadedSinceMs;
  if (overloaded === was) return;
  if (overloaded) load.overloadedSinceMs = nowMs;
  else {
    load.overloadedSinceMs = Number.NaN;
    load.lastOverloadEndMs = nowMs;
  }
}
