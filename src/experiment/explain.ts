import type { DecisionRecord } from "../ports/telemetry.js";
import { DecisionWatch } from "../world/decision-watch.js";
import { decisionNames } from "../world/pools.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { SimulatedRun } from "../world/simulate.js";
import { loadUserModules } from "./module-file.js";

/** Decisions shown per pool: the one in force at the instant, and how it came to that. */
const SHOWN = 6;

/** What one policy had decided for one pool by an instant. */
export interface Explanation {
  readonly policy: string;
  readonly pool: string;
  readonly atMs: number;
  /** At the instant itself. */
  readonly open: number;
  readonly ready: number;
  readonly spawning: number;
  readonly draining: number;
  readonly waiting: number;
  readonly desired: number;
  /** The last decisions up to the instant, oldest first; the last one is in force. */
  readonly decisions: readonly DecisionRecord[];
}

/** Runs replication 0 of every policy up to an instant, and tells what each had seen and why it chose what it chose. */
export async function explain(scenario: Scenario, atMs: number): Promise<Explanation[]> {
  const modules = await loadUserModules(scenario);
  const names = decisionNames(scenario);
  const explanations: Explanation[] = [];
  for (const policy of scenario.policies) {
    const watch = new DecisionWatch(names.length, SHOWN);
    const run = new SimulatedRun(scenario, policy, 0, modules, () => watch);
    run.advance(atMs);
    for (const pool of run.control.pools) {
      explanations.push({
        policy: policy.name,
        pool: names[pool.index],
        atMs,
        open: pool.open,
        ready: pool.ready.length,
        spawning: pool.spawning.length,
        draining: pool.draining.length,
        waiting: run.control.waitingAt(pool.index),
        desired: run.control.manager.desired(pool.index),
        decisions: watch.lastOf(pool.index),
      });
    }
  }
  return explanations;
}
