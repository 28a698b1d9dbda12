// Tables of the bench for people: three significant digits, since the machine varies more than
// that.
export function written(value) {
  return value >= 1000 ? Math.round(value).toLocaleString("en-GB") : Number(value.toPrecision(3)).toString();
}

/** `lines`: rows of cells; all but the last cell of a row are padded. */
export function aligned(lines) {
  const columns = Math.max(...lines.map((line) => line.length)) - 1;
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i < columns ? cell.padEnd(widths[i]) : cell))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function verdictOf({ value, atMost, atLeast, absent }) {
  if (absent !== undefined) return "absent";
  if (atMost !== undefined) return value <= atMost ? `met (≤ ${atMost})` : `missed (≤ ${atMost})`;
  if (atLeast !== undefined) return value >= atLeast ? `met (≥ ${atLeast})` : `missed (≥ ${atLeast})`;
  return "";
}

export function figuresTable(rows) {
  return aligned(
    rows.map((row) => [
      row.what,
      row.absent === undefined ? `${written(row.value)} ${row.unit}` : "–",
      verdictOf(row),
      row.absent ?? row.detail ?? "",
    ]),
  );
}

export function pairsTable(rows) {
  const head = ["figure", "ratio", "from – to", "pairs", "verdict"];
  const line = (row) => [
    row.what,
    written(row.ratio),
    `${written(row.low)} – ${written(row.high)}`,
    `${row.n}`,
    row.verdict,
  ];
  return aligned([head, ...rows.map(line)]);
}
