import type { Sample } from "../../world/watch/sample.js";
import type { RunHistory } from "../history/run-history.js";
import { type UiState, WINDOWS_MS } from "../state/ui-state.js";

/** What can be done with the run that is watched. */
export type RunKind = "simulation" | "recording" | "live";

/** All inputs of a frame: the same scene and size give the same cells. */
export interface Scene {
  readonly kind: RunKind;
  /** One run, or two side by side. */
  readonly sides: readonly RunHistory[];
  /** Policies that can be compared with the first. */
  readonly others: readonly string[];
  readonly ui: UiState;
  /** Where the run ends; Infinity where that is not known. */
  readonly endMs: number;
  /** An operator may drain and terminate. */
  readonly takesActions: boolean;
  /** A notice on the source to show, such as a lost connection; empty = none. */
  readonly trouble: string;
}

/** The history whose details are shown. */
export function shownSide({ sides, ui }: Scene): RunHistory {
  return sides[Math.min(ui.side, sides.length - 1)];
}

export function sampleAtCursor(scene: Scene): Sample | undefined {
  return shownSide(scene).at(scene.ui.cursorMs);
}

/**
 * The sample whose streamlets can be selected. When following a live run it is the newest, which
 * alone has their ids: the cursor moves only with the next frame, and a sample may have arrived
 * since.
 */
export function sampleToPointAt(scene: Scene): Sample | undefined {
  const isFollowed = scene.kind === "live" && scene.ui.isPlaying;
  return isFollowed ? shownSide(scene).at(Number.POSITIVE_INFINITY) : sampleAtCursor(scene);
}

/** The instant up to which all sides are known; the end for a finished run. */
export function knownMs({ sides, endMs }: Pick<Scene, "sides" | "endMs">): number {
  return Math.min(endMs, ...sides.map(({ frontierMs, facts }) => (frontierMs < facts.durationMs ? frontierMs : endMs)));
}

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The time range of the charts. It moves by half of its length at a time: a range that moves with
 * every frame would rewrite every cell.
 */
export function timeWindow({ ui, endMs, sides }: Scene): TimeWindow {
  const lengthMs = WINDOWS_MS[ui.window];
  if (Number.isFinite(endMs) && lengthMs >= endMs) return { fromMs: 0, toMs: endMs };
  const knownMs = Math.max(ui.cursorMs, ...sides.map((side) => side.frontierMs));
  if (lengthMs === Number.POSITIVE_INFINITY) return { fromMs: 0, toMs: doubling(knownMs) };
  const stepMs = lengthMs / 2;
  const fromMs = Math.max(0, Math.floor(ui.cursorMs / stepMs - 1) * stepMs);
  return { fromMs, toMs: fromMs + lengthMs };
}

/** Without a known end: two minutes, then twice as long whenever that is full. */
function doubling(knownMs: number): number {
  let toMs = 120_000;
  while (toMs < knownMs) toMs *= 2;
  return toMs;
}
