import type { Sample } from "../../world/watch/sample.js";
import type { RunHistory } from "../history/run-history.js";
import { type UiState, WINDOWS_MS } from "../state/ui-state.js";

/** What can be done with the run that is watched. */
export type RunKind = "simulation" | "recording" | "live";

/** All that a frame is made of: the same scene and size give the same cells. */
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
  readonly takesWishes: boolean;
  /** Something about the source that must be seen, such as a lost connection; empty = nothing. */
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
 * The sample whose streamlets are pointed at. Where a live run is followed it is the newest, which
 * alone has their ids: the cursor moves with the next frame, and a sample may have come since.
 */
export function sampleToPointAt(scene: Scene): Sample | undefined {
  const isFollowed = scene.kind === "live" && scene.ui.isPlaying;
  return isFollowed ? shownSide(scene).at(Number.POSITIVE_INFINITY) : sampleAtCursor(scene);
}

/** The instant up to which all sides are known; a finished run is known in full. */
export function knownMs({ sides, endMs }: Pick<Scene, "sides" | "endMs">): number {
  return Math.min(endMs, ...sides.map(({ frontierMs, facts }) => (frontierMs < facts.durationMs ? frontierMs : endMs)));
}

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * What the charts show. It moves by half of its length at a time: a chart that crawls would write
 * every cell anew with every frame.
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

/** Where no end is known: two minutes, then twice as long whenever that is full. */
function doubling(knownMs: number): number {
  let toMs = 120_000;
  while (toMs < knownMs) toMs *= 2;
  return toMs;
}
