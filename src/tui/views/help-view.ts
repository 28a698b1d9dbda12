import type { Area, Cells } from "../cells/cells.js";
import { padTo } from "../cells/char-width.js";
import { Bold, Colour, Dim } from "../cells/style.js";
import { keysFor } from "../state/key-table.js";
import type { Scene } from "./scene.js";

const KEY_CELLS = 9;
/** From this width on help has two columns. */
const TWO_COLUMNS = 150;

const SIGNS: readonly (readonly [string, string])[] = [
  ["▲", "a minute that violates the SLO"],
  ["×", "a streamlet failed"],
  ["◆", "side by side: the policies first decide differently"],
  ["chart", "per dot the most streams, and the fewest ready slots"],
];

/** All keys that work here, and the signs. */
export function helpView(cells: Cells, area: Area, scene: Scene): void {
  cells.fill(area, " ", Colour.plain);
  const after = cells.text(area.x + 1, area.y, "Keys", Bold);
  cells.text(after, area.y, ": any key closes this", Dim, area.x + area.width);
  const lines = [...keysFor(scene.kind).map(({ keys, long }) => [keys, long] as const), ...SIGNS];
  const columns = area.width >= TWO_COLUMNS ? 2 : 1;
  const perColumn = Math.ceil(lines.length / columns);
  const width = Math.floor(area.width / columns);
  const rows = Math.max(1, Math.min(perColumn, area.height - 1));
  lines.forEach(([keys, long], i) => {
    const column = Math.floor(i / perColumn);
    const row = i % perColumn;
    if (row >= rows) return;
    const x = area.x + 1 + column * width;
    const end = area.x + (column + 1) * width;
    cells.text(x, area.y + 1 + row, padTo(keys, KEY_CELLS), Colour.yellow | Bold, end);
    cells.text(x + KEY_CELLS + 1, area.y + 1 + row, long, Colour.plain, end);
  });
}
