import type { DiffDocument } from "../experiment/diff/diff-document.js";
import { diffResults, readResultFile, resultFileOf } from "../experiment/diff/diff-results.js";
import type { ResultDocument } from "../experiment/result.js";

/**
 * Reads an earlier result: `result.json`, or the folder of its report. Throws InputError for any
 * other file.
 */
export async function readResult(fileOrFolder: string): Promise<ResultDocument> {
  return readResultFile(await resultFileOf(fileOrFolder));
}

/**
 * The differences between two results, policy by policy and metric by metric, as `headrace diff`
 * shows them. Results hold means and intervals, no replications, so the two count as independent
 * samples. Throws InputError if they have no policy in common.
 */
export function compare(
  a: ResultDocument,
  b: ResultDocument,
  names: readonly [string, string] = ["a", "b"],
): DiffDocument {
  return diffResults(names[0], a, names[1], b);
}
