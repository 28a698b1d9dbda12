import type { Area, Cells } from "../cells/cells.js";
import { padTo, wrapped } from "../cells/char-width.js";
import { Bold, Colour, Dim } from "../cells/style.js";
import { keysFor } from "../state/key-table.js";
import type { RunKind, Scene } from "./scene.js";

const KEY_CELLS = 9;
/** From this width on help has two columns. */
const TWO_COLUMNS = 150;

const SIGNS: readonly (readonly [string, string])[] = [
  ["▲", "a minute that violates the SLO"],
  ["×", "a streamlet failed"],
  ["◆", "side by side: the policies first decide differently"],
  ["chart", "per dot the most streams, and the fewest ready slots"],
];

/** The keys of a line; empty if the line continues the one above. */
type HelpLine = readonly [keys: string, text: string];

/** Page `page` (from 0) of the keys that work here and the signs. */
export function helpView(cells: Cells, area: Area, scene: Scene, page: number): void {
  cells.fill(area, " ", Colour.plain);
  const pages = helpPages(scene.kind, area);
  const shown = pages[Math.min(page, pages.length - 1)];
  const rest = page + 1 < pages.length;
  const after = cells.text(area.x + 1, area.y, "Keys", Bold);
  const note = rest ? ` ${page + 1} of ${pages.length}: space shows the next` : ": any key closes this";
  cells.text(after, area.y, note, Dim, area.x + area.width);
  const { columns, width } = columnsOf(area);
  const perColumn = Math.ceil(shown.length / columns);
  shown.forEach(([keys, text], i) => {
    const x = area.x + 1 + Math.floor(i / perColumn) * width;
    const y = area.y + 1 + (i % perColumn);
    cells.text(x, y, padTo(keys, KEY_CELLS), Colour.yellow | Bold, x + width - 1);
    cells.text(x + KEY_CELLS + 1, y, text, Colour.plain, x + width - 1);
  });
}

/** All of help, in pages that fit; no line is cut. */
export function helpPages(kind: RunKind, area: Pick<Area, "width" | "height">): readonly (readonly HelpLine[])[] {
  const { columns, width } = columnsOf(area);
  const entries = [...keysFor(kind).map(({ keys, long }) => [keys, long] as const), ...SIGNS];
  const lines = entries.flatMap(([keys, long]) =>
    wrapped(long, width - KEY_CELLS - 2).map((text, i): HelpLine => [i === 0 ? keys : "", text]),
  );
  const perPage = Math.max(1, area.height - 1) * columns;
  const count = Math.ceil(lines.length / perPage);
  return Array.from({ length: count }, (_, i) => lines.slice(i * perPage, (i + 1) * perPage));
}

function columnsOf({ width }: Pick<Area, "width">): { readonly columns: number; readonly width: number } {
  const columns = width >= TWO_COLUMNS ? 2 : 1;
  return { columns, width: Math.floor(width / columns) };
}
