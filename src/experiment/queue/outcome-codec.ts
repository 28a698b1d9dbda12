import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { JobOutcome } from "../job-outcome.js";
import { scenarioReplacer, scenarioReviver } from "../scenario-codec.js";

/** Hexadecimal digits of a run's id, which goes before its outcome. */
const ID_LENGTH = 33;
/** Outcomes are mostly timelines of floats: a higher level takes longer and saves little. */
const LEVEL = 1;

/** An outcome as sent to its coordinator: the run's id, then compressed JSON. */
export function encodeOutcome(id: string, outcome: JobOutcome): Buffer {
  return Buffer.concat([
    Buffer.from(id, "latin1"),
    deflateRawSync(JSON.stringify(outcome, scenarioReplacer), { level: LEVEL }),
  ]);
}

/** Undefined for bytes that are no whole outcome. */
export function decodeOutcome(bytes: Buffer): { readonly id: string; readonly outcome: JobOutcome } | undefined {
  try {
    const text = inflateRawSync(bytes.subarray(ID_LENGTH)).toString("utf8");
    return {
      id: bytes.subarray(0, ID_LENGTH).toString("latin1"),
      outcome: JSON.parse(text, scenarioReviver) as JobOutcome,
    };
  } catch {
    return undefined;
  }
}
