import type { Knob, NumberBounds } from "./knob.js";

export const duration: Knob = { type: "duration" };
export const positiveDuration: Knob = { type: "duration", positive: true };
export const flag: Knob = { type: "boolean" };
export const count: Knob = { type: "number", whole: true, least: 0 };
export const positiveCount: Knob = { type: "number", whole: true, least: 1 };
export const ratio: Knob = { type: "number", least: 0, most: 1 };
export const name: Knob = { type: "text", least: 1 };

export function number(bounds: NumberBounds = {}): Knob {
  return { type: "number", ...bounds };
}

export function choice(...of: readonly [string, ...string[]]): Knob {
  return { type: "choice", of };
}

export function literal(value: string): Knob {
  return { type: "literal", value };
}
