import type { Scenario } from "../world/scenario/scenario.js";

/**
 * Encodes infinities, −0 and arrays of floats, which scenarios and results contain and JSON
 * lacks. Each becomes an object with one key that neither uses.
 */
export function scenarioReplacer(_key: string, value: unknown): unknown {
  if (Object.is(value, -0)) return { $number: "-0" };
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (value instanceof Float64Array)
    return { $floats: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  return value;
}

/** The inverse of `scenarioReplacer`. */
export function scenarioReviver(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  const { $number, $floats } = value as { $number?: unknown; $floats?: unknown };
  if (typeof $number === "string") return Number($number);
  if (typeof $floats !== "string") return value;
  // A copy: base64 may be decoded into a pool at an offset that is no multiple of eight.
  const bytes = Uint8Array.from(Buffer.from($floats, "base64"));
  return new Float64Array(bytes.buffer);
}

/** A scenario as one line of text, from which any machine gets the same scenario. */
export function encodeScenario(scenario: Scenario): string {
  return JSON.stringify(scenario, scenarioReplacer);
}

export function decodeScenario(text: string): Scenario {
  return JSON.parse(text, scenarioReviver) as Scenario;
}
