import type { Knob, KnobShape, KnobOrder as KnownOrder } from "../../control/policies/kinds/knob.js";
import { builtInPolicies } from "../../control/policies/registry.js";
import type { Steps } from "../scenario-path.js";

/**
 * How a knob relates to safety and cost: `rising` = more is safer and more expensive, `falling` =
 * less is. `none` = unknown, so that every value is judged separately.
 */
export type KnobOrder = KnownOrder | "none";

/**
 * Keys of the fleet and of every policy. A policy's own knobs declare their order with their
 * description.
 */
const fleetKeys: readonly string[] = ["hosts", "max", "min", "warmPool"];

/** By the last key of a path, for knobs with the same order at every path. */
const byKey: ReadonlyMap<string, KnownOrder> = new Map([
  ...[...builtInPolicies.values()].flatMap(({ knobs }) => orders(knobs)),
  ...fleetKeys.map((key): [string, KnownOrder] => [key, "rising"]),
]);

/** The assumed order of a path's knob, unless runs contradict it. */
export function knobOrder(steps: Steps): KnobOrder {
  const last = steps[steps.length - 1];
  return typeof last === "string" ? (byKey.get(last) ?? "none") : "none";
}

/** The keys of a shape, at any depth, that declare an order. */
function orders(shape: KnobShape): [string, KnownOrder][] {
  return Object.entries(shape).flatMap(([key, knob]) => [
    ...(knob.order === undefined ? [] : [[key, knob.order] as [string, KnownOrder]]),
    ...shapesOf(knob).flatMap(orders),
  ]);
}

function shapesOf(knob: Knob): readonly KnobShape[] {
  if (knob.type === "object") return [knob.keys];
  if (knob.type === "list" || knob.type === "map") return shapesOf(knob.of);
  if (knob.type === "variants") return knob.of.map(({ keys }) => keys);
  return [];
}
