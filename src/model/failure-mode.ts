import type { RandomStream } from "../base/random.js";

/**
 * Mean times between failures of one ready streamlet in ms, each exponential; Infinity or left out
 * = never.
 */
export interface FailureSpec {
  readonly streamletMtbfMs: number;
  /** It stops doing anything; this is noticed only when its heartbeats fail to come. */
  readonly hangMtbfMs?: number | undefined;
  /** It takes all the memory that it can get, and its cap ends it. */
  readonly memoryHogMtbfMs?: number | undefined;
  /** How long a hung streamlet goes unnoticed. */
  readonly hangTimeoutMs: number;
}

/** How a ready streamlet fails, if nothing ends it before. */
export interface FailureMode {
  readonly kind: "crash" | "hang" | "memory-hog";
  /** Counts from its readiness; Infinity = it never fails. */
  readonly afterMs: number;
}

/**
 * Draws one time for each failure of the spec, in this order; the earliest wins. The simulated and
 * the real fleet draw the same.
 */
export function drawFailureMode(spec: Omit<FailureSpec, "hangTimeoutMs">, random: RandomStream): FailureMode {
  let earliest: FailureMode = { kind: "crash", afterMs: Number.POSITIVE_INFINITY };
  const consider = (kind: FailureMode["kind"], meanMs: number | undefined): void => {
    if (meanMs === undefined || meanMs === Number.POSITIVE_INFINITY) return;
    const afterMs = random.exponential() * meanMs;
    if (afterMs < earliest.afterMs) earliest = { kind, afterMs };
  };
  consider("crash", spec.streamletMtbfMs);
  consider("hang", spec.hangMtbfMs);
  consider("memory-hog", spec.memoryHogMtbfMs);
  return earliest;
}
