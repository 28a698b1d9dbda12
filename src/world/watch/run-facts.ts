import { decisionNames, homePools, poolsOf } from "../pools.js";
import type { PolicySpec } from "../scenario/policy-spec.js";
import type { Scenario } from "../scenario/scenario.js";
import type { SloSpec } from "../scenario/sections/slo.js";
import { withUnit } from "../unit.js";

interface PoolFacts {
  readonly name: string;
  readonly region: string;
  readonly formats: readonly string[];
  readonly slots: number;
  /** Most streamlets of this pool; Infinity = no bound. */
  readonly max: number;
}

/** Facts that do not change while a run is watched. */
export interface RunFacts {
  readonly scenario: string;
  readonly policy: string;
  readonly seed: number;
  /** Wall time of t=0, ms since 1970 (UTC). */
  readonly epochMs: number;
  /** Infinity if the run has no fixed end. */
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly slo: SloSpec | undefined;
  readonly pools: readonly PoolFacts[];
  /** Subjects of decisions: the pools, then the hosts of each elastic region. */
  readonly subjects: readonly string[];
  /** The pool that each series' demand belongs to; −1 = none. */
  readonly homes: readonly number[];
  /** Most streamlets of the whole fleet; Infinity = no bound. */
  readonly fleetMax: number;
}

export function runFacts(given: Scenario, policy: PolicySpec, durationMs = given.durationMs): RunFacts {
  const scenario = withUnit(given, policy);
  const pools = poolsOf(scenario);
  return {
    scenario: scenario.name,
    policy: policy.name,
    seed: scenario.seed,
    epochMs: scenario.traffic.epochMs,
    durationMs,
    warmupMs: scenario.warmupMs,
    slo: scenario.slo,
    pools: pools.map((pool) => ({
      name: pool.name,
      region: pool.regionName,
      formats: pool.formats.map((format) => scenario.traffic.formats[format]),
      slots: pool.slots,
      max: Math.min(policy.max, scenario.fleet.max, scenario.fleet.regions[pool.region].max),
    })),
    subjects: decisionNames(scenario),
    homes: homePools(scenario, pools),
    fleetMax: scenario.fleet.max,
  };
}
