import type { RunResult } from "../../world/run-result.js";

/** Worlds that are kept as parents because they reached something new. */
const MOST_PARENTS = 200;

/**
 * Events of a run with the order of magnitude of their counts (factors of 4): decisions by reason
 * and refusal, rejections, stops, missed bounds of the SLO. `role` 0 is the policy, 1 its
 * baseline.
 */
export function featuresOf(role: number, result: RunResult): string[] {
  const counted = (what: string, counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts).map(([name, count]) => `${role} ${what} ${name} ${Math.floor(Math.log2(count) / 2)}`);
  return [
    ...counted("reason", result.decisionReasons),
    ...counted("rejected", result.rejections),
    ...counted("stopped", result.stops),
    ...(result.slo?.misses ?? []).map(({ bound }) => `${role} missed ${bound}`),
  ];
}

/** Counts events over the search. A world with a new event is worth changing further. */
export class Coverage<World> {
  readonly parents: World[] = [];
  private readonly seen = new Map<string, number>();
  private readonly reasons: Set<string>[] = [];

  get features(): number {
    return this.seen.size;
  }

  /** Adds what a world reached; true if some of it is new. */
  add(world: World, features: Iterable<string>): boolean {
    let isNew = false;
    for (const feature of features) {
      const before = this.seen.get(feature) ?? 0;
      this.seen.set(feature, before + 1);
      if (before === 0) isNew = true;
      const [role, what, ...name] = feature.split(" ");
      if (what === "reason") this.reasonSet(Number(role)).add(name.slice(0, -1).join(" "));
    }
    if (!isNew) return false;
    this.parents.push(world);
    if (this.parents.length > MOST_PARENTS) this.parents.shift();
    return true;
  }

  /** Reasons of decisions that were reached, sorted. */
  reasonsOf(role: number): string[] {
    return [...this.reasonSet(role)].sort();
  }

  private reasonSet(role: number): Set<string> {
    this.reasons[role] ??= new Set();
    return this.reasons[role];
  }
}
