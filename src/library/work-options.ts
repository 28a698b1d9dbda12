import { InputError } from "../base/errors.js";

/** More threads than this help on no machine. */
const MOST_THREADS = 1024;

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

/** Throws InputError for a number of threads that is none. */
export function checkWork({ threads }: WorkOptions): void {
  if (threads === undefined || (Number.isInteger(threads) && threads >= 0 && threads <= MOST_THREADS)) return;
  throw outOfRange("threads", threads, `a whole number from 0 to ${MOST_THREADS}`);
}

/** The error for an option whose value lies outside its range. */
export function outOfRange(option: string, got: unknown, expected: string): InputError {
  return new InputError({ code: "HR1004", where: option, got: String(got).slice(0, 80), expected });
}
