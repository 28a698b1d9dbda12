/** How a piece of work runs, is watched and is stopped. Nothing is written to disk. */
export interface WorkOptions {
  /** Stops the work; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Worker threads; default: all cores. 0 = in this thread, which then blocks. */
  readonly threads?: number;
}

/** The same, with the share of the work that is done, from 0 to 1. */
export interface SharedWorkOptions extends WorkOptions {
  readonly onProgress?: (share: number) => void;
}
