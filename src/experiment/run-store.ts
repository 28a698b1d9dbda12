import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { canonicalJson, hashText } from "../base/hash.js";
import { isBalancerKind } from "../control/balancers/built-in.js";
import { isBuiltInPolicy } from "../control/policies/registry.js";
import type { RunSums } from "../world/metric-table.js";
import type { PolicySpec } from "../world/scenario/policy-spec.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { SloJudgement } from "../world/slo-judgement.js";
import { codeHash } from "./code-hash.js";

/** The kept parts of a run: its metrics, and the sums to pool. */
export interface KeptRun {
  readonly sums: RunSums;
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether it met the scenario's SLO; absent without one. */
  readonly slo?: SloJudgement;
  /** Share of its decisions at which a user's policy failed; absent if none did. */
  readonly failedDecisions?: number;
  readonly events: number;
  readonly wallMs: number;
}

/**
 * Finished runs as JSON lines, appended one by one, so that an interrupted command continues where
 * it stopped. The key of a run is a hash of the simulator's own code, the scenario without its name
 * and policies, the policy without its name, the seed and the replication. Runs of a user's module
 * are not kept, since the module may change.
 */
export class RunStore {
  private readonly kept = new Map<string, KeptRun>();
  private readonly scenarios = new WeakMap<object, string>();
  private readonly code = codeHash();

  /** Reads the existing file. A line that a crash cut short is skipped. */
  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    const text = readFileSync(file, "utf8");
    if (text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");
    for (const line of text.split("\n")) {
      const run = parsed(line);
      if (run !== undefined) this.kept.set(run.key, run);
    }
  }

  get size(): number {
    return this.kept.size;
  }

  /** Undefined for a run that must not be kept. */
  key(scenario: Scenario, policy: PolicySpec, replication: number): string | undefined {
    if (!isBuiltInPolicy(policy.kind) || !isBalancerKind(scenario.balancer.kind)) return undefined;
    const { name: _name, ...spec } = policy;
    return hashText(`${this.code}/${this.worldHash(scenario)}/${canonicalJson(spec)}/${scenario.seed}/${replication}`);
  }

  find(key: string | undefined): KeptRun | undefined {
    return key === undefined ? undefined : this.kept.get(key);
  }

  /** Appends the run with its label, which describes it to a reader of the file. */
  add(key: string | undefined, run: KeptRun, label: Readonly<Record<string, unknown>>): void {
    if (key === undefined) return;
    this.kept.set(key, run);
    appendFileSync(this.file, `${JSON.stringify({ key, ...label, ...run })}\n`);
  }

  private worldHash(scenario: Scenario): string {
    const known = this.scenarios.get(scenario.traffic);
    const traffic = known ?? hashText(canonicalJson(scenario.traffic));
    if (known === undefined) this.scenarios.set(scenario.traffic, traffic);
    const { name, hash, seed, replications, policies, traffic: _traffic, ...world } = scenario;
    void [name, hash, seed, replications, policies];
    return hashText(`${traffic}/${canonicalJson(world)}`);
  }
}

function parsed(line: string): (KeptRun & { readonly key: string }) | undefined {
  if (line === "") return undefined;
  try {
    const run = JSON.parse(line) as Partial<KeptRun & { key: string }>;
    if (typeof run.key !== "string" || typeof run.metrics !== "object" || typeof run.sums !== "object")
      return undefined;
    const slo = run.slo === undefined ? {} : { slo: run.slo };
    return {
      key: run.key,
      sums: run.sums,
      metrics: run.metrics,
      ...slo,
      events: run.events ?? 0,
      wallMs: run.wallMs ?? 0,
    };
  } catch {
    return undefined;
  }
}
