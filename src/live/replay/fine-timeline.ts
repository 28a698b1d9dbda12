import { readFile, stat } from "node:fs/promises";
import type { Timeline } from "../../world/run-result.js";
import type { UserModules } from "../../world/user-modules.js";
import { liveResult } from "./live-result.js";
import { replayRun } from "./replay.js";

/** A log of this size replays in some seconds; a longer run has wide bins in any case. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The timeline of a run that ended long before its scenario's duration, with bins for the actual
 * length: its log is replayed. Undefined if the log is too large, or incomplete.
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
