import type { TimeGrid } from "../bands.js";

/** Width of the plot on a narrow page (390 px). */
const NARROW_CHART_PX = 290;

/** Length of a line in a legend, squared (px²). */
export const LINE_SYMBOL_SIZE = 260;

/** Size of a dot in a legend (px²). */
export const DOT_SYMBOL_SIZE = 90;

/**
 * The field with the name and colour of a line: Vega-Lite gives a constant neither scale nor
 * legend.
 */
export const LINE_NAME = "line";

export function named(name: string): Record<string, unknown> {
  return { calculate: JSON.stringify(name), as: LINE_NAME };
}

/**
 * As many legend columns as fit into the chart's width; short legends are one row at any width.
 */
export function legendColumns(labels: readonly string[]): number | { readonly expr: string } {
  // 7 px a letter at 11.5 px type, at most the 260 px of the theme's label limit, and 48 px for
  // symbol and gap.
  const columnsPx = labels.map((label) => Math.min(260, label.length * 7) + 48);
  const rowPx = columnsPx.reduce((sum, px) => sum + px, 0);
  if (rowPx <= NARROW_CHART_PX) return labels.length;
  return { expr: `width >= ${rowPx} ? ${labels.length} : max(1, floor(width / ${Math.max(...columnsPx)}))` };
}

/** A line of a tooltip: its title, and a Vega expression of its text. */
export interface HoverRow {
  readonly title: string;
  readonly text: string;
}

/**
 * Invisible rules at every point of a chart over time, side by side without a gap, with a tooltip.
 */
export function hoverLayer(rows: readonly HoverRow[], grid: TimeGrid): Record<string, unknown> {
  const pointMs = grid.binMs * grid.binsPerPoint;
  return {
    mark: {
      type: "rule",
      strokeWidth: { expr: `max(4, 1 + width * ${pointMs} / (tTo - tFrom))` },
      opacity: 0,
      tooltip: { expr: tooltipOf(rows) },
    },
  };
}

/**
 * The expression of a tooltip. `text`, an expression, includes the title of each row: titles
 * contain the users' words, which must not be field names.
 */
export function tooltipOf(rows: readonly HoverRow[]): string {
  return `{${rows.map((row) => `${JSON.stringify(tooltipKey(row.title))}: ${row.text}`).join(", ")}}`;
}

/**
 * Vega refuses the names of members that every object has: an invisible space makes another name.
 */
function tooltipKey(title: string): string {
  return title in Object.prototype ? `${title}\u200b` : title;
}
