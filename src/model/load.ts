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

/** What a streamlet takes of its host: its streams' demand, but never more than its caps. */
export interface HostShare {
  readonly cpu: number;
  readonly bitsPerSecond: number;
}

/**
 * Adds (sign 1) or removes (−1) one stream. Returns the change of the streamlet's use of its host.
 * Above its CPU or bandwidth cap a streamlet is overloaded and its own streams degrade. Other
 * streamlets do not: it never gets more than its cap.
 */
export function updateLoad(load: Load, caps: Reservation, request: SimRequest, sign: number, nowMs: number): HostShare {
  const cpuBefore = Math.min(load.cpuDemand, caps.cpu);
  const bitsBefore = Math.min(load.bitsDemand, caps.bitsPerSecond);
  load.cpuDemand += sign * request.cpu;
  load.memoryBytes += sign * request.memoryBytes;
  load.bitsDemand += sign * request.bitsPerSecond;
  mark(load, load.cpuDemand > caps.cpu + SLACK || load.bitsDemand > caps.bitsPerSecond * (1 + SLACK), nowMs);
  return {
    cpu: Math.min(load.cpuDemand, caps.cpu) - cpuBefore,
    bitsPerSecond: Math.min(load.bitsDemand, caps.bitsPerSecond) - bitsBefore,
  };
}

/** The same for a host: the sum of min(demand, cap) over the streamlets on it. */
export function updateHostLoad(host: Host, change: HostShare, nowMs: number): void {
  host.cpuDemand += change.cpu;
  host.bitsDemand += change.bitsPerSecond;
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
