import type { ResultDocument } from "../experiment/result.js";

/** The result document as text: what `--json` prints and what result.json holds. */
export function resultJson(document: ResultDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
