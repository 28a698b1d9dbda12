import type { SpawnQueueSpec } from "../../model/spawn-queue.js";

/**
 * A trace as read: one row of values per series, equal bins. Unknown values have been interpolated,
 * and counted.
 */
export interface TraceTable {
  readonly file: string;
  readonly startMs: number;
  readonly binMs: number;
  readonly columns: { readonly region: boolean; readonly format: boolean; readonly segment: boolean };
  readonly series: readonly { readonly region: string; readonly format: string; readonly segment: string }[];
  readonly values: readonly Float64Array[];
  readonly interpolated: number;
}

/**
 * Spawn times as `headrace calibrate` measured them: equally likely values in ms, and how much
 * concurrent spawns slow each other.
 */
export interface SpawnProfile {
  readonly valuesMs: Float64Array;
  readonly contention: number;
  /** Absent in older profiles. */
  readonly queue?: SpawnQueueSpec;
}

/** What a scenario refers to by file name, already read. */
export interface Resources {
  readonly trace: TraceTable | undefined;
  /** The spawn times that a calibration measured. */
  profile(file: string): SpawnProfile;
  /** Values of an empirical law's file, in base units. */
  empirical(file: string): Float64Array;
  /** The absolute path of a module. */
  modulePath(written: string): string;
}
