import { ALL_POOLS } from "../history/run-history.js";
import { bodyOf } from "../views/frame.js";
import { helpPages } from "../views/help-view.js";
import { AS_LISTED, POOL_COLUMNS } from "../views/pool-columns.js";
import { type Scene, sampleToPointAt, shownSide } from "../views/scene.js";
import { streamletAt } from "../views/streamlets-view.js";
import { completed, runCommand, type Step, toggled } from "./command-line.js";
import { jump } from "./jump.js";
import type { KeyPress } from "./key-press.js";
import { pointed } from "./pointed.js";
import {
  BOXES,
  type BoxName,
  type OperatorAction,
  type Overlay,
  SPEEDS,
  type UiState,
  WINDOWS_MS,
} from "./ui-state.js";

/** The longest text that a prompt takes. */
const MOST_TEXT = 60;

/** The effect of a key on a scene. Pure: the session carries it out. */
export function onKey(scene: Scene, key: KeyPress): Step {
  const { overlay } = scene.ui;
  if (key.ctrl === true && key.text === "c") return { ui: scene.ui, effect: { kind: "interrupt" } };
  if (key.ctrl === true && key.text === "z") return { ui: scene.ui, effect: { kind: "suspend" } };
  if (key.ctrl === true && key.text === "l") return { ui: scene.ui, effect: { kind: "redraw" } };
  if (key.ctrl === true) return { ui: scene.ui };
  const quiet: Scene = { ...scene, ui: { ...scene.ui, message: "" } };
  switch (overlay.kind) {
    case "help":
      return onHelpKey(quiet, overlay.page, key);
    case "why":
      return onWhyKey(quiet, key);
    case "command":
    case "search":
      return onPromptKey(quiet, overlay.kind, overlay.text, key);
    case "confirm": {
      const ui: UiState = { ...quiet.ui, overlay: { kind: "none" } };
      if (key.text === "y") return { ui, effect: { kind: "act", action: overlay.action, id: overlay.id } };
      return { ui: { ...ui, message: `nothing was done to streamlet ${overlay.id}` } };
    }
    case "none":
      return onPlainKey(quiet, key);
  }
}

/** Space and the arrow down show the next page, if there is one; any other key closes help. */
function onHelpKey({ kind, ui }: Scene, page: number, key: KeyPress): Step {
  const isNext = key.text === " " || key.name === "down" || key.name === "pageDown";
  const pages = helpPages(kind, bodyOf(ui.size.width, ui.size.height)).length;
  const overlay: Overlay = isNext && page + 1 < pages ? { kind: "help", page: page + 1 } : { kind: "none" };
  return { ui: { ...ui, overlay } };
}

/** While `why` is open the cursor and the pool still move; any other key closes it. */
function onWhyKey(scene: Scene, key: KeyPress): Step {
  const isMove = key.name === "left" || key.name === "right" || (key.text !== "" && ".,pdvfDVF".includes(key.text));
  if (isMove || key.name === "tab") return onPlainKey(scene, key);
  return { ui: { ...scene.ui, overlay: { kind: "none" } } };
}

function onPromptKey(scene: Scene, kind: "command" | "search", text: string, key: KeyPress): Step {
  const { ui } = scene;
  const typed = (next: string): Step => ({ ui: { ...ui, overlay: { kind, text: next.slice(0, MOST_TEXT) } } });
  if (key.name === "escape") return { ui: { ...ui, overlay: { kind: "none" } } };
  if (key.name === "backspace") return typed(Array.from(text).slice(0, -1).join(""));
  if (key.name === "tab") return kind === "command" ? typed(completed(scene, text)) : { ui };
  if (key.name !== "enter") return key.text === "" ? { ui } : typed(text + key.text);
  if (kind === "command") return runCommand(scene, text);
  const searching: UiState = { ...ui, overlay: { kind: "none" }, search: text };
  return { ui: text === "" ? searching : jump({ ...scene, ui: searching }, "match", true) };
}

function onPlainKey(scene: Scene, key: KeyPress): Step {
  const { ui } = scene;
  const named = onNamedKey(scene, key);
  if (named !== undefined) return { ui: named };
  const box = BOXES[Number(key.text) - 1];
  if (box !== undefined) return { ui: toggled(ui, box) };
  switch (key.text) {
    case "q":
      return { ui, effect: { kind: "quit" } };
    case " ":
      return { ui: playing(scene) };
    case ".":
    case ",":
      return { ui: moved(scene, key.text === "." ? 1 : -1) };
    case "[":
    case "]":
      return { ui: sped(scene, key.text === "]" ? 1 : -1) };
    case "w":
      return { ui: { ...ui, window: (ui.window + 1) % WINDOWS_MS.length } };
    case "p":
      return { ui: { ...ui, pool: ui.pool + 1 < shownSide(scene).facts.pools.length ? ui.pool + 1 : ALL_POOLS } };
    case "z":
      return { ui: { ...ui, zoomed: boxAfter(ui.zoomed) } };
    case "o":
    case "O":
      return { ui: key.text === "o" ? sortedByNext(ui) : reversed(ui) };
    case "s":
      return beside(scene);
    case "y":
      return { ui: { ...ui, overlay: { kind: "why" } } };
    case "?":
      return { ui: { ...ui, overlay: { kind: "help", page: 0 } } };
    case ":":
      return { ui: { ...ui, overlay: { kind: "command", text: "" } } };
    case "/":
      return { ui: { ...ui, overlay: { kind: "search", text: "" } } };
    case "n":
      return {
        ui: ui.search === "" ? { ...ui, message: "nothing is searched for: / begins" } : jump(scene, "match", true),
      };
    case "v":
    case "V":
      return { ui: jump(scene, "violation", key.text === "v") };
    case "d":
    case "D":
      return { ui: jump(scene, "decision", key.text === "d") };
    case "f":
    case "F":
      return { ui: jump(scene, "fault", key.text === "f") };
    case "j":
    case "k":
      return { ui: pointed(scene, key.text === "j" ? 1 : -1) };
    case "x":
    case "X":
      return { ui: asked(scene, key.text === "x" ? "drain" : "terminate") };
    default:
      return { ui };
  }
}

function onNamedKey(scene: Scene, { name, shift }: KeyPress): UiState | undefined {
  const { ui, sides, endMs } = scene;
  switch (name) {
    case "left":
      return moved(scene, shift === true ? -10 : -1);
    case "right":
      return moved(scene, shift === true ? 10 : 1);
    case "pageUp":
      return moved(scene, -60);
    case "pageDown":
      return moved(scene, 60);
    case "home":
      return { ...ui, cursorMs: 0, isPlaying: false };
    case "end":
      if (scene.kind === "live") return { ...ui, cursorMs: shownSide(scene).frontierMs, isPlaying: true };
      return { ...ui, cursorMs: scene.kind === "recording" ? endMs : shownSide(scene).frontierMs, isPlaying: false };
    case "tab":
      if (sides.length < 2) return { ...ui, message: "one run is shown: s puts another policy beside it" };
      return { ...ui, side: (ui.side + 1) % sides.length };
    case "escape":
      return { ...ui, zoomed: undefined, search: "", pointer: { pool: -1, place: -1 } };
    default:
      return undefined;
  }
}

/** Pause or continue; at the end of a run it restarts. */
function playing({ ui, endMs, kind, sides }: Scene): UiState {
  if (ui.isPlaying) return { ...ui, isPlaying: false };
  if (kind === "live") return { ...ui, isPlaying: true, cursorMs: sides[0].frontierMs };
  return { ...ui, isPlaying: true, cursorMs: ui.cursorMs >= endMs ? 0 : ui.cursorMs };
}

function boxAfter(box: BoxName | undefined): BoxName {
  return BOXES[box === undefined ? 0 : (BOXES.indexOf(box) + 1) % BOXES.length];
}

/** Sorts the pools by the next column, the largest first; after the last column, as listed. */
function sortedByNext(ui: UiState): UiState {
  const column = ui.order.column + 1;
  return { ...ui, order: column < POOL_COLUMNS.length ? { column, direction: "down" } : AS_LISTED };
}

function reversed(ui: UiState): UiState {
  const { column, direction } = ui.order;
  if (column === AS_LISTED.column) return { ...ui, message: "the pools are not sorted: o sorts them" };
  return { ...ui, order: { column, direction: direction === "down" ? "up" : "down" } };
}

/** The next policy to compare with the first; after the last one, the first alone. */
function beside(scene: Scene): Step {
  const { ui, others, sides } = scene;
  if (others.length === 0) return { ui: { ...ui, message: "there is no other policy to put beside this one" } };
  const policy = others[sides.length < 2 ? 0 : others.indexOf(sides[1].facts.policy) + 1];
  return { ui: { ...ui, side: 0 }, effect: { kind: "beside", policy } };
}

/** The cursor moves by whole bins, and playback pauses. */
function moved(scene: Scene, bins: number): UiState {
  const { binMs, frontierMs } = shownSide(scene);
  const { ui, endMs, kind } = scene;
  const most = kind === "live" ? frontierMs : endMs;
  const from = bins > 0 ? Math.floor(ui.cursorMs / binMs + 1e-9) : Math.ceil(ui.cursorMs / binMs - 1e-9);
  return { ...ui, cursorMs: Math.max(0, Math.min(most, (from + bins) * binMs)), isPlaying: false };
}

function sped({ ui, kind }: Scene, by: number): UiState {
  if (kind === "live") return { ...ui, message: "a live run goes at its own speed" };
  return { ...ui, speed: Math.max(0, Math.min(SPEEDS.length - 1, ui.speed + by)) };
}

function asked(scene: Scene, action: OperatorAction): UiState {
  const { ui } = scene;
  const withMessage = (message: string): UiState => ({ ...ui, message });
  if (scene.kind !== "live") return withMessage(`${action} works on a live run`);
  if (!scene.takesActions) return withMessage("the manager takes no requests without its token: --token-file");
  if (ui.cursorMs < shownSide(scene).frontierMs && !ui.isPlaying) return withMessage("this is the past: end shows now");
  if (ui.pointer.pool < 0) return withMessage("no streamlet is pointed at: j and k do that");
  const id = streamletAt(sampleToPointAt(scene)?.streamlets[ui.pointer.pool], ui.pointer.place);
  if (id === undefined) return withMessage("that streamlet is gone");
  return { ...ui, overlay: { kind: "confirm", action, id } };
}
