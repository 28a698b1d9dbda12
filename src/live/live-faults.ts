import type { RandomStream } from "../base/random.js";
import type { StreamletId } from "../ports/fleet.js";
import type { FaultsSpec } from "../world/scenario/scenario.js";
import type { DataPlane } from "./live-run.js";

/** The scenario's faults made real: processes are killed. The control plane learns of it as of any other death. */
export class LiveFaults {
  private readonly timers = new Map<StreamletId, NodeJS.Timeout>();

  constructor(
    private readonly faults: FaultsSpec,
    private readonly speed: number,
    private readonly random: RandomStream,
    private readonly plane: DataPlane,
  ) {}

  /** With the scenario's probability a launch is struck down before it is ready. */
  onLaunch(id: StreamletId): void {
    if (this.faults.spawnFailure > 0 && this.random.uniform() < this.faults.spawnFailure)
      setImmediate(() => this.plane.kill(id, "spawn-failed"));
  }

  onReady(id: StreamletId): void {
    const { streamletMtbfMs } = this.faults;
    if (streamletMtbfMs === Number.POSITIVE_INFINITY) return;
    const lifeMs = (this.random.exponential() * streamletMtbfMs) / this.speed;
    // Node's timers hold 2³¹ − 1 ms; a streamlet that would live longer outlives the run.
    if (lifeMs < 2_000_000_000)
      this.timers.set(
        id,
        setTimeout(() => this.plane.kill(id, "crashed"), lifeMs),
      );
  }

  onStopped(id: StreamletId): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
