import { formatInstant } from "../base/calendar.js";
import type { TraceTable } from "../world/scenario/resources.js";

/** Bins per piece: some 100 kB. */
const BINS_PER_PIECE = 4096;

/** The trace as CSV text: one row per bin and series; NaN becomes an empty value (unknown). */
export function formatTraceCsv(table: TraceTable): string {
  return [...traceCsvPieces(table)].join("");
}

/** The same in pieces, for files too large for one string. */
export function* traceCsvPieces(table: TraceTable): Generator<string> {
  const { columns } = table;
  const names = (["region", "format", "segment"] as const).filter((name) => columns[name]);
  yield `${["timestamp", "value", ...names].join(",")}\n`;
  const tails = table.series.map((series) => names.map((name) => `,${quoted(series[name])}`).join(""));
  const bins = table.values[0].length;
  for (let from = 0; from < bins; from += BINS_PER_PIECE) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(bins, from + BINS_PER_PIECE); i++) {
      const instant = formatInstant(table.startMs + i * table.binMs);
      table.values.forEach((column, s) => {
        lines.push(`${instant},${Number.isNaN(column[i]) ? "" : column[i]}${tails[s]}\n`);
      });
    }
    yield lines.join("");
  }
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
