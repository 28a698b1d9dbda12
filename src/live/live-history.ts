import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../base/errors.js";
import type { PastArrivals } from "../control/monitor/arrival-counts.js";
import { HistoryFile } from "../forecasting/history-file.js";
import type { ArrivalHistory } from "../ports/policy.js";
import { interpolate } from "../traffic/interpolate.js";
import { HISTORY_BIN_MS } from "../world/history.js";

/** Forecasters and trainers look back no further than this; it goes into the run log's first line, 86 kB per pool. */
const DAYS_HANDED_ON = 28;
const DAY_BINS = 288;

/**
 * What live runs have counted, on disk: one append-only file per pool, each bin flushed as it closes. The next run begins with it as its past,
 * so that forecasters and trainers have weeks to learn from after a restart, and after a crash (which costs the bin that was open).
 */
export class LiveHistory {
  /** Bins from the files' start to t=0 of this run. */
  private readonly firstIndex: number;
  /** Wall time of t=0, on the grid of the files' bins (so off by half a bin at most): days and weeks stay where they are. */
  readonly epochMs: number;
  readonly past: PastArrivals;
  private taken = 0;

  private constructor(
    private readonly files: readonly HistoryFile[],
    wallMs: number,
  ) {
    const [{ startMs }] = files.map((file) => file.past);
    const length = Math.max(...files.map((file) => file.past.values.length));
    // Not before what is there already: a clock that was set back, or a run that was faster than the wall.
    this.firstIndex = Math.max(length, Math.round((wallMs - startMs) / HISTORY_BIN_MS));
    this.epochMs = startMs + this.firstIndex * HISTORY_BIN_MS;
    this.past = { binMs: HISTORY_BIN_MS, counts: files.map((file) => this.handedOn(file.past.values)) };
  }

  /** Opens the folder's files, or begins them. Throws an InputError where that cannot be, or a file is something else. */
  static open(folder: string, pools: readonly string[], wallMs: number): LiveHistory {
    const startMs = Math.round(wallMs / HISTORY_BIN_MS) * HISTORY_BIN_MS;
    try {
      mkdirSync(folder, { recursive: true });
      const files = pools.map((name) =>
        HistoryFile.open(join(folder, `${encodeURIComponent(name)}.history`), startMs, HISTORY_BIN_MS),
      );
      return new LiveHistory(files, wallMs);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new InputError({
        where: folder,
        got: `a folder that cannot be used (${code})`,
        expected: "one for histories",
      });
    }
  }

  /** Bins that were known at the start, of the pool that has most. */
  get knownBins(): number {
    return Math.max(...this.past.counts.map((counts) => counts.length));
  }

  /** Writes the bins that have been closed since the last call; `view` is what the control plane itself sees. */
  take(view: ArrivalHistory): void {
    const pastBins = Math.round(-view.originMs / view.binMs);
    for (; pastBins + this.taken < view.length; this.taken++)
      this.files.forEach((file, pool) => {
        file.append(this.firstIndex + this.taken, view.at(pool, pastBins + this.taken));
      });
  }

  close(): void {
    for (const file of this.files) file.close();
  }

  /** The last weeks before t=0. Bins in which nobody counted lie on a line between their neighbours; without a known one there is no past. */
  private handedOn(values: Float64Array): Float64Array {
    const from = Math.max(0, this.firstIndex - DAYS_HANDED_ON * DAY_BINS);
    const bins = new Float64Array(this.firstIndex - from).fill(Number.NaN);
    bins.set(values.subarray(Math.min(from, values.length)));
    if (bins.every(Number.isNaN)) return new Float64Array(bins.length);
    interpolate(bins);
    return bins;
  }
}
