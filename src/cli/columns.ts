/** Between two columns, so that they never run together. */
const GAP = 2;

/**
 * The rows of a table as lines: each column as wide as its widest cell; lines end without spaces.
 */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, c) => Math.max(...rows.map((row) => (row[c] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c] + GAP))
      .join("")
      .trimEnd(),
  );
}
