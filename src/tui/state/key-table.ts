import type { RunKind } from "../views/scene.js";

/** A key and its action: help, the footer and docs/watch.md are made from this table. */
export interface KeyEntry {
  readonly keys: string;
  /** One or two words for the footer. */
  readonly short: string;
  /** A sentence for help. */
  readonly long: string;
  /** Where it works; everywhere if left out. */
  readonly kinds?: readonly RunKind[];
  /** Priority in the footer, the smallest number first; left out = in help only. */
  readonly footer?: number;
}

export const KEYS: readonly KeyEntry[] = [
  { keys: "space", short: "pause", long: "Pause, or go on.", footer: 1 },
  {
    keys: "[ ]",
    short: "speed",
    long: "Slower, faster: ×1 to ×10,000, then as fast as the machine can.",
    kinds: ["simulation", "recording"],
    footer: 3,
  },
  { keys: "← → , .", short: "step", long: "Step by one bin, and pause; arrows with shift by ten.", footer: 4 },
  { keys: "home end", short: "ends", long: "Go to the start; to the newest instant." },
  {
    keys: "v d f",
    short: "next",
    long: "Next violation, decision or fault; with shift the previous one.",
    footer: 5,
  },
  { keys: "w", short: "window", long: "Show the whole run, 6 h, 1 h or 15 min around the cursor.", footer: 8 },
  { keys: "p", short: "pool", long: "Show one pool at a time; after the last one all of them.", footer: 7 },
  {
    keys: "o",
    short: "sort",
    long: "Sort the pools by the next column; O turns the order round.",
    footer: 7.5,
  },
  { keys: "y", short: "why", long: "What the policy saw at the cursor, and why it chose what it chose.", footer: 6 },
  {
    keys: "s",
    short: "beside",
    long: "Put the next policy beside, same seed; tab shows its details.",
    kinds: ["simulation", "recording"],
    footer: 6.5,
  },
  { keys: "z", short: "zoom", long: "Give one box the screen, then the next; esc shows all again.", footer: 10 },
  { keys: "1 … 7", short: "boxes", long: "Show or hide a box: the number is in its title.", footer: 11 },
  {
    keys: "/ n",
    short: "search",
    long: "Find decisions by pool, reason or refusal; n goes to the next one.",
    footer: 12,
  },
  {
    keys: ":",
    short: "command",
    long: "A command: at 19:42, speed 60, pool eu, quit; tab completes it.",
    footer: 13,
  },
  {
    keys: "j k",
    short: "streamlet",
    long: "Point at the next or the previous streamlet.",
    kinds: ["live"],
    footer: 4.1,
  },
  {
    keys: "x",
    short: "drain",
    long: "Drain the streamlet that is pointed at, after a question.",
    kinds: ["live"],
    footer: 4.2,
  },
  {
    keys: "X",
    short: "terminate",
    long: "Terminate it, which cuts its streams, after a question.",
    kinds: ["live"],
    footer: 4.3,
  },
  { keys: "?", short: "help", long: "All keys, and what the signs mean; space turns the page.", footer: 2 },
  { keys: "q", short: "quit", long: "End. A summary stays on the screen.", footer: 0 },
];

/** The keys of the footer, in its order. */
export function footerKeys(kind: RunKind): readonly KeyEntry[] {
  return keysFor(kind)
    .filter(({ footer }) => footer !== undefined)
    .sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0));
}

/** The keys that work for a run of this kind. */
export function keysFor(kind: RunKind): readonly KeyEntry[] {
  return KEYS.filter(({ kinds }) => kinds === undefined || kinds.includes(kind));
}
