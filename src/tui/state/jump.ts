import { lastIndexUntil, matches } from "../views/decisions-view.js";
import { type Scene, shownSide } from "../views/scene.js";
import type { UiState } from "./ui-state.js";

const MINUTE_MS = 60_000;

/** The keys that go back. */
const KEY_BACK = { violation: "V", decision: "D", fault: "F" } as const;

export type JumpTarget = "violation" | "decision" | "fault" | "match";

/**
 * Moves the cursor to the next or the previous event of a kind, and pauses; shows a message if
 * there is none. A search continues at the start, since a finished run is opened at its end.
 */
export function jump(scene: Scene, target: JumpTarget, forward: boolean): UiState {
  const { ui } = scene;
  const atMs = instants(scene, target, forward);
  if (atMs !== undefined) return { ...ui, cursorMs: atMs, isPlaying: false, message: "" };
  const side = shownSide(scene);
  const known = side.frontierMs < side.facts.durationMs ? " in what is known so far" : "";
  const first = forward ? instants({ ...scene, ui: { ...ui, cursorMs: -1 } }, target, true) : undefined;
  if (target === "match") {
    if (first === undefined) return { ...ui, message: `no decision with "${ui.search}"${known}` };
    return { ...ui, cursorMs: first, isPlaying: false, message: "no later one: this is the first" };
  }
  const hint = first === undefined || first >= ui.cursorMs ? "" : `: ${KEY_BACK[target]} goes to the one before`;
  return { ...ui, message: `no ${forward ? "later" : "earlier"} ${target}${known}${hint}` };
}

function instants(scene: Scene, target: JumpTarget, forward: boolean): number | undefined {
  const side = shownSide(scene);
  const { cursorMs, pool, search } = scene.ui;
  const isShown = (one: { readonly pool: number }): boolean => pool < 0 || one.pool === pool;
  if (target === "violation") {
    // The cursor is placed at the end of the minute, where the violation is visible.
    const ends = side.violatingMinutes.map((minute) => Math.min((minute + 1) * MINUTE_MS, side.facts.durationMs));
    return forward ? ends.find((atMs) => atMs > cursorMs) : ends.filter((atMs) => atMs < cursorMs).at(-1);
  }
  const events: readonly { readonly atMs: number; readonly pool: number }[] =
    target === "fault"
      ? side.faults.filter(isShown)
      : target === "decision"
        ? side.decisions.filter(isShown)
        : side.decisions.filter((one) => search !== "" && matches(one, side.facts.subjects, search));
  if (forward) return events[lastIndexUntil(events, cursorMs) + 1]?.atMs;
  let i = lastIndexUntil(events, cursorMs);
  while (i >= 0 && events[i].atMs >= cursorMs) i--;
  return events[i]?.atMs;
}
