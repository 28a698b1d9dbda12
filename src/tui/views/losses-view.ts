import type { Area, Cells } from "../cells/cells.js";
import { padLeft } from "../cells/char-width.js";
import { Colour, Dim } from "../cells/style.js";
import { ALL_POOLS } from "../history/run-history.js";
import { emptyBox, type Span, titled } from "./box.js";
import { lastIndexUntil } from "./decisions-view.js";
import { type Scene, sampleAtCursor, shownSide } from "./scene.js";
import { clock, shortCount } from "./words.js";

/** The losses up to the cursor, by cause, then the last streamlets that failed. */
export function lossesView(cells: Cells, area: Area, scene: Scene): void {
  const side = shownSide(scene);
  const { facts, faults } = side;
  const sample = sampleAtCursor(scene);
  const losses = [...(sample?.losses ?? [])].sort(([, a], [, b]) => b - a);
  const lost = losses.reduce((sum, [, count]) => sum + count, 0);
  const right: readonly Span[] = [[`${shortCount(lost)} lost`, lost > 0 ? Colour.red : Colour.green]];
  const inner = titled(cells, area, "7", "losses", [right]);
  const end = inner.x + inner.width;
  const last: string[] = [];
  const room = Math.max(1, inner.height - Math.min(losses.length, Math.ceil(inner.height / 2)));
  for (let i = lastIndexUntil(faults, scene.ui.cursorMs); i >= 0 && last.length < room; i--) {
    const { atMs, pool, reason, streams } = faults[i];
    if (scene.ui.pool !== ALL_POOLS && scene.ui.pool !== pool) continue;
    const name = facts.pools.length > 1 ? `${facts.pools[pool].name} ` : "";
    const cut = streams === 0 ? "" : `: ${streams} cut`;
    last.push(`${clock(atMs, facts.epochMs, facts.durationMs)} ${name}${reason}${cut}`);
  }
  if (losses.length === 0 && last.length === 0) {
    emptyBox(cells, inner, "no request lost, no streamlet failed");
    return;
  }
  const shown = losses.slice(0, Math.max(0, inner.height - last.length));
  shown.forEach(([cause, count], i) => {
    const x = cells.text(inner.x + 1, inner.y + i, `${padLeft(shortCount(count), 6)} `, Colour.red, end);
    cells.text(x, inner.y + i, cause, Colour.plain, end);
  });
  last.forEach((text, i) => {
    cells.text(inner.x + 1, inner.y + shown.length + i, `× ${text}`, Dim, end);
  });
}
