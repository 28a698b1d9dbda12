import { closest } from "../../base/spelling.js";
import { parseQuantity } from "../../base/units.js";
import { ALL_POOLS } from "../history/run-history.js";
import { usualBoxes } from "../views/layout.js";
import { AS_LISTED, POOL_COLUMNS } from "../views/pool-columns.js";
import { type Scene, shownSide } from "../views/scene.js";
import type { Effect } from "./effect.js";
import { jump } from "./jump.js";
import { BOXES, type BoxName, SPEEDS, type UiState } from "./ui-state.js";

/** The effect of a key or a command. */
export interface Step {
  readonly ui: UiState;
  readonly effect?: Effect;
}

interface CommandWord {
  readonly name: string;
  /** The arguments that it takes. */
  values(scene: Scene): readonly string[];
  run(scene: Scene, value: string): Step | string;
}

const DAY_MS = 86_400_000;
const WINDOW_WORDS = ["whole", "6h", "1h", "15min"];
const SPEED_WORDS = SPEEDS.map((speed) => (Number.isFinite(speed) ? String(speed) : "fastest"));

const COMMANDS: readonly CommandWord[] = [
  {
    name: "at",
    values: () => ["19:42", "90min"],
    run: (scene, value) => {
      const atMs = instantIn(scene, value);
      if (atMs === undefined) return `at takes a time of day such as 19:42, or a time since the start such as 90min`;
      if (atMs > scene.endMs) return `${value} is not within the run`;
      return { ui: { ...scene.ui, cursorMs: atMs, isPlaying: false } };
    },
  },
  {
    name: "speed",
    values: () => SPEED_WORDS,
    run: ({ ui }, value) => {
      const speed = SPEED_WORDS.indexOf(value.replace(/^[×x]|,/g, ""));
      return speed < 0 ? `speed takes ${SPEED_WORDS.join(", ")}` : { ui: { ...ui, speed } };
    },
  },
  {
    name: "pool",
    values: (scene) => ["all", ...poolNames(scene)],
    run: (scene, value) => {
      if (value === "all") return { ui: { ...scene.ui, pool: ALL_POOLS } };
      const pool = poolNames(scene).indexOf(value);
      const meant = closest(value, poolNames(scene));
      if (pool < 0)
        return (
          `no pool "${value}": ` +
          `${meant === undefined ? `all, ${poolNames(scene).join(", ")}` : `did you mean ${meant}?`}`
        );
      return { ui: { ...scene.ui, pool } };
    },
  },
  {
    name: "sort",
    values: () => [...POOL_COLUMNS.map(({ name }) => name), "nothing"],
    run: ({ ui }, value) => {
      if (value === "nothing") return { ui: { ...ui, order: AS_LISTED } };
      const column = POOL_COLUMNS.findIndex(({ name }) => name === value);
      if (column >= 0) return { ui: { ...ui, order: { column, direction: "down" } } };
      return `sort takes ${POOL_COLUMNS.map(({ name }) => name).join(", ")} or nothing`;
    },
  },
  {
    name: "box",
    values: () => BOXES,
    run: (scene, value) => {
      const box = BOXES.find((one) => one === value);
      return box === undefined ? `box takes ${BOXES.join(", ")}` : { ui: toggled(scene.ui, box) };
    },
  },
  {
    name: "zoom",
    values: () => BOXES,
    run: ({ ui }, value) => {
      const box = BOXES.find((one) => one === value);
      return box === undefined ? `zoom takes ${BOXES.join(", ")}` : { ui: { ...ui, zoomed: box } };
    },
  },
  {
    name: "window",
    values: () => WINDOW_WORDS,
    run: ({ ui }, value) => {
      const window = WINDOW_WORDS.indexOf(value);
      return window < 0 ? `window takes ${WINDOW_WORDS.join(", ")}` : { ui: { ...ui, window } };
    },
  },
  {
    name: "beside",
    values: ({ others }) => [...others, "nothing"],
    run: ({ ui, others }, value) => {
      const side: UiState = { ...ui, side: 0 };
      if (value === "nothing") return { ui: side, effect: { kind: "beside", policy: undefined } };
      if (others.includes(value)) return { ui: side, effect: { kind: "beside", policy: value } };
      return others.length === 0 ? "there is no other policy" : `beside takes ${others.join(", ")} or nothing`;
    },
  },
  {
    name: "next",
    values: () => ["violation", "decision", "fault"],
    run: (scene, value) =>
      value === "violation" || value === "decision" || value === "fault"
        ? { ui: jump(scene, value, true) }
        : "next takes violation, decision, fault",
  },
  { name: "why", values: () => [], run: ({ ui }) => ({ ui: { ...ui, overlay: { kind: "why" } } }) },
  { name: "help", values: () => [], run: ({ ui }) => ({ ui: { ...ui, overlay: { kind: "help", page: 0 } } }) },
  { name: "quit", values: () => [], run: ({ ui }) => ({ ui, effect: { kind: "quit" } }) },
];

/** Runs a command line; for an invalid one it shows a message. */
export function runCommand(scene: Scene, text: string): Step {
  const [name = "", ...rest] = text.trim().split(/\s+/);
  const closed: Scene = { ...scene, ui: { ...scene.ui, overlay: { kind: "none" }, message: "" } };
  if (name === "") return { ui: closed.ui };
  const found = COMMANDS.find((one) => one.name === name) ?? only(COMMANDS.filter((one) => one.name.startsWith(name)));
  const names = COMMANDS.map((one) => one.name);
  if (found === undefined) {
    const meant = closest(name, names);
    return {
      ui: {
        ...closed.ui,
        message: `no command "${name}"${meant === undefined ? `: ${names.join(", ")}` : `: did you mean ${meant}?`}`,
      },
    };
  }
  const done = found.run(closed, rest.join(" "));
  return typeof done === "string" ? { ui: { ...closed.ui, message: done } } : done;
}

/** The line with its last word completed as far as it is unambiguous. */
export function completed(scene: Scene, text: string): string {
  const at = text.lastIndexOf(" ") + 1;
  const [first] = text.trimStart().split(/\s+/);
  const words =
    at === 0 ? COMMANDS.map((one) => one.name) : (COMMANDS.find((one) => one.name === first)?.values(scene) ?? []);
  const fitting = words.filter((word) => word.startsWith(text.slice(at)));
  if (fitting.length === 0) return text;
  if (fitting.length === 1) return `${text.slice(0, at)}${fitting[0]}${at === 0 ? " " : ""}`;
  let shared = fitting[0];
  for (const word of fitting) while (!word.startsWith(shared)) shared = shared.slice(0, -1);
  return text.slice(0, at) + shared;
}

/** Shows a box that is hidden, and hides one that is shown. */
export function toggled(ui: UiState, box: BoxName): UiState {
  const shown = ui.boxes ?? usualBoxes(ui.size.width, ui.size.height);
  const boxes = shown.includes(box) ? shown.filter((one) => one !== box) : [...shown, box];
  return boxes.length === 0 ? { ...ui, message: "the last box stays" } : { ...ui, boxes, zoomed: undefined };
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

function poolNames(scene: Scene): readonly string[] {
  return shownSide(scene).facts.pools.map((pool) => pool.name);
}

/**
 * "19:42" or "19:42:10": the next such time of day, from the cursor's day on; "90min": since the
 * start.
 */
function instantIn(scene: Scene, text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) {
    const sinceStartMs = parseQuantity("duration", text);
    return typeof sinceStartMs === "number" && Number.isFinite(sinceStartMs) ? sinceStartMs : undefined;
  }
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const { epochMs } = shownSide(scene).facts;
  const wallMs = epochMs + scene.ui.cursorMs;
  const atMs = wallMs - (((wallMs % DAY_MS) + DAY_MS) % DAY_MS) + ((hour * 60 + minute) * 60 + second) * 1000 - epochMs;
  if (atMs < 0) return atMs + DAY_MS;
  return atMs > scene.endMs && atMs - DAY_MS >= 0 ? atMs - DAY_MS : atMs;
}
