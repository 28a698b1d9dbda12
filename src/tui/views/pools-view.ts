import type { Area, Cells } from "../cells/cells.js";
import { padLeft, padTo, textWidth } from "../cells/char-width.js";
import { Bold, Colour, Dim, Inverse, type Style } from "../cells/style.js";
import { ALL_POOLS } from "../history/run-history.js";
import { emptyBox, type Span, titled } from "./box.js";
import { columnsWithin, inOrder, POOL_COLUMNS, type PoolColumn } from "./pool-columns.js";
import { type Scene, sampleAtCursor, shownSide } from "./scene.js";

const FEWEST_NAME_CELLS = 8;

/** A row for each pool: region, formats, and what its streamlets do. */
export function poolsView(cells: Cells, area: Area, scene: Scene): void {
  const side = shownSide(scene);
  const { pools } = side.facts;
  const { ui } = scene;
  const inner = titled(cells, area, "2", "pools", [titleOf(scene)]);
  const sample = sampleAtCursor(scene);
  if (sample === undefined) {
    emptyBox(cells, inner, "nothing has happened yet");
    return;
  }
  const valueIn = (pool: number, column: PoolColumn): number => column.value(sample.figures[pool], pools[pool].slots);
  const listed = pools.flatMap((_, pool) => (ui.pool === ALL_POOLS || ui.pool === pool ? [pool] : []));
  const shown = inOrder(listed, ui.order, valueIn);
  const nameWidth = Math.max(FEWEST_NAME_CELLS, ...shown.map((pool) => textWidth(nameOf(pools[pool])) + 1));
  const widths = new Map(POOL_COLUMNS.map((one) => [one, widthOf(one, shown, valueIn)]));
  const width = (column: PoolColumn): number => widths.get(column) ?? column.least;
  const columns = columnsWithin(inner.width - 1 - Math.min(nameWidth, Math.floor(inner.width / 3)), ui.order, width);
  const names = inner.width - 1 - columns.reduce((sum, one) => sum + width(one), 0);
  const kept = Math.min(names, nameWidth);
  const write = (
    y: number,
    name: string,
    cell: (column: PoolColumn) => readonly [string, Style],
    style: Style,
  ): void => {
    let x = cells.text(inner.x + 1, y, padTo(name, kept), style, inner.x + inner.width);
    for (const column of columns) {
      const [text, own] = cell(column);
      x = cells.text(x, y, padLeft(text, width(column)), own, inner.x + inner.width);
    }
  };
  write(inner.y, "pool", (column) => [column.name, column === POOL_COLUMNS[ui.order.column] ? Bold : Dim], Dim);
  const rows = Math.max(0, inner.height - 1);
  const cut = shown.length > rows ? rows - 1 : rows;
  shown.slice(0, cut).forEach((pool, i) => {
    const style = ui.pointer.pool === pool ? Inverse : Colour.plain;
    const cell = (column: PoolColumn): readonly [string, Style] => {
      const value = valueIn(pool, column);
      return [column.text(value), column.style?.(value) ?? Colour.plain];
    };
    write(inner.y + 1 + i, nameOf(pools[pool]), cell, style);
  });
  if (cut < shown.length && rows > 0)
    cells.text(
      inner.x + 1,
      inner.y + rows,
      `… and ${shown.length - cut} more: p shows one, o sorts`,
      Dim,
      inner.x + inner.width,
    );
}

/** Wide enough for the longest text and a space before it: columns never run together. */
function widthOf(
  column: PoolColumn,
  pools: readonly number[],
  valueIn: (pool: number, column: PoolColumn) => number,
): number {
  return Math.max(column.least, ...pools.map((pool) => textWidth(column.text(valueIn(pool, column))) + 1));
}

/** Which pools are shown, and what they are sorted by. */
function titleOf(scene: Scene): readonly Span[] {
  const { pool, order } = scene.ui;
  if (pool !== ALL_POOLS) return [[`only ${shownSide(scene).facts.pools[pool].name}`, Colour.yellow]];
  const sorted = POOL_COLUMNS[order.column];
  return sorted === undefined ? [] : [[`by ${sorted.name} ${order.direction === "down" ? "↓" : "↑"}`, Colour.yellow]];
}

/** The name is the region, followed by formats if they differ from it. */
function nameOf({ name, formats }: { readonly name: string; readonly formats: readonly string[] }): string {
  return name.includes("/") || formats.length === 0 ? name : `${name} ${formats.join(",")}`;
}
