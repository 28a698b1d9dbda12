import type { DecisionRecord } from "../../ports/telemetry.js";
import { wantedText } from "../../report/numbers.js";
import type { Area, Cells } from "../cells/cells.js";
import { padLeft, padTo } from "../cells/char-width.js";
import { Bold, Colour, Dim, Inverse, type Style } from "../cells/style.js";
import { ALL_POOLS, type RunHistory } from "../history/run-history.js";
import { emptyBox, titled } from "./box.js";
import { type Scene, shownSide } from "./scene.js";
import { clock } from "./words.js";

/** The last decisions up to the cursor, the newest first, with their reasons. */
export function decisionsView(cells: Cells, area: Area, scene: Scene): void {
  const side = shownSide(scene);
  const { facts } = side;
  const { search, cursorMs, pool } = scene.ui;
  const inner = titled(cells, area, "6", "decisions", [search === "" ? [] : [[`/${search}`, Colour.yellow]]]);
  const last = decisionsUntil(side, cursorMs, pool, inner.height);
  if (last.length === 0) {
    emptyBox(cells, inner, "no decision yet that changed anything");
    return;
  }
  const end = inner.x + inner.width;
  const nameWidth = Math.min(16, Math.max(...facts.subjects.map((name) => name.length)) + 1);
  const before = changesBefore(side, last);
  last.forEach((decision, i) => {
    const y = inner.y + i;
    const time = clock(decision.atMs, facts.epochMs, facts.durationMs);
    let x = cells.text(inner.x + 1, y, `${time} `, Dim, end);
    if (facts.subjects.length > 1 && pool === ALL_POOLS)
      x = cells.text(x, y, padTo(facts.subjects[decision.pool], nameWidth), Colour.plain, end);
    const from = before[i];
    const change =
      from === undefined || from === decision.desired ? `${decision.desired}` : `${from}→${decision.desired}`;
    x = cells.text(x, y, `${padLeft(change, 8)} `, styleOf(from, decision.desired), end);
    x = cells.text(x, y, decision.reason, Colour.plain, end);
    if (decision.refusal !== "")
      x = cells.text(x, y, ` wanted ${wantedText(decision.wanted)}: ${decision.refusal}`, Colour.red, end);
    if (search !== "" && matches(decision, facts.subjects, search))
      cells.mark({ x: inner.x + 1, y, width: x - inner.x - 1, height: 1 }, Inverse);
  });
}

function styleOf(from: number | undefined, to: number): Style {
  if (from === undefined || from === to) return Colour.plain;
  return to > from ? Colour.green | Bold : Colour.magenta;
}

/** The decision in force before each of these. */
function changesBefore(side: RunHistory, shown: readonly DecisionRecord[]): readonly (number | undefined)[] {
  const all = side.decisions;
  return shown.map((decision) => {
    let i = lastIndexUntil(all, decision.atMs);
    while (i >= 0 && all[i] !== decision) i--;
    for (i--; i >= 0; i--) if (all[i].pool === decision.pool) return all[i].desired;
    return undefined;
  });
}

/** The newest decisions at or before an instant, the newest first. */
export function decisionsUntil(side: RunHistory, atMs: number, pool: number, most: number): readonly DecisionRecord[] {
  const { decisions } = side;
  const found: DecisionRecord[] = [];
  for (let i = lastIndexUntil(decisions, atMs); i >= 0 && found.length < most; i--)
    if (pool === ALL_POOLS || decisions[i].pool === pool) found.push(decisions[i]);
  return found;
}

/** Index of the last event at or before an instant; −1 = none. */
export function lastIndexUntil(events: readonly { readonly atMs: number }[], atMs: number): number {
  let low = -1;
  let high = events.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (events[middle].atMs <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A decision is found by its subject, its reason and its refusal. */
export function matches(decision: DecisionRecord, subjects: readonly string[], search: string): boolean {
  const text = `${subjects[decision.pool]} ${decision.reason} ${decision.refusal}`;
  return text.toLowerCase().includes(search.toLowerCase());
}
