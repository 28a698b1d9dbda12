import type { PoolDecision, ScaleDecision } from "../ports/policy.js";
import { PolicyFailure } from "./policy-failure.js";

/** Longest reason, and most details, that are kept per decision. */
const MAX_REASON_LENGTH = 120;
const MAX_DETAILS = 50;

/**
 * Copies the answer of a user's policy: each property is read once and converted to its type.
 * Getters and proxies run here; the copy holds nothing of the user's code. Throws PolicyFailure, or
 * what the user's code throws.
 */
export function readDecision(returned: unknown, pools: number): ScaleDecision {
  if (!Array.isArray(returned)) {
    const isPromise = typeof returned === "object" && returned !== null && "then" in returned;
    const what = isPromise ? "a promise: decide must not be async" : `${kindOf(returned)} instead of a list`;
    throw new PolicyFailure("policy-returned-no-list", `decide returned ${what}`, undefined);
  }
  if (returned.length > pools) {
    const message = `decide returned a list of ${returned.length} for ${pools} ${pools === 1 ? "pool" : "pools"}`;
    throw new PolicyFailure("policy-returned-no-list", message, undefined);
  }
  return Array.from({ length: pools }, (_, i) => readProposal(returned[i]));
}

function readProposal(proposal: unknown): PoolDecision | undefined {
  if (proposal === undefined) return undefined;
  // The decider refuses what is no count, and records what was wrong.
  if (typeof proposal !== "object" || proposal === null) return { desired: Number.NaN, reason: "" };
  const { desired, parked, reason, details } = proposal as Readonly<Record<string, unknown>>;
  const readDetails = details === undefined ? undefined : numbersOf(details);
  return {
    desired: typeof desired === "number" ? desired : Number.NaN,
    reason: typeof reason === "string" ? reason.slice(0, MAX_REASON_LENGTH) : "unstated",
    ...(parked === undefined ? {} : { parked: parkedOf(parked) }),
    ...(readDetails === undefined ? {} : { details: readDetails }),
  };
}

function parkedOf(parked: unknown): number {
  if (typeof parked === "number" && parked >= 0 && parked < Number.POSITIVE_INFINITY) return parked;
  throw nonsense(`parked is ${kindOf(parked)} instead of a count`);
}

function numbersOf(details: unknown): Readonly<Record<string, number>> {
  if (typeof details !== "object" || details === null) throw nonsense(`details is ${kindOf(details)}`);
  const entries = Object.entries(details);
  if (entries.length > MAX_DETAILS) throw nonsense(`${entries.length} details; at most ${MAX_DETAILS} are kept`);
  for (const [name, value] of entries) {
    if (typeof value !== "number")
      throw nonsense(`details.${name.slice(0, 40)} is ${kindOf(value)} instead of a number`);
  }
  return Object.fromEntries(entries) as Readonly<Record<string, number>>;
}

function nonsense(message: string): PolicyFailure {
  return new PolicyFailure("policy-returned-nonsense", message, undefined);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (typeof value === "number") return Number.isFinite(value) ? "a number that is no count" : String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
