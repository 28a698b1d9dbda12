import type { Spec } from "vega";
import { type ChartTable, decodeTable, type Row } from "./chart-table.js";

/** A chart as stored in the page: both specifications without data, and the data once. */
export interface EmbeddedChart {
  readonly vega: Spec;
  /** The Vega-Lite specification, which a reader can download. */
  readonly lite: Readonly<Record<string, unknown>>;
  readonly tables: readonly (readonly [name: string, table: ChartTable])[];
  /** Titles in the CSV in place of the fields' names. */
  readonly columns: readonly (readonly [field: string, name: string])[];
}

/** Reads the chart of a name from the page. */
export function embeddedChart(name: string): EmbeddedChart {
  return JSON.parse(document.getElementById(`spec-${name}`)?.textContent ?? "") as EmbeddedChart;
}

/** The specification with its data, as Vega takes it. */
export function vegaSpec({ vega, tables }: EmbeddedChart): Spec {
  const rows = new Map(tables.map(([name, table]) => [name, decodeTable(table)]));
  const data = (vega.data ?? []).map((source) => {
    const values = rows.get(source.name);
    return values === undefined ? source : { ...source, values };
  });
  return { ...vega, data } as Spec;
}

/** The Vega-Lite specification with its data, valid on its own. */
export function liteSpec({ lite, tables }: EmbeddedChart): Record<string, unknown> {
  const datasets = Object.fromEntries(tables.map(([name, table]) => [name, decodeTable(table)]));
  return { ...lite, datasets };
}

/** The tables with more than a constant. */
export function rowsOf({ tables }: EmbeddedChart): readonly (readonly Row[])[] {
  const all = tables.map(([, table]) => decodeTable(table)).filter((rows) => rows.length > 0);
  const long = all.filter((rows) => rows.length > 1);
  return long.length > 0 ? long : all;
}
