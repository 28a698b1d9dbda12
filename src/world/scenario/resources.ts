/** A trace as read: one row of values per series, equal bins. Unknown values have been interpolated, and counted. */
export interface TraceTable {
  readonly file: string;
  readonly startMs: number;
  readonly binMs: number;
  readonly columns: { readonly region: boolean; readonly format: boolean; readonly segment: boolean };
  readonly series: readonly { readonly region: string; readonly format: string; readonly segment: string }[];
  readonly values: readonly Float64Array[];
  readonly interpolated: number;
}

/** How one machine starts processes, as calibrated: see model/spawn-line.ts. */
export interface CalibratedLine {
  readonly startsAtOnce: number;
  readonly serialMs: number;
  readonly sharing: number;
  readonly perStream: number;
  readonly crowding: number;
  readonly delayChance: number;
  readonly delayMs: number;
  readonly outsideMs: number;
}

/** Spawn times as `headrace calibrate` measured them: equally likely values in ms, and how much spawns at once slow each other. */
export interface SpawnProfile {
  readonly valuesMs: Float64Array;
  readonly contention: number;
  /** Absent in older profiles. */
  readonly line?: CalibratedLine;
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
