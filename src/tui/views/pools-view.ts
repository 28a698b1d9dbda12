import { Figure } from "../../world/watch/sample.js";
import type { Area, Cells } from "../cells/cells.js";
import { padLeft, padTo, textWidth } from "../cells/char-width.js";
import { Bold, Colour, Dim, Inverse, type Style } from "../cells/style.js";
import { ALL_POOLS } from "../history/run-history.js";
import { emptyBox, titled } from "./box.js";
import { type Scene, sampleAtCursor, shownSide } from "./scene.js";
import { percent, shortCount } from "./words.js";

interface Column {
  readonly name: string;
  readonly width: number;
  text(figures: Float64Array, slots: number): string;
  style?(figures: Float64Array, slots: number): Style;
}

/** The most telling first: a narrow box shows as many as fit. */
const COLUMNS: readonly Column[] = [
  { name: "ready", width: 6, text: (f) => shortCount(f[Figure.ready]) },
  { name: "want", width: 5, text: (f) => shortCount(f[Figure.desired]) },
  {
    name: "used",
    width: 6,
    text: (f, slots) => percent(usedShare(f, slots)).replace(" ", ""),
    style: (f, slots) => (usedShare(f, slots) > 0.95 ? Colour.red : Colour.plain),
  },
  {
    name: "wait",
    width: 5,
    text: (f) => shortCount(f[Figure.waiting]),
    style: (f) => (f[Figure.waiting] > 0 ? Colour.red | Bold : Colour.plain),
  },
  { name: "spawn", width: 6, text: (f) => shortCount(f[Figure.spawning]) },
  { name: "drain", width: 6, text: (f) => shortCount(f[Figure.draining]) },
  { name: "open", width: 6, text: (f) => shortCount(f[Figure.open]) },
  { name: "parked", width: 7, text: (f) => shortCount(f[Figure.parked]) },
  { name: "lost", width: 6, text: (f) => shortCount(f[Figure.rejected] + f[Figure.abandoned] + f[Figure.interrupted]) },
];

const FEWEST_NAME_CELLS = 8;

/** A row for each pool: region, formats, and what its streamlets do. */
export function poolsView(cells: Cells, area: Area, scene: Scene): void {
  const side = shownSide(scene);
  const { pools } = side.facts;
  const { ui } = scene;
  const filter = ui.pool === ALL_POOLS ? "" : `only ${pools[ui.pool].name}`;
  const inner = titled(cells, area, "2", "pools", filter === "" ? [] : [[filter, Colour.yellow]]);
  const sample = sampleAtCursor(scene);
  if (sample === undefined) {
    emptyBox(cells, inner, "nothing has happened yet");
    return;
  }
  const shown = pools.flatMap((_, pool) => (ui.pool === ALL_POOLS || ui.pool === pool ? [pool] : []));
  const nameWidth = Math.max(FEWEST_NAME_CELLS, ...shown.map((pool) => textWidth(nameOf(pools[pool])) + 1));
  const columns = fitting(inner.width - 1 - Math.min(nameWidth, Math.floor(inner.width / 3)));
  const names = inner.width - 1 - columns.reduce((sum, one) => sum + one.width, 0);
  const kept = Math.min(names, nameWidth);
  const write = (y: number, name: string, cell: (column: Column) => readonly [string, Style], style: Style): void => {
    let x = cells.text(inner.x + 1, y, padTo(name, kept), style, inner.x + inner.width);
    for (const column of columns) {
      const [text, own] = cell(column);
      x = cells.text(x, y, padLeft(text, column.width), own, inner.x + inner.width);
    }
  };
  write(inner.y, "pool", (column) => [column.name, Dim], Dim);
  const rows = Math.max(0, inner.height - 1);
  const cut = shown.length > rows ? rows - 1 : rows;
  shown.slice(0, cut).forEach((pool, i) => {
    const figures = sample.figures[pool];
    const style = ui.pointer.pool === pool ? Inverse : Colour.plain;
    const cell = (column: Column): readonly [string, Style] => {
      const { slots } = pools[pool];
      return [column.text(figures, slots), column.style?.(figures, slots) ?? Colour.plain];
    };
    write(inner.y + 1 + i, nameOf(pools[pool]), cell, style);
  });
  if (cut < shown.length && rows > 0)
    cells.text(
      inner.x + 1,
      inner.y + rows,
      `… and ${shown.length - cut} more: p shows one at a time`,
      Dim,
      inner.x + inner.width,
    );
}

/** The name tells the region; formats follow where they differ from it. */
function nameOf({ name, formats }: { readonly name: string; readonly formats: readonly string[] }): string {
  return name.includes("/") || formats.length === 0 ? name : `${name} ${formats.join(",")}`;
}

function fitting(width: number): readonly Column[] {
  let used = 0;
  return COLUMNS.filter((column) => {
    used += column.width;
    return used <= width;
  });
}

function usedShare(figures: Float64Array, slots: number): number {
  const ready = figures[Figure.ready] * slots;
  return ready === 0 ? Number.NaN : (figures[Figure.open] - figures[Figure.openDraining]) / ready;
}
