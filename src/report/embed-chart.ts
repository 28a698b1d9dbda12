import { encodeTable, type Row } from "./browser/chart-table.js";
import type { EmbeddedChart } from "./browser/embedded-chart.js";
import { type Chart, chartSpec, compileSpec } from "./chart.js";

type Json = Readonly<Record<string, unknown>>;

/** The chart as the page stores it: compiled, with its data once and in few characters. */
export function embedChart(chart: Chart): EmbeddedChart {
  const found: Row[][] = [];
  const lite = withoutData(chartSpec(chart) as unknown as Json, found) as Json;
  return {
    vega: compileSpec(chart.name, lite),
    lite,
    tables: found.map((rows, i) => [nameOf(i), encodeTable(rows)] as const),
    columns: [...(chart.columns ?? [])],
  };
}

function nameOf(index: number): string {
  return `table${index}`;
}

/**
 * The specification with a name in place of each list of rows. The lists are pushed to `found`.
 */
function withoutData(node: unknown, found: Row[][]): unknown {
  if (Array.isArray(node)) return node.map((item) => withoutData(item, found));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const rows = key === "data" ? (value as { values?: unknown }).values : undefined;
      if (!Array.isArray(rows)) return [key, withoutData(value, found)];
      found.push(rows as Row[]);
      return [key, { name: nameOf(found.length - 1) }];
    }),
  );
}
