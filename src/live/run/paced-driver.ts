import type { PacedRun } from "../../kernel/kernel.js";
import { type OutsideEvent, phaseOf } from "../log/outside-event.js";
import type { MonotonicClock } from "../machine/host-clock.js";
import type { LiveWorld } from "./live-world.js";

/**
 * Runs a live world at wall speed. An outside event takes three steps, with the clock held: first
 * all events due before it run; then it is injected and logged; then it runs, with all that
 * follows at the same instant. A replay takes the same steps, so simultaneous events have the
 * same order.
 */
export class PacedDriver {
  private run: PacedRun | undefined;
  private originMs = 0;
  private over = false;

  constructor(
    private readonly world: LiveWorld,
    private readonly clock: MonotonicClock,
  ) {}

  /** The time of the run's clock. */
  nowMs(): number {
    return this.clock.nowMs() - this.originMs;
  }

  get worstLagMs(): number {
    return this.run?.worstLagMs ?? 0;
  }

  /** Begins at t=0; `onEnd` follows once, when `untilMs` is reached or after `stop`. */
  start(untilMs: number, onEnd: () => void): void {
    this.originMs = this.clock.hold();
    this.world.start();
    this.run = this.world.kernel.runPaced(this.clock, this.originMs, untilMs, () => {
      this.over = true;
      this.clock.stop();
      const atMs = Math.min(untilMs, this.nowMs());
      this.world.kernel.run(atMs);
      this.world.log.outside(atMs, { kind: "end" });
      onEnd();
    });
    this.clock.release();
  }

  /** Injects an outside event; no effect after the end. */
  inject(event: OutsideEvent): void {
    if (this.over || this.run === undefined) return;
    const { world, clock, run } = this;
    const atMs = clock.hold() - this.originMs;
    run.poke();
    if (!this.over) {
      world.kernel.inject(atMs, phaseOf(event), () => world.apply(event));
      world.log.outside(atMs, event);
      run.poke();
    }
    clock.release();
  }

  /** Ends the run here. */
  stop(): void {
    if (this.over || this.run === undefined) return;
    this.clock.hold();
    this.run.poke();
    this.run.stop();
    this.clock.release();
  }
}
