import { ALL_POOLS } from "../history/run-history.js";
import { AS_LISTED, type PoolOrder } from "../views/pool-columns.js";

/** The boxes by the key that shows and hides them: 1, 2, … */
export const BOXES = ["demand", "pools", "streamlets", "latency", "forecast", "decisions", "losses"] as const;
export type BoxName = (typeof BOXES)[number];

/** The speed: simulated seconds per second. Infinity = as fast as possible. */
export const SPEEDS: readonly number[] = [1, 10, 60, 300, 1000, 3000, 10_000, Number.POSITIVE_INFINITY];

/** The length of the charts' range around the cursor, in ms; Infinity = the whole run. */
export const WINDOWS_MS: readonly number[] = [Number.POSITIVE_INFINITY, 6 * 3_600_000, 3_600_000, 15 * 60_000];

/** The requests that an operator may send to a live run. */
export type OperatorAction = "drain" | "terminate";

/** The overlay above the boxes. */
export type Overlay =
  | { readonly kind: "none" }
  | { readonly kind: "help"; readonly page: number }
  | { readonly kind: "why" }
  | { readonly kind: "command"; readonly text: string }
  | { readonly kind: "search"; readonly text: string }
  | { readonly kind: "confirm"; readonly action: OperatorAction; readonly id: number };

/** Everything that the keys change. */
export interface UiState {
  /** The instant that is shown, in ms of the run's clock. */
  readonly cursorMs: number;
  readonly isPlaying: boolean;
  /** Index into SPEEDS. */
  readonly speed: number;
  /** Boxes that are shown; undefined = as many as fit the terminal. */
  readonly boxes: readonly BoxName[] | undefined;
  /** A box that has the screen to itself. */
  readonly zoomed: BoxName | undefined;
  readonly pool: number;
  readonly order: PoolOrder;
  /** Index into WINDOWS_MS. */
  readonly window: number;
  /** Which of two runs side by side the boxes show. */
  readonly side: number;
  /** The selected streamlet: its pool and place; −1 = none. */
  readonly pointer: { readonly pool: number; readonly place: number };
  readonly overlay: Overlay;
  /** The search text; empty = none. */
  readonly search: string;
  /** One line about the last key; empty = none. */
  readonly message: string;
  /** Of the terminal, in cells. */
  readonly size: { readonly width: number; readonly height: number };
}

/** A finished run is shown in full: the cursor is at its end, and playback is paused. */
export function initialState(isPlaying: boolean, speed: number, cursorMs = 0): UiState {
  return {
    cursorMs,
    isPlaying,
    speed,
    boxes: undefined,
    zoomed: undefined,
    pool: ALL_POOLS,
    order: AS_LISTED,
    window: 0,
    side: 0,
    pointer: { pool: -1, place: -1 },
    overlay: { kind: "none" },
    search: "",
    message: "",
    size: { width: 80, height: 24 },
  };
}
