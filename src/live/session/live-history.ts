import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../base/errors.js";
import type { PastArrivals } from "../../control/monitor/arrival-counts.js";
import { HistoryFile } from "../../forecasting/history-file.js";
import type { ArrivalHistory } from "../../ports/policy.js";
import { interpolate } from "../../traffic/interpolate.js";
import { HISTORY_BIN_MS } from "../../world/history.js";
import { type HeldFolder, holdFolder } from "../machine/held-folder.js";

/**
 * Forecasters and trainers look back no further than this. This history goes into the run log's
 * first line, 86 kB per pool.
 */
const DAYS_HANDED_ON = 28;
const DAY_BINS = 288;
/** Damaged lines that are named by their number. */
const LINES_NAMED = 5;

/**
 * The arrivals that live runs counted, on disk: one append-only file per pool, each bin flushed
 * when it closes. The next run starts with this history, so that forecasters and trainers have
 * weeks to learn from after a restart. A crash loses only the open bin.
 */
export class LiveHistory {
  /** Bins from the files' start to t=0 of this run. */
  private readonly firstIndex: number;
  /**
   * Wall time of t=0, rounded to the bins of the files (at most half a bin): days and weeks keep
   * their phase.
   */
  readonly epochMs: number;
  readonly past: PastArrivals;
  /** Bins of this run that are in each pool's file. */
  private readonly taken: number[];

  private constructor(
    private readonly place: { readonly folder: string; readonly lock: HeldFolder | undefined },
    private readonly files: readonly HistoryFile[],
    private readonly pools: readonly string[],
    wallMs: number,
  ) {
    this.taken = files.map(() => 0);
    const [{ startMs }] = files.map((file) => file.past);
    const length = Math.max(...files.map((file) => file.past.values.length));
    // Not before the bins on disk: the clock may have been set back, or a run may have been
    // faster than wall time.
    this.firstIndex = Math.max(length, Math.round((wallMs - startMs) / HISTORY_BIN_MS));
    this.epochMs = startMs + this.firstIndex * HISTORY_BIN_MS;
    this.past = { binMs: HISTORY_BIN_MS, counts: files.map((file) => this.handedOn(file.past.values)) };
  }

  /**
   * Opens or creates the folder's files. Throws an InputError if that fails, or a file is
   * something else.
   */
  static open(folder: string, pools: readonly string[], wallMs: number): LiveHistory {
    const startMs = Math.round(wallMs / HISTORY_BIN_MS) * HISTORY_BIN_MS;
    let lock: HeldFolder | undefined;
    try {
      mkdirSync(folder, { recursive: true });
      lock = onlyWriter(folder);
      const files = pools.map((name) => HistoryFile.open(fileOf(folder, name), startMs, HISTORY_BIN_MS));
      return new LiveHistory({ folder, lock }, files, pools, wallMs);
    } catch (error) {
      lock?.release();
      if (error instanceof InputError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new InputError({
        code: "HR1106",
        where: folder,
        got: `a folder that cannot be used (${code})`,
        expected: "one for histories",
      });
    }
  }

  get folder(): string {
    return this.place.folder;
  }

  /** Bins that were known at the start, of the pool that has most. */
  get knownBins(): number {
    return Math.max(...this.past.counts.map((counts) => counts.length));
  }

  /** One line for each file in which lines were damaged. */
  get damages(): readonly string[] {
    return this.files.flatMap(({ damaged }, pool) => {
      if (damaged.length === 0) return [];
      const file = fileOf(this.folder, this.pools[pool]);
      const lines =
        `${damaged.length} damaged ` +
        `(${damaged.slice(0, LINES_NAMED).join(", ")}${damaged.length > LINES_NAMED ? ", …" : ""})`;
      return [`${file}: lines skipped: ${lines}; the file as it was is ${file}.bad`];
    });
  }

  /**
   * Writes the bins closed since the last call; `view` is the control plane's own. Returns the
   * reason if that fails. The next call tries the same bins again, so nothing is lost during this
   * run.
   */
  take(view: ArrivalHistory): { readonly reason: string } | undefined {
    const pastBins = Math.round(-view.originMs / view.binMs);
    let fault: { readonly reason: string } | undefined;
    this.files.forEach((file, pool) => {
      try {
        for (; pastBins + this.taken[pool] < view.length; this.taken[pool]++)
          file.append(this.firstIndex + this.taken[pool], view.at(pool, pastBins + this.taken[pool]));
      } catch (error) {
        fault = { reason: (error as NodeJS.ErrnoException).code ?? String(error) };
      }
    });
    return fault;
  }

  /** Bins that are closed and not written, over all pools. */
  missing(view: ArrivalHistory): number {
    const closed = view.length - Math.round(-view.originMs / view.binMs);
    return this.taken.reduce((sum, taken) => sum + closed - taken, 0);
  }

  close(): void {
    for (const file of this.files) file.close();
    this.place.lock?.release();
  }

  /**
   * The last weeks before t=0. Bins without a count are interpolated between their neighbours. If
   * no bin has a count, there is no history.
   */
  private handedOn(values: Float64Array): Float64Array {
    const from = Math.max(0, this.firstIndex - DAYS_HANDED_ON * DAY_BINS);
    const bins = new Float64Array(this.firstIndex - from).fill(Number.NaN);
    bins.set(values.subarray(Math.min(from, values.length)));
    if (bins.every(Number.isNaN)) return new Float64Array(bins.length);
    interpolate(bins);
    return bins;
  }
}

function fileOf(folder: string, pool: string): string {
  return join(folder, `${encodeURIComponent(pool)}.history`);
}

/**
 * Locks the folder, because two writers would overwrite each other's counts. Undefined if this
 * machine has no flock.
 */
function onlyWriter(folder: string): HeldFolder | undefined {
  const lock = holdFolder(folder);
  if (typeof lock === "object") return lock;
  if (lock === "unknown") return undefined;
  throw new InputError({
    code: "HR1108",
    where: folder,
    got:
      lock === "slow"
        ? "a history whose lock the program flock did not take in 5 s"
        : "a history that another run is writing",
    expected: "one writer",
    remedy: "Give each run a folder of its own, or end the other run",
  });
}
