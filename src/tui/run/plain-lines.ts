import { Figure } from "../../world/watch/sample.js";
import { ALL_POOLS, figureOf, type RunHistory } from "../history/run-history.js";
import type { WatchSource } from "../source/watch-source.js";
import { clock, wait } from "../views/words.js";
import type { SessionEnd } from "./watch-session.js";

/** Lines over the whole of a simulated run. */
const LINES = 24;
/** A live run writes a line this often. */
const LIVE_EVERY_MS = 5000;
const SLICE_MS = 100;

/** For a pipe, a log, or a terminal that cannot draw: a line at intervals, until the run ends. */
export async function plainLines(
  source: WatchSource,
  signal: AbortSignal,
  write: (line: string) => void,
): Promise<SessionEnd> {
  const print = (): void => {
    source.refresh();
    for (const side of source.sides) write(plainLine(side, source.sides.length > 1));
    if (source.trouble !== "") write(source.trouble);
  };
  if (source.kind === "live") {
    let printedMs = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      source.advance(Number.POSITIVE_INFINITY, SLICE_MS);
      // A reading comes later: until then only a lost connection is news.
      if (source.reachedMs > printedMs || source.trouble !== "") print();
      printedMs = source.reachedMs;
      if (source.sides.every((side) => side.frontierMs >= source.endMs)) return "quit";
      await pause(LIVE_EVERY_MS, signal);
    }
    return "interrupted";
  }
  for (let line = 1; line <= LINES; line++) {
    const goalMs = (source.endMs * line) / LINES;
    while (source.reachedMs < goalMs) {
      if (signal.aborted) return "interrupted";
      source.advance(goalMs, SLICE_MS);
      await pause(0, signal);
    }
    print();
  }
  return "quit";
}

/** The newest instant of a run in one line. */
function plainLine(side: RunHistory, withPolicy: boolean): string {
  const { facts, frontierMs } = side;
  const sample = side.at(frontierMs);
  const of = (figure: Figure): number => figureOf(sample, figure, ALL_POOLS);
  const bin = side.length - 1;
  const late = bin < 0 ? Number.NaN : side.latencyMs(ALL_POOLS, bin);
  const parts = [
    `${clock(frontierMs, facts.epochMs, facts.durationMs)}${withPolicy ? ` ${facts.policy}` : ""}`,
    `open ${of(Figure.open)}`,
    `waiting ${of(Figure.waiting)}`,
    `ready ${of(Figure.ready)}`,
    `spawning ${of(Figure.spawning)}`,
    `draining ${of(Figure.draining)}`,
    `start latency p${Number((side.probability * 100).toFixed(3))} ${wait(late)}`,
    `lost ${of(Figure.rejected) + of(Figure.abandoned) + of(Figure.interrupted)}`,
    ...(facts.slo === undefined ? [] : [`violating minutes ${side.violatingMinutes.length}`]),
  ];
  return parts.join("  ");
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
