import type { Area, Cells } from "../cells/cells.js";
import { textWidth } from "../cells/char-width.js";
import { Bold, Colour, Dim, type Style } from "../cells/style.js";

/** A piece of text in a style. */
export type Span = readonly [text: string, style: Style];

/**
 * Draws a box's title row: its key, its name, and a text on the right. `right` lists wordings of
 * that text, the longest first: the first that fits is shown, or else as much of the last one as
 * fits. Returns the rows below. Boxes have no other border: at 80 × 24 a border would take a
 * fifth of the cells.
 */
export function titled(
  cells: Cells,
  area: Area,
  key: string,
  title: string,
  right: readonly (readonly Span[])[],
): Area {
  const { x, y, width, height } = area;
  const end = x + width;
  for (let column = x; column < end; column++) cells.put(column, y, "─", Dim);
  let at = cells.text(x + 1, y, ` ${key} `, Colour.yellow | Bold, end);
  at = cells.text(at, y, `${title} `, Bold, end);
  const room = end - at - 3;
  const shown = right.find((wording) => widthOf(wording) <= room) ?? fitting(right[right.length - 1] ?? [], room);
  if (shown.length > 0) {
    let column = end - widthOf(shown) - 3;
    column = cells.text(column, y, " ", Colour.plain, end);
    column = spans(cells, column, y, shown, end - 1);
    cells.text(column, y, " ", Colour.plain, end);
  }
  return { x, y: y + 1, width, height: height - 1 };
}

/** The first pieces that fit as a whole. */
function fitting(list: readonly Span[], width: number): readonly Span[] {
  let most = list.length;
  while (most > 0 && widthOf(list.slice(0, most)) > width) most--;
  return list.slice(0, most);
}

function widthOf(list: readonly Span[]): number {
  return list.reduce((sum, [text]) => sum + textWidth(text), 0);
}

/** Draws pieces of text one after the other; returns the column after them. */
export function spans(cells: Cells, x: number, y: number, list: readonly Span[], limit: number): number {
  let at = x;
  for (const [text, style] of list) at = cells.text(at, y, text, style, limit);
  return at;
}

/** One dim line in an empty box. */
export function emptyBox(cells: Cells, { x, y, width, height }: Area, text: string): void {
  if (height > 0) cells.text(x + 1, y, text, Dim, x + width);
}
