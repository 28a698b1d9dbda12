import type { DiffDocument } from "../experiment/diff/diff-document.js";
import { diffResults, readResultFile, resultFileOf } from "../experiment/diff/diff-results.js";
import type { ResultDocument } from "../experiment/result.js";

/**
 * A result that was written before: `result.json`, or the folder of its report. Throws InputError
 * for a file that is none.
 */
export async function readResult(fileOrFolder: string): Promise<ResultDocument> {
  return readResultFile(await resultFileOf(fileOrFolder));
}

/**
 * What differs between two results, policy by policy and metric by metric, as `headrace diff` has
 * it. Results keep means and intervals, not replications, so that both count as separate samples.
 * Throws InputError where they have no policy in common.
 */
export function compare(
  a: ResultDocument,
  b: ResultDocument,
  names: readonly [string, string] = ["a", "b"],
): DiffDocument {
  return diffResults(names[0], a, names[1], b);
}
