import { errorSubjects } from "../base/error-codes/all.js";

/**
 * The text of docs/errors.md: every code with its cause and its cure. `npm run schema` writes it.
 */
export function errorsPage(): string {
  const sections = Object.entries(errorSubjects).map(([subject, codes]) => {
    const rows = Object.entries(codes).map(([code, { cause, cure }]) => `| ${code} | ${cause} | ${cure} |`);
    return [`## ${subject}`, "", "| Code | Cause | Cure |", "| --- | --- | --- |", ...rows, ""].join("\n");
  });
  return [
    "# Error codes",
    "",
    "Bad input ends a command with exit code 2 and one line per fault on stderr:",
    "`FILE:LINE:COLUMN: what was found; expected what. What to do [CODE]`.",
    "The code stays the same from version to version. `npm run schema` writes this page from `src/base/error-codes`.",
    "",
    ...sections,
  ].join("\n");
}
