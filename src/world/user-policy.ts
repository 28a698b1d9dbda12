import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import { PolicyFailure, placeOfThrown, textOfThrown } from "../control/policy-failure.js";
import { readDecision, readTimeoutMs } from "../control/read-decision.js";
import {
  type CreatePolicy,
  type FleetObservation,
  POLICY_WAKES,
  type Policy,
  type PolicyContext,
  type ScaleDecision,
} from "../ports/policy.js";
import { shownObservation } from "./shown-observation.js";

/** Called before and after the user's code runs, so that a watchdog can detect a hang. */
export interface UserCodeWatch {
  enter(): void;
  leave(): void;
  /** Throws an Error that names a shared function that the user's code replaced. */
  checkShared(): void;
  /** Handles the rejection of a returned promise: returning a promise is the fault to report. */
  dropPromise(returned: unknown): void;
}

/**
 * A policy of a user's module, checked against its contract. Its properties are read once; each
 * decision is copied before other code sees it. A fault in creating the policy is an InputError, a
 * fault in a decision a PolicyFailure.
 */
export function createUserPolicy(
  create: CreatePolicy,
  module: string,
  knobs: Readonly<Record<string, unknown>>,
  context: PolicyContext,
  watch: UserCodeWatch,
): Policy {
  const parts = made(create, module, knobs, context, watch);
  const { policy, decide, idleTimeoutMs } = parts;
  const guarded = <T>(work: () => T): T =>
    watched(watch, () => {
      try {
        const read = work();
        watch.checkShared();
        return read;
      } catch (thrown) {
        if (isPolicyFailure(thrown)) throw thrown;
        throw new PolicyFailure("policy-threw", textOfThrown(thrown), placeOfThrown(thrown, module));
      }
    });
  return {
    ...(parts.wakeOn === undefined ? {} : { wakeOn: parts.wakeOn }),
    ...(idleTimeoutMs === undefined
      ? {}
      : { idleTimeoutMs: () => guarded(() => readTimeoutMs(idleTimeoutMs.call(policy), watch.dropPromise)) }),
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      const seen = shownObservation(observation);
      return guarded(() => readDecision(decide.call(policy, seen, nowMs), seen.pools.length, watch.dropPromise));
    },
  };
}

type AnyFunction = (...given: unknown[]) => unknown;

interface MadePolicy {
  readonly policy: unknown;
  readonly decide: AnyFunction;
  readonly idleTimeoutMs: AnyFunction | undefined;
  readonly wakeOn: NonNullable<Policy["wakeOn"]> | undefined;
}

function made(
  create: CreatePolicy,
  module: string,
  knobs: Readonly<Record<string, unknown>>,
  context: PolicyContext,
  watch: UserCodeWatch,
): MadePolicy {
  const read = watched(watch, () => {
    try {
      const policy: unknown = create(knobs, context);
      watch.dropPromise(policy);
      watch.checkShared();
      if (typeof policy !== "object" || policy === null) return { policy };
      const { decide, wakeOn, idleTimeoutMs, then } = policy as Readonly<Record<string, unknown>>;
      if (typeof then === "function") throw new Error("a promise is no policy; createPolicy must not be async");
      return { policy, decide, wakeOn: Array.isArray(wakeOn) ? Array.from(wakeOn) : wakeOn, idleTimeoutMs };
    } catch (thrown) {
      const place = placeOfThrown(thrown, module);
      throw new InputError({
        code: "HR1307",
        where: module,
        got: `createPolicy threw: ${textOfThrown(thrown)}${place === undefined ? "" : ` (${place})`}`,
        expected: "a policy",
        remedy: "Mend the module, or the knobs that the scenario gives it",
      });
    }
  });
  const fault = (got: string, expected: string): InputError =>
    new InputError({ code: "HR1306", where: module, got, expected });
  if (typeof read.decide !== "function")
    throw fault("createPolicy returned no policy", "an object with decide(observation, nowMs)");
  if (read.idleTimeoutMs !== undefined && typeof read.idleTimeoutMs !== "function")
    throw fault(`idleTimeoutMs is a ${typeof read.idleTimeoutMs}`, "a function that returns milliseconds");
  if (read.wakeOn !== undefined && !isWakes(read.wakeOn)) {
    const wrong: unknown = Array.isArray(read.wakeOn) ? read.wakeOn.find((wake) => !isWakes([wake])) : undefined;
    const meant = typeof wrong === "string" ? closest(wrong, POLICY_WAKES) : undefined;
    const got = typeof wrong === "string" ? `wakeOn with "${wrong}"` : "a wakeOn that is no list of words";
    throw fault(got, `a list of ${POLICY_WAKES.join(", ")}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`);
  }
  return {
    policy: read.policy,
    decide: read.decide as AnyFunction,
    idleTimeoutMs: read.idleTimeoutMs as AnyFunction | undefined,
    wakeOn: read.wakeOn,
  };
}

function isWakes(value: unknown): value is NonNullable<Policy["wakeOn"]> {
  return Array.isArray(value) && value.every((wake) => (POLICY_WAKES as readonly unknown[]).includes(wake));
}

function isPolicyFailure(thrown: unknown): thrown is PolicyFailure {
  try {
    return thrown instanceof PolicyFailure;
  } catch {
    // A proxy whose traps throw.
    return false;
  }
}

/** Runs the user's code between `enter` and `leave`. */
export function watched<T>(watch: UserCodeWatch, work: () => T): T {
  watch.enter();
  try {
    return work();
  } finally {
    watch.leave();
  }
}

/** No watch. */
export const unwatched: UserCodeWatch = {
  enter: () => undefined,
  leave: () => undefined,
  checkShared: () => undefined,
  dropPromise: () => undefined,
};
