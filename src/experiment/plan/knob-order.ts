import type { Steps } from "../scenario-path.js";

/**
 * How a knob's value goes with safety and cost: `rising` = more is safer and dearer, `falling` = less is. `none` = not known beforehand, so that every value
 * is judged by itself.
 */
export type KnobOrder = "rising" | "falling" | "none";

/** By the last key of a path, for knobs that are ordered wherever they stand. */
const byKey: ReadonlyMap<string, KnobOrder> = new Map([
  ["hosts", "rising"],
  ["max", "rising"],
  ["min", "rising"],
  ["count", "rising"],
  ["warmPool", "rising"],
  ["quantile", "rising"],
  ["beta", "rising"],
  ["headroom", "rising"],
  ["violationPrice", "rising"],
  ["idleTimeout", "rising"],
  ["drainDelay", "rising"],
  ["otherwise", "rising"],
  ["targetUtilisation", "falling"],
  ["targetOpenStreams", "falling"],
  ["threshold", "falling"],
  ["scaleUpThreshold", "falling"],
]);

/** The order that a path's knob is taken to have, until runs contradict it. */
export function knobOrder(steps: Steps): KnobOrder {
  const last = steps[steps.length - 1];
  return typeof last === "string" ? (byKey.get(last) ?? "none") : "none";
}
