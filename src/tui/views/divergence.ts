import type { DecisionRecord } from "../../ports/telemetry.js";
import type { RunHistory } from "../history/run-history.js";

/** The first difference between the decisions of two runs side by side. */
export interface Divergence {
  readonly atMs: number;
  readonly subject: string;
  readonly desired: readonly [number, number];
}

/**
 * The first instant at which two runs have different desired counts. Both have the same arrivals;
 * a desired count applies until the next decision.
 */
export function firstDivergence(sides: readonly RunHistory[]): Divergence | undefined {
  if (sides.length < 2) return undefined;
  const [a, b] = sides;
  const inForce: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
  let [i, j] = [0, 0];
  while (i < a.decisions.length || j < b.decisions.length) {
    const atMs = Math.min(timeOf(a.decisions[i]), timeOf(b.decisions[j]));
    if (atMs > Math.min(a.frontierMs, b.frontierMs)) return undefined;
    const touched = new Set<number>();
    for (; timeOf(a.decisions[i]) === atMs; i++) take(a.decisions[i], inForce[0], touched);
    for (; timeOf(b.decisions[j]) === atMs; j++) take(b.decisions[j], inForce[1], touched);
    for (const subject of touched) {
      const desired = [inForce[0].get(subject), inForce[1].get(subject)] as const;
      if (desired[0] !== desired[1] && desired[0] !== undefined && desired[1] !== undefined)
        return { atMs, subject: a.facts.subjects[subject], desired: [desired[0], desired[1]] };
    }
  }
  return undefined;
}

function timeOf(decision: DecisionRecord | undefined): number {
  return decision?.atMs ?? Number.POSITIVE_INFINITY;
}

function take({ pool, desired }: DecisionRecord, inForce: Map<number, number>, touched: Set<number>): void {
  inForce.set(pool, desired);
  touched.add(pool);
}
