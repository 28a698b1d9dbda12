/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly singlesPerRound: number;
  readonly crashes: number;
  readonly handOffs: number;
  /** Time in which starts among streams are measured, over all rounds. */
  readonly churnMs: number;
  /** Concurrent streams, and their length, for CPU and memory per stream. */
  readonly streams: number;
  readonly streamMs: number;
}

export const fullEffort: Effort = {
  rounds: 10,
  singlesPerRound: 12,
  crashes: 30,
  handOffs: 200,
  churnMs: 40_000,
  streams: 20,
  streamMs: 3000,
};
export const quickEffort: Effort = {
  rounds: 3,
  singlesPerRound: 8,
  crashes: 6,
  handOffs: 30,
  churnMs: 8000,
  streams: 8,
  streamMs: 1000,
};
