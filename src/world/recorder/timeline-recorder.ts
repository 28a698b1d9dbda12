import { FLOAT_ZERO } from "../../base/float-zero.js";
import type { Timeline } from "../run-result.js";
import { Level, type Levels } from "./levels.js";

const MINUTE_MS = 60_000;
/**
 * 1,440 bins draw a day by the minute. Longer runs get wider bins of whole minutes, short ones at
 * least 120 bins.
 */
const MOST_BINS = 1440;
const FEWEST_BINS = 120;

/** Width of the timeline's bins for a run of this length. */
function timelineBinMs(durationMs: number): number {
  if (durationMs < FEWEST_BINS * MINUTE_MS) return durationMs / FEWEST_BINS;
  return Math.max(1, Math.ceil(durationMs / MOST_BINS / MINUTE_MS - 1e-9)) * MINUTE_MS;
}

/** Counts per bin that are not levels. */
export const Count = { arrivals: 0, spawns: 1, crashes: 2, interrupted: 3, rejected: 4, abandoned: 5 } as const;
export type Count = (typeof Count)[keyof typeof Count];

/** The columns of the timeline, written during the run. */
export class TimelineRecorder {
  readonly binMs: number;
  private readonly bins: number;
  private readonly counts: Float64Array[] = [];
  private readonly series: Float64Array[] = [];
  private readonly levels: Float64Array[] = [];
  private readonly openDraining: Float64Array;
  private drainingMs = FLOAT_ZERO;
  private bin = 0;

  constructor(
    private readonly durationMs: number,
    seriesCount: number,
  ) {
    this.binMs = timelineBinMs(durationMs);
    this.bins = Math.ceil(durationMs / this.binMs - 1e-9);
    this.openDraining = new Float64Array(this.bins);
    for (let i = 0; i < 6; i++) this.counts.push(new Float64Array(this.bins));
    for (let i = 0; i < 6; i++) this.levels.push(new Float64Array(this.bins));
    for (let s = 0; s < seriesCount; s++) this.series.push(new Float64Array(this.bins));
  }

  count(what: Count): void {
    this.counts[what][this.bin]++;
  }

  arrival(series: number): void {
    this.counts[Count.arrivals][this.bin]++;
    this.series[series][this.bin]++;
  }

  /** When the current bin ends; the last one may be shorter. */
  get binEndMs(): number {
    return Math.min((this.bin + 1) * this.binMs, this.durationMs);
  }

  /**
   * Closes the current bin at its end, with ∫ open streams on draining streamlets since t=0. False
   * if it was the last.
   */
  closeBin(levels: Levels, drainingMs: number): boolean {
    const startMs = this.bin * this.binMs;
    const endMs = this.binEndMs;
    const columns = [Level.open, Level.waiting, Level.ready, Level.spawning, Level.draining, Level.readySlots];
    columns.forEach((level, i) => {
      this.levels[i][this.bin] = levels.takeBin(level, endMs) / (endMs - startMs);
    });
    this.openDraining[this.bin] = (drainingMs - this.drainingMs) / (endMs - startMs);
    this.drainingMs = drainingMs;
    if (this.bin === this.bins - 1) return false;
    this.bin++;
    return true;
  }

  timeline(violations: Float64Array | undefined): Timeline {
    const [open, waiting, ready, spawning, draining, readySlots] = this.levels;
    const [arrivals, spawns, crashes, interrupted, rejected, abandoned] = this.counts;
    return {
      binMs: this.binMs,
      arrivals,
      arrivalsBySeries: this.series,
      open,
      openDraining: this.openDraining,
      waiting,
      ready,
      spawning,
      draining,
      readySlots,
      spawns,
      crashes,
      interrupted,
      rejected,
      abandoned,
      violationMinutes: violations === undefined ? undefined : this.spread(violations),
    };
  }

  /** Minutes that violate → bins that contain one. */
  private spread(violations: Float64Array): Float64Array {
    const bins = new Float64Array(this.bins);
    for (let minute = 0; minute < violations.length; minute++) {
      if (violations[minute] === 0) continue;
      const from = Math.floor((minute * MINUTE_MS) / this.binMs);
      const to = Math.min(this.bins - 1, Math.ceil(((minute + 1) * MINUTE_MS) / this.binMs) - 1);
      for (let bin = from; bin <= to; bin++) bins[bin] = 1;
    }
    return bins;
  }
}
