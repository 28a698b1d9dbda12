import { CellState } from "../../world/watch/sample.js";
import { ALL_POOLS } from "../history/run-history.js";
import { type Scene, sampleToPointAt, shownSide } from "../views/scene.js";
import { streamletAt } from "../views/streamlets-view.js";
import type { UiState } from "./ui-state.js";

const STATES: Readonly<Record<CellState, string>> = {
  [CellState.none]: "gone",
  [CellState.spawning]: "spawning",
  [CellState.ready]: "ready",
  [CellState.draining]: "draining",
  [CellState.parked]: "parked",
};
/** A cell holds the fill in eighths: up to this many slots it gives the streams exactly. */
const EXACT_SLOTS = 8;

/** The next existing streamlet, over the pools that are shown. */
export function pointed(scene: Scene, by: number): UiState {
  const { ui } = scene;
  const all = (sampleToPointAt(scene)?.streamlets ?? []).flatMap(({ cells }, pool) =>
    ui.pool === ALL_POOLS || ui.pool === pool
      ? Array.from(cells).flatMap((cell, place) => (cell === 0 ? [] : [{ pool, place }]))
      : [],
  );
  if (all.length === 0) return { ...ui, message: "there is no streamlet to point at" };
  const at = all.findIndex(({ pool, place }) => pool === ui.pointer.pool && place === ui.pointer.place);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  const pointer = all[next];
  return { ...ui, pointer, message: textOf(scene, pointer) };
}

/** "streamlet 12 of eu/ts: ready, 3 of 8 slots used". The box of streamlets may not be shown. */
function textOf(scene: Scene, { pool, place }: UiState["pointer"]): string {
  const places = sampleToPointAt(scene)?.streamlets[pool];
  const cell = places?.cells[place] ?? 0;
  const { name, slots } = shownSide(scene).facts.pools[pool];
  const id = streamletAt(places, place);
  const state = (cell >> 4) as CellState;
  const open = Math.floor(((cell & 15) / EXACT_SLOTS) * slots);
  const fill = `, ${slots > EXACT_SLOTS ? "about " : ""}${open} of ${slots} slots used`;
  const which = id === undefined ? "a streamlet" : `streamlet ${id}`;
  return `${which} of ${name}: ${STATES[state]}${state === CellState.ready ? fill : ""}`;
}
