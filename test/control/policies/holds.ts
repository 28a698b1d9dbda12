import * as library from "./policy-library.js";
import { type Stage, type Step, timeline } from "./timeline.js";

/** Plays a timeline of one policy, and throws where a step decides other than it says. */
export function holds(
  kind: string,
  knobs: Readonly<Record<string, unknown>>,
  stage: Stage,
  steps: readonly Step[],
): void {
  timeline("", kind, knobs, stage, steps).check(library);
}
