import type { RandomStream } from "../../base/random.js";
import { drawFailureMode, type FailureMode } from "../../model/failure-mode.js";
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { type FaultsSpec, STREAMLET_MTBFS } from "../../world/scenario/sections/faults.js";
import type { Hog } from "../wire/messages.js";
import type { DataPlane } from "./live-run.js";

/** The actions on a process that make a fault. */
export interface FaultPlane extends Pick<DataPlane, "kill"> {
  /** SIGSTOP: it does nothing more, and is found by missing heartbeats. */
  hang(id: StreamletId): void;
  hog(id: StreamletId, what: Hog): void;
}

/**
 * Injects the scenario's faults: processes are killed (SIGKILL), stopped (SIGSTOP) and ordered to
 * take all memory. The control plane learns of them as of any other failure. Lifetimes are drawn
 * as in the simulated fleet (model/failure-mode.ts).
 */
export class LiveFaults {
  private readonly timers = new Map<StreamletId, NodeJS.Timeout>();

  constructor(
    private readonly faults: FaultsSpec,
    private readonly speed: number,
    private readonly random: RandomStream,
    private readonly plane: FaultPlane,
  ) {}

  /** With the scenario's probability a launch is killed before it is ready. */
  onLaunch(id: StreamletId): void {
    if (this.faults.spawnFailure > 0 && this.random.uniform() < this.faults.spawnFailure)
      setImmediate(() => this.plane.kill(id, "spawn-failed"));
  }

  onReady(id: StreamletId): void {
    const { kind, afterMs } = drawFailureMode(this.faults, this.random);
    const lifeMs = afterMs / this.speed;
    // Node's timers hold 2³¹ − 1 ms (24.8 days). A streamlet with a longer lifetime gets no
    // fault.
    if (lifeMs < 2_000_000_000)
      this.timers.set(
        id,
        setTimeout(() => this.strike(id, kind), lifeMs),
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

  private strike(id: StreamletId, kind: FailureMode["kind"]): void {
    if (kind === "hang") this.plane.hang(id);
    else if (kind === "memory-hog") this.plane.hog(id, "memory");
    else this.plane.kill(id, "crashed");
  }
}

/** Which faults a scenario has, by their keys. */
export function injectedFaults(faults: FaultsSpec): string[] {
  const { spawnFailure, ...times } = faults;
  const never = Number.POSITIVE_INFINITY;
  const named = STREAMLET_MTBFS.filter((key) => times[key] !== never).map((key) => key.replace(/Ms$/, ""));
  return [...named, ...(spawnFailure > 0 ? ["spawnFailure"] : [])];
}

/** The keys of a scenario that only a simulation uses: a live run has one host, this machine. */
export function simulatedKeys({ faults, fleet }: Pick<Scenario, "faults" | "fleet">): string[] {
  const ifFinite = (value: number, key: string): string[] => (Number.isFinite(value) ? [key] : []);
  return [
    ...ifFinite(faults.hostMtbfMs, "faults.hostMtbf"),
    ...ifFinite(faults.oomAboveBytes, "faults.oomAbove"),
    ...fleet.regions.flatMap(({ name, hosts }) => (hosts === undefined ? [] : [`fleet.regions.${name}.hosts`])),
  ];
}

/** The plane, with faults at launches. */
export function withFaults(plane: DataPlane, faults: LiveFaults): DataPlane {
  return {
    launch: (id: StreamletId, pool: number) => {
      plane.launch(id, pool);
      faults.onLaunch(id);
    },
    open: (id, order, socket) => plane.open(id, order, socket),
    stop: (id: StreamletId, reason: StopReason) => plane.stop(id, reason),
    kill: (id: StreamletId, reason: StopReason) => plane.kill(id, reason),
  };
}
