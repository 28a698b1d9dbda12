import type { HostClock } from "../../src/kernel/kernel.js";

/**
 * A host clock that the test moves. Each reading costs `readingMs`, and a wake-up comes late by
 * `latenessMs()`.
 */
export class FakeHostClock implements HostClock {
  private timeMs: number;
  private due = Number.POSITIVE_INFINITY;
  private wake: (() => void) | undefined;
  wakeUps = 0;

  constructor(
    startMs: number,
    private readonly readingMs = 0,
    private readonly latenessMs: () => number = () => 0,
  ) {
    this.timeMs = startMs;
  }

  nowMs(): number {
    this.timeMs += this.readingMs;
    return this.timeMs;
  }

  wakeAt(hostMs: number, wake: () => void): void {
    this.due = hostMs;
    this.wake = wake;
  }

  get dueMs(): number {
    return this.wake === undefined ? Number.POSITIVE_INFINITY : this.due;
  }

  /** Lets host time pass up to an instant; runs each wake-up that is due by then. */
  passUntil(hostMs: number): void {
    while (this.wake !== undefined && this.due <= hostMs) this.fire();
    this.timeMs = Math.max(this.timeMs, hostMs);
  }

  /** Wakes until no call waits any more. */
  passAll(): void {
    while (this.wake !== undefined) this.fire();
  }

  private fire(): void {
    const { wake } = this;
    this.timeMs = Math.max(this.timeMs, this.due + this.latenessMs());
    this.wake = undefined;
    this.wakeUps++;
    wake?.();
  }
}
