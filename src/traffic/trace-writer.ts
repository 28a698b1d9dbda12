import { formatInstant } from "../base/calendar.js";
import type { TraceTable } from "../world/scenario/resources.js";

/** The trace as CSV text: one row per bin and series; NaN becomes an empty value (unknown). */
export function formatTraceCsv(table: TraceTable): string {
  const { columns } = table;
  const names = (["region", "format", "segment"] as const).filter((name) => columns[name]);
  const lines = [["timestamp", "value", ...names].join(",")];
  const tails = table.series.map((series) => names.map((name) => `,${quoted(series[name])}`).join(""));
  const bins = table.values[0].length;
  for (let i = 0; i < bins; i++) {
    const instant = formatInstant(table.startMs + i * table.binMs);
    table.values.forEach((column, s) => {
      lines.push(`${instant},${Number.isNaN(column[i]) ? "" : column[i]}${tails[s]}`);
    });
  }
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
