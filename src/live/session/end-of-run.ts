import type { LiveRun } from "../run/live-run.js";

/** At the end streams that are still open get this long. */
const DRAIN_MS = 10_000;

/** Resolves once the signal is raised. */
export function raised(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Waits until no stream is open, up to a bound. */
export async function drained(run: LiveRun): Promise<void> {
  const deadlineMs = performance.now() + DRAIN_MS;
  while (run.world.fleet.open > 0 && performance.now() < deadlineMs)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
