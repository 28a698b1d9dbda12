import type { HostClock } from "../../kernel/kernel.js";

/**
 * Ms on CLOCK_MONOTONIC. Unlike `performance.now`, it has the same origin in every process of
 * this machine, Node or not.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/**
 * The machine's monotonic clock, or one that runs `speed` times as fast. While an outside event
 * is injected the clock is held, so that the time does not change.
 */
export class MonotonicClock implements HostClock {
  private heldMs = Number.NaN;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly speed = 1) {}

  nowMs(): number {
    return Number.isNaN(this.heldMs) ? performance.now() * this.speed : this.heldMs;
  }

  /** Stops the time until `release`; returns it. */
  hold(): number {
    this.heldMs = performance.now() * this.speed;
    return this.heldMs;
  }

  release(): void {
    this.heldMs = Number.NaN;
  }

  wakeAt(hostMs: number, wake: () => void): void {
    clearTimeout(this.timer);
    // Node's timers take 1 ms at least and 2³¹ − 1 ms at most, and may fire slightly early; the
    // kernel then waits again.
    const delayMs = Math.min(Math.max(hostMs / this.speed - performance.now(), 0), 2_000_000_000);
    this.timer = setTimeout(wake, delayMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
