import { readFile, stat } from "node:fs/promises";
import type { Timeline } from "../../world/run-result.js";
import type { UserModules } from "../../world/user-modules.js";
import { liveResult } from "./live-result.js";
import { replayRun } from "./replay.js";

/** A log of this size replays in some seconds; a longer run has wide bins anyway. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The time line of a run that ended long before its scenario's duration, with bins for the time
 * that it took: its log is replayed. Undefined where that cannot be: a log that is too large, or
 * not whole.
 */
export async function fineTimeline(
  logFile: string,
  durationMs: number,
  modules: UserModules,
): Promise<Timeline | undefined> {
  try {
    if ((await stat(logFile)).size > MOST_BYTES) return undefined;
    const lines = (await readFile(logFile, "utf8")).trimEnd().split("\n");
    const world = replayRun(
      lines,
      logFile,
      () => modules,
      () => undefined,
      durationMs,
    );
    return liveResult(world, "")?.timeline;
  } catch {
    return undefined;
  }
}
