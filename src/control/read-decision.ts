import type { PoolDecision, ScaleDecision } from "../ports/policy.js";
import { PolicyFailure } from "./policy-failure.js";

/** Longest reason, and most details, that are kept per decision. */
const MAX_REASON_LENGTH = 120;
const MAX_DETAILS = 50;
const NOT_ASYNC = "decide must not be async";

/**
 * Copies the answer of a user's policy: each property is read once and converted to its type.
 * Getters and proxies run here; the copy contains no user code. `dropPromise` gets each promise in
 * it, so that a rejection is handled. Throws PolicyFailure, or what the user's code throws.
 */
export function readDecision(
  returned: unknown,
  pools: number,
  dropPromise: (promise: unknown) => void = () => undefined,
): ScaleDecision {
  if (!Array.isArray(returned)) {
    dropPromise(returned);
    const what = isPromise(returned) ? `a promise: ${NOT_ASYNC}` : `${kindOf(returned)} instead of a list`;
    throw new PolicyFailure("policy-returned-no-list", `decide returned ${what}`, undefined);
  }
  if (returned.length > pools) {
    const message = `decide returned a list of ${returned.length} for ${pools} ${pools === 1 ? "pool" : "pools"}`;
    throw new PolicyFailure("policy-returned-no-list", message, undefined);
  }
  const proposals = Array.from({ length: pools }, (_, i): unknown => returned[i]);
  proposals.forEach(dropPromise);
  return proposals.map(readProposal);
}

/**
 * Reads an answer of `idleTimeoutMs`, in ms; Infinity = never. Throws PolicyFailure if it is no
 * duration.
 */
export function readTimeoutMs(returned: unknown, dropPromise: (promise: unknown) => void): number {
  if (typeof returned === "number" && returned >= 0) return returned;
  dropPromise(returned);
  throw nonsense(`idleTimeoutMs returned ${typeof returned === "number" ? returned : kindOf(returned)} instead of ms`);
}

function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value;
}

function readProposal(proposal: unknown): PoolDecision | undefined {
  if (proposal === undefined) return undefined;
  if (isPromise(proposal)) throw nonsense(`the proposal for a pool is a promise: ${NOT_ASYNC}`);
  // The decider refuses what is no count, and records the reason.
  if (typeof proposal !== "object" || proposal === null) return { desired: Number.NaN, reason: "" };
  const { desired, parked, reason, details } = proposal as Readonly<Record<string, unknown>>;
  const readDetails = details === undefined ? undefined : numbersOf(details);
  const readParked = parked === undefined ? undefined : parkedOf(parked);
  if (!isCount(desired)) return { desired: Number.NaN, reason: typeof reason === "string" ? cut(reason) : "" };
  return {
    desired,
    reason: reasonOf(reason),
    ...(readParked === undefined ? {} : { parked: readParked }),
    ...(readDetails === undefined ? {} : { details: readDetails }),
  };
}

/**
 * Fractions are allowed (they are rounded up). A count beyond 2⁵³ is a fault of the user's
 * arithmetic.
 */
function isCount(desired: unknown): desired is number {
  return typeof desired === "number" && desired >= 0 && desired <= Number.MAX_SAFE_INTEGER;
}

/** Every decision has a reason; a longer one is cut. */
function reasonOf(reason: unknown): string {
  if (typeof reason !== "string") throw nonsense(`reason is ${kindOf(reason)} instead of a text`);
  if (reason.trim() === "") throw nonsense("reason is an empty text");
  return cut(reason);
}

function cut(reason: string): string {
  return reason.slice(0, MAX_REASON_LENGTH);
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
