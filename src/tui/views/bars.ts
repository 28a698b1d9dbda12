import { formatCount } from "../../base/units.js";
import type { Cells } from "../cells/cells.js";
import { shortened, textWidth } from "../cells/char-width.js";
import { Bold, Colour, Dim, Inverse } from "../cells/style.js";
import { footerKeys } from "../state/key-table.js";
import { SPEEDS } from "../state/ui-state.js";
import { type Span, spans } from "./box.js";
import { knownMs, type Scene, shownSide } from "./scene.js";
import { clock } from "./words.js";

/** The first line: the run, the cursor's time and the speed. */
export function header(cells: Cells, y: number, scene: Scene): void {
  const { facts, frontierMs } = shownSide(scene);
  const { ui, kind, sides } = scene;
  const names = sides.map((side) => side.facts.policy).join(" | ");
  const time = clock(ui.cursorMs, facts.epochMs, facts.durationMs);
  const right: Span[] = [
    [` ${time} `, Bold | Inverse],
    [` ${pace(scene)} `, ui.isPlaying ? Colour.green : Colour.yellow],
  ];
  if (Number.isFinite(scene.endMs)) right.push([`${Math.floor((100 * ui.cursorMs) / scene.endMs)} % `, Colour.plain]);
  if (kind === "live" && ui.cursorMs < frontierMs) right.push(["the past: end shows now ", Colour.yellow]);
  const rightWidth = right.reduce((sum, [text]) => sum + textWidth(text), 0);
  const left: Span[] = [
    [` ${facts.scenario} `, Bold],
    [` ${names} `, Colour.cyan],
    [` seed ${facts.seed} `, Dim],
  ];
  spans(cells, 0, y, left, cells.width - rightWidth - 1);
  spans(cells, Math.max(0, cells.width - rightWidth), y, right, cells.width);
}

function pace(scene: Scene): string {
  const { ui, kind, endMs } = scene;
  const reachedMs = knownMs(scene);
  if (kind === "recording" && reachedMs < endMs) return `reading ${Math.floor((100 * reachedMs) / endMs)} %`;
  if (!ui.isPlaying) return ui.cursorMs >= endMs ? "■ end" : "‖ paused";
  if (kind === "live") return "▶ live";
  const speed = SPEEDS[ui.speed];
  return Number.isFinite(speed) ? `▶ ×${formatCount(speed)}` : "▶ fastest";
}

/** The last row: a message or a question, or else the keys that work now. */
export function footer(cells: Cells, y: number, scene: Scene, hidden: readonly string[]): void {
  const message = messageBelow(scene);
  if (message !== undefined) {
    cells.text(0, y, shortened(` ${message[0]}`, cells.width), message[1]);
    return;
  }
  let x = 1;
  const note = hidden.length === 0 ? "" : ` no room for ${hidden.join(", ")}: z `;
  const limit = cells.width - textWidth(note);
  for (const { keys, short } of footerKeys(scene.kind)) {
    if (x + textWidth(keys) + 1 + textWidth(short) > limit) break;
    x = cells.text(x, y, keys, Colour.yellow | Bold);
    x = cells.text(x + 1, y, short, Colour.plain) + 2;
  }
  cells.text(limit, y, note, Dim);
}

function messageBelow({ ui, trouble }: Scene): Span | undefined {
  const { overlay, message } = ui;
  if (overlay.kind === "command") return [`:${overlay.text}▏`, Bold];
  if (overlay.kind === "search") return [`/${overlay.text}▏`, Bold];
  if (overlay.kind === "confirm") {
    const what = overlay.action === "drain" ? "Drain" : "Terminate, and cut the streams of,";
    return [`${what} streamlet ${overlay.id}? y = yes, any other key = no`, Bold | Colour.red];
  }
  if (trouble !== "") return [trouble, Bold | Colour.red];
  return message === "" ? undefined : [message, Bold];
}
