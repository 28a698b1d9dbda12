import type { LiveRun } from "../run/live-run.js";
import type { WatchedRun } from "../watch/watch-feed.js";

/** The parts of a live run that are watched. */
export function watchedRun(run: LiveRun, managerPort: number): WatchedRun {
  const { control, kernel, recorder } = run.world;
  return {
    control,
    slo: recorder.slo,
    managerPort,
    nowMs: () => run.driver.nowMs(),
    eventMs: () => kernel.nowMs(),
    ask: (request) => run.onAsked(request),
  };
}
