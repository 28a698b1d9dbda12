import { decisionReasons } from "../../ports/reasons.js";
import type { DecisionRecord } from "../../ports/telemetry.js";
import { formatNumber } from "../../report/numbers.js";
import type { Area, Cells } from "../cells/cells.js";
import { padTo } from "../cells/char-width.js";
import { Bold, Colour, Dim, type Style } from "../cells/style.js";
import { ALL_POOLS } from "../history/run-history.js";
import { decisionsUntil } from "./decisions-view.js";
import { firstDivergence } from "./divergence.js";
import { type Scene, shownSide } from "./scene.js";
import { clock, counted, wait } from "./words.js";

const KEY_CELLS = 18;
/** A policy of the user's may give reasons that are not among them. */
const MEANINGS: ReadonlyMap<string, string> = new Map(Object.entries(decisionReasons));
/** Lines of a decision with the meaning of its reason, usually. */
const LINES_EACH = 7;

/** What the policy saw at the cursor, and the reason of its decision, pool after pool. */
export function whyView(cells: Cells, area: Area, scene: Scene): void {
  cells.fill(area, " ", Colour.plain);
  const side = shownSide(scene);
  const { facts } = side;
  const { cursorMs, pool } = scene.ui;
  const end = area.x + area.width;
  const bottom = area.y + area.height - 1;
  const time = (atMs: number): string => clock(atMs, facts.epochMs, facts.durationMs);
  let y = area.y;
  const line = (text: string, style: Style = Colour.plain): void => {
    if (y < bottom) cells.text(area.x + 1, y, text, style, end);
    y++;
  };
  line(`Why ${facts.policy} chose what it chose, at ${time(cursorMs)}`, Bold);
  const parted = firstDivergence(scene.sides);
  if (parted !== undefined && parted.atMs <= cursorMs) line(divergenceText(scene, parted, time), Colour.yellow);
  const last = side.at(cursorMs)?.lastDecisions ?? [];
  const hasRoom = pool !== ALL_POOLS || facts.subjects.length * LINES_EACH <= area.height;
  facts.subjects.forEach((subject, s) => {
    if (pool !== ALL_POOLS && s !== pool) return;
    const [change] = decisionsUntil(side, cursorMs, s, 1);
    const seen = last[s];
    // A sample is taken at the end of its bin: a decision since then is newer.
    const decision = change !== undefined && !(seen !== undefined && seen.atMs >= change.atMs) ? change : seen;
    if (decision === undefined) {
      line(`${subject}: no decision yet`, Dim);
      return;
    }
    line("");
    line(`${subject} at ${time(decision.atMs)}: ${verdict(decision)}`, Colour.cyan | Bold);
    const meaning = MEANINGS.get(decision.reason);
    if (hasRoom && meaning !== undefined) line(`  ${meaning}`);
    line(`  It saw ${seenText(decision)}.`);
    for (const [key, value] of Object.entries(decision.details ?? {}))
      line(`  ${padTo(wordsOf(key), KEY_CELLS)} ${detailText(key, value)}`);
    if (change !== undefined && change !== decision)
      line(`  The last change was at ${time(change.atMs)}: ${verdict(change)}.`, Dim);
  });
  const rest = y - bottom;
  cells.text(
    area.x + 1,
    bottom,
    rest > 0 ? `… ${rest} lines more: p shows one pool; any key closes this` : "any key closes this",
    Dim,
    end,
  );
}

function divergenceText(
  { sides }: Scene,
  parted: { readonly atMs: number; readonly subject: string; readonly desired: readonly [number, number] },
  time: (atMs: number) => string,
): string {
  const wants = sides.map((side, i) => `${side.facts.policy} wants ${parted.desired[i]}`).join(", ");
  return `◆ First differ at ${time(parted.atMs)}, ${parted.subject}: ${wants}.`;
}

function verdict({ desired, reason, refusal, wanted }: DecisionRecord): string {
  const refused = refusal === "" ? "" : ` (it wanted ${formatNumber(wanted)}: ${refusal})`;
  return `${counted(desired, "streamlet")}, because: ${reason}${refused}`;
}

function seenText({ open, waiting, ready, spawning }: DecisionRecord): string {
  return (
    `${formatNumber(open, 9)} open, ${formatNumber(waiting, 9)} waiting; ` +
    `${formatNumber(ready, 9)} ready, ${formatNumber(spawning, 9)} spawning`
  );
}

/** expectedOpen → "expected open". */
function wordsOf(key: string): string {
  return key.replace(/Ms$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function detailText(key: string, value: number): string {
  return key.endsWith("Ms") ? wait(value) : formatNumber(value);
}
