import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";

/** More threads than this help on no machine. */
const MOST_THREADS = 1024;

/** How a piece of work runs, is watched and is stopped. Nothing is written to disk. */
export interface WorkOptions {
  /** Stops the work; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Worker threads; default: as many as the work keeps busy. 0 = this one, which blocks. */
  readonly threads?: number;
}

/** The same, with the share of the work that is done, from 0 to 1. */
export interface SharedWorkOptions extends WorkOptions {
  readonly onProgress?: (share: number) => void;
}

/** True for each option; the type makes a list of them complete. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

export const WORK_OPTIONS: OptionNames<WorkOptions> = { signal: true, threads: true };
export const SHARED_WORK_OPTIONS: OptionNames<SharedWorkOptions> = { ...WORK_OPTIONS, onProgress: true };

/**
 * Throws InputError for an option not among `names` (plain JavaScript has no types to refuse it),
 * and for an invalid number of threads.
 */
export function checkWork<Options extends WorkOptions>(options: Options, names: OptionNames<Options>): void {
  checkOptionNames(options, Object.keys(names));
  const { threads } = options;
  if (threads === undefined || (Number.isInteger(threads) && threads >= 0 && threads <= MOST_THREADS)) return;
  throw outOfRange("threads", threads, `a whole number from 0 to ${MOST_THREADS}`);
}

/** Throws InputError for options that are no object, or have a name not among `known`. */
export function checkOptionNames(options: object, known: readonly string[]): void {
  const expected = `one of ${known.join(", ")}`;
  if (typeof options !== "object" || options === null)
    throw new InputError({ code: "HR1001", where: "options", got: String(options).slice(0, 80), expected });
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = closest(unknown, known);
  const remedy = meant === undefined ? "Take it out" : `Did you mean ${meant}?`;
  throw new InputError({ code: "HR1001", where: "options", got: `"${unknown.slice(0, 80)}"`, expected, remedy });
}

/** The error for an option whose value lies outside its range. */
export function outOfRange(option: string, got: unknown, expected: string): InputError {
  return new InputError({ code: "HR1004", where: option, got: String(got).slice(0, 80), expected });
}
