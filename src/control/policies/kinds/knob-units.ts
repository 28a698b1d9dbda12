import type { Knob, KnobShape, Knobs, ObjectKnob } from "./knob.js";

/**
 * The knobs under the names that policies use: a duration's name ends in its unit, as everywhere in
 * the code ("drainDelay" of a scenario is `drainDelayMs` of the policy). Other names stay, and so
 * do values.
 */
export function withUnits(shape: KnobShape, knobs: Knobs): Knobs {
  return Object.fromEntries(
    Object.entries(knobs).map(([key, value]) => {
      const knob = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (knob === undefined) return [key, value];
      return [knob.type === "duration" ? `${key}Ms` : key, valueWithUnits(knob, value)];
    }),
  );
}

function valueWithUnits(knob: Knob, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (knob.type) {
    case "object":
      return withUnits(knob.keys, value as Knobs);
    case "list":
      return (value as readonly unknown[]).map((one) => valueWithUnits(knob.of, one));
    case "map":
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, valueWithUnits(knob.of, one)]));
    case "variants":
      return withUnits(keysOfAll(knob.of), value as Knobs);
    default:
      return value;
  }
}

/** Variants give a key the same type, so their keys can be looked up together. */
function keysOfAll(variants: readonly ObjectKnob[]): KnobShape {
  return Object.assign({}, ...variants.map(({ keys }) => keys));
}
