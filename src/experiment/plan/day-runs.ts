import type { Scenario } from "../../world/scenario/scenario.js";
import type { SloMiss } from "../../world/slo-judgement.js";
import type { JobRunner } from "../job-runner.js";
import { type MetricRun, type MetricRunOptions, runMetrics } from "../metric-runs.js";
import type { KeptRun, RunStore } from "../run-store.js";
import { type ChosenValue, type Designs, designKey } from "./designs.js";
import type { Failure } from "./failure.js";

/** One day in one world: 0 is the ordinary one, i the i-th failure that the plan must survive. */
export interface Day {
  readonly world: number;
  readonly replication: number;
}

/** A policy with values for all that may be chosen. */
export interface Design {
  readonly policy: number;
  readonly choice: readonly ChosenValue[];
}

/** A bound of the SLO that a day exceeds, or decisions at which a user's policy failed. */
type DayMiss = SloMiss | { readonly bound: "failedDecisions"; readonly share: number; readonly allowed: 0 };

export interface DayOutcome {
  /** Never if the policy failed, since its fleet was not scaled. */
  readonly met: boolean;
  readonly misses: readonly DayMiss[];
  readonly cost: number;
  readonly streamletHours: number;
  readonly spawns: number;
  readonly metrics: KeptRun["metrics"];
}

export interface DayRunsOptions {
  readonly store?: RunStore;
  readonly runner?: JobRunner;
  readonly signal?: AbortSignal;
  readonly onPolicyFailed?: MetricRunOptions["onPolicyFailed"];
  /** After each batch: how many days have been simulated so far. */
  readonly onRuns?: (runs: number) => void;
}

/** Simulated days of designs, each run once. */
export class DayRuns {
  private readonly known = new Map<string, DayOutcome>();
  private readonly worlds = new Map<string, Scenario>();
  private eventCount = 0;

  constructor(
    private readonly designs: Designs,
    private readonly failures: readonly Failure[],
    private readonly options: DayRunsOptions,
  ) {}

  /** Events of all days so far, including those of an earlier run from the store. */
  get events(): number {
    return this.eventCount;
  }

  get runs(): number {
    return this.known.size;
  }

  /** The outcomes of these days, in order; days without an outcome are run. */
  async run(wanted: readonly { readonly design: Design; readonly day: Day }[]): Promise<DayOutcome[]> {
    const keys = wanted.map(({ design, day }) => keyOf(design, day));
    const open = wanted.filter((_, i) => !this.known.has(keys[i]) && keys.indexOf(keys[i]) === i);
    const runs: MetricRun[] = [];
    for (const { design, day } of open) {
      const scenario = await this.scenarioOf(design, day.world);
      runs.push({ scenario, policy: scenario.policies[0], replication: day.replication });
    }
    const kept = runs.length === 0 ? [] : await runMetrics(runs, this.runOptions());
    open.forEach(({ design, day }, i) => {
      this.known.set(keyOf(design, day), outcomeOf(kept[i]));
      this.eventCount += kept[i].events;
    });
    if (open.length > 0) this.options.onRuns?.(this.known.size);
    return keys.map((key) => this.known.get(key) as DayOutcome);
  }

  /** The scenario of a design in a world. */
  async scenarioOf(design: Design, world: number): Promise<Scenario> {
    const scenario = await this.designs.scenario(design.policy, design.choice);
    if (world === 0) return scenario;
    const key = `${world}\n${designKey(design.policy, design.choice)}`;
    const known = this.worlds.get(key);
    if (known !== undefined) return known;
    const changed = this.failures[world - 1].apply(scenario);
    this.worlds.set(key, changed);
    return changed;
  }

  private runOptions(): MetricRunOptions {
    const { store, runner, signal, onPolicyFailed } = this.options;
    return {
      ...(store === undefined ? {} : { store }),
      ...(runner === undefined ? { threads: 0 } : { open: runner }),
      ...(signal === undefined ? {} : { signal }),
      ...(onPolicyFailed === undefined ? {} : { onPolicyFailed }),
    };
  }
}

function keyOf({ policy, choice }: Design, { world, replication }: Day): string {
  return `${world}/${replication}\n${designKey(policy, choice)}`;
}

function outcomeOf({ slo, metrics, failedDecisions }: KeptRun): DayOutcome {
  const failed: DayMiss[] =
    failedDecisions === undefined ? [] : [{ bound: "failedDecisions", share: failedDecisions, allowed: 0 }];
  return {
    met: failed.length === 0 && (slo?.met ?? false),
    misses: [...failed, ...(slo?.misses ?? [])],
    cost: metrics.cost,
    streamletHours: metrics.streamletHours,
    spawns: metrics.spawns,
    metrics,
  };
}
