import type { RandomStream } from "../base/random.js";

/** Mean times between faults of one ready streamlet in ms, each exponential; Infinity or left out = never. */
export interface FateSpec {
  readonly streamletMtbfMs: number;
  /** It stops doing anything, which is noticed only when its heartbeats fail to come. */
  readonly hangMtbfMs?: number | undefined;
  /** It takes all the memory that it can get, and is ended by its cap. */
  readonly memoryHogMtbfMs?: number | undefined;
}

/** What a ready streamlet comes to, if nobody ends it before; `afterMs` counts from its readiness, Infinity = nothing. */
export interface Fate {
  readonly kind: "crash" | "hang" | "memory-hog";
  readonly afterMs: number;
}

/** Draws for each fault that the spec knows, in this order; the first to come is the fate. The simulated and the real fleet draw the same. */
export function drawFate(spec: FateSpec, random: RandomStream): Fate {
  let fate: Fate = { kind: "crash", afterMs: Number.POSITIVE_INFINITY };
  const consider = (kind: Fate["kind"], meanMs: number | undefined): void => {
    if (meanMs === undefined || meanMs === Number.POSITIVE_INFINITY) return;
    const afterMs = random.exponential() * meanMs;
    if (afterMs < fate.afterMs) fate = { kind, afterMs };
  };
  consider("crash", spec.streamletMtbfMs);
  consider("hang", spec.hangMtbfMs);
  consider("memory-hog", spec.memoryHogMtbfMs);
  return fate;
}
