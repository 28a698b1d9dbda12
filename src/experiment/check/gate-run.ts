import { InputError } from "../../base/errors.js";
import type { PolicyFailureRecord } from "../../ports/telemetry.js";
import type { MetricName } from "../../world/metric-table.js";
import { MetricPool } from "../../world/pooled-metrics.js";
import { decisionNames } from "../../world/pools.js";
import type { MetricSample, RunResult, Timeline } from "../../world/run-result.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { type JobPoolOptions, type JobSpec, runJobs } from "../job-pool.js";
import { readScenario } from "../scenario-file.js";
import { isSloMet, sloOutcome, sloText } from "../slo-verdict.js";
import type { SloFailure } from "./check-document.js";
import { figuresOf, isMean, type PolicyFigures, type ScenarioFigures, type StageFigures } from "./figures.js";
import type { GatedScenario } from "./regression-file.js";
import { worldHash } from "./world-hash.js";

const CONFIDENCE = 0.95;
const HOUR_MS = 3_600_000;

/** A scenario under the gate, read and ready to run. */
export interface GateSubject {
  readonly gated: GatedScenario;
  readonly scenario: Scenario;
  readonly world: string;
  /** Replications of the first stage, and of the last one. */
  readonly first: number;
  readonly last: number;
}

/** A gated policy that failed at a decision. */
export interface GateFailure {
  /** The scenario's file. */
  readonly scenario: string;
  readonly policy: string;
  readonly first: PolicyFailureRecord;
}

/** The parts of a run that are kept until all replications are done. */
type KeptRun = MetricSample & Pick<RunResult, "decisionDigest" | "decisions" | "timeline" | "slo" | "policyFailures">;

/**
 * Reads all scenarios of the gate before the first run, so that a fault in the last one wastes no
 * run.
 */
export async function readSubjects(gated: readonly GatedScenario[], mostTimes: number): Promise<GateSubject[]> {
  const subjects: GateSubject[] = [];
  for (const one of gated) {
    const { policies, replications } = one;
    const scenario = await readScenario(one.file, {
      ...(policies === undefined ? {} : { policies }),
      ...(replications === undefined ? {} : { replications }),
    });
    const first = scenario.replications;
    if (first < 2) {
      throw new InputError({
        code: "HR1703",
        where: one.file,
        got: `${first} replication`,
        expected: "at least 2: a gate tests paired replications",
        remedy: "Give replications: 10 in the gate's file",
      });
    }
    subjects.push({ gated: one, scenario, world: worldHash(scenario), first, last: Math.ceil(first * mostTimes) });
  }
  return subjects;
}

/**
 * Runs replications of gated policies and keeps what the figures need. A second call runs only what
 * is missing.
 */
export class GateRuns {
  private readonly runs: Map<number, KeptRun[][]> = new Map();

  constructor(
    readonly subjects: readonly GateSubject[],
    private readonly options: JobPoolOptions,
  ) {}

  /** Runs all policies of these subjects up to their first or last stage. */
  async upTo(stage: "first" | "last", subjects: readonly number[]): Promise<void> {
    const jobs: { readonly subject: number; readonly spec: JobSpec }[] = [];
    for (const subject of subjects) {
      const { scenario } = this.subjects[subject];
      const wanted = this.subjects[subject][stage];
      const there = this.of(subject);
      for (let policy = 0; policy < scenario.policies.length; policy++)
        for (let replication = there[policy].length; replication < wanted; replication++)
          jobs.push({ subject, spec: { scenario, policy, replication } });
    }
    const specs = jobs.map((job) => job.spec);
    await runJobs(specs, this.options, (job, { result }) => {
      const { subject, spec } = jobs[job];
      this.of(subject)[spec.policy][spec.replication] = keptOf(result);
    });
  }

  /** The figures over all that was run of a subject. */
  figures(subject: number, metrics: readonly string[]): ScenarioFigures {
    const { gated, scenario, world, first } = this.subjects[subject];
    const runs = this.of(subject);
    return {
      file: gated.written,
      name: scenario.name,
      world,
      seed: scenario.seed,
      pools: [...decisionNames(scenario)],
      policies: scenario.policies.map((policy, p) => policyFigures(policy, runs[p], first, metrics)),
    };
  }

  /**
   * The policies that miss their scenario's SLO in too many replications, or for which it is not
   * proved.
   */
  sloFailures(mustBeProved: boolean): SloFailure[] {
    return this.subjects.flatMap(({ gated, scenario }, s) =>
      scenario.policies.flatMap((policy, p): SloFailure[] => {
        const outcome = sloOutcome(scenario.slo, this.of(s)[p]);
        if (outcome === undefined || (isSloMet(outcome) && (outcome.proved || !mustBeProved))) return [];
        const { met, of } = outcome;
        const text = isSloMet(outcome) ? `${sloText(outcome)}, which does not prove it` : sloText(outcome);
        return [{ scenario: gated.written, policy: policy.name, met, of, text }];
      }),
    );
  }

  /** The policies that failed in any of their runs, each with its first failure. */
  get failures(): GateFailure[] {
    return this.subjects.flatMap(({ gated, scenario }, s) =>
      scenario.policies.flatMap(({ name }, p): GateFailure[] => {
        const failed = this.of(s)[p].find((run) => run.policyFailures !== undefined)?.policyFailures;
        return failed === undefined ? [] : [{ scenario: gated.file, policy: name, first: failed.first }];
      }),
    );
  }

  /** Whether the policy of a gated scenario failed in any of its runs. */
  hasFailed(written: string, policy: string): boolean {
    return this.subjects.some(({ gated, scenario }, s) => {
      const p = scenario.policies.findIndex(({ name }) => name === policy);
      return gated.written === written && p >= 0 && this.of(s)[p].some((run) => run.policyFailures !== undefined);
    });
  }

  private of(subject: number): KeptRun[][] {
    let runs = this.runs.get(subject);
    if (runs === undefined) {
      runs = this.subjects[subject].scenario.policies.map(() => []);
      this.runs.set(subject, runs);
    }
    return runs;
  }
}

function keptOf(result: RunResult): KeptRun {
  const { sums, startLatency, stillWaiting, decisionDigest, decisions, timeline, slo, policyFailures } = result;
  return {
    sums,
    startLatency,
    stillWaiting,
    decisionDigest,
    decisions,
    timeline,
    ...(slo === undefined ? {} : { slo }),
    ...(policyFailures === undefined ? {} : { policyFailures }),
  };
}

function policyFigures(
  policy: PolicySpec,
  runs: readonly KeptRun[],
  first: number,
  metrics: readonly string[],
): PolicyFigures {
  const stages = first === runs.length ? [first] : [first, runs.length];
  const [{ decisionDigest, decisions, timeline }] = runs;
  const arePooled = metrics.some((metric) => !isMean(metric as MetricName));
  return {
    ...(arePooled ? { samples: runs } : {}),
    name: policy.name,
    kind: policy.kind.replace(/^.*[/\\]/, ""),
    stages: stages.map((replications) => stageFigures(runs.slice(0, replications), metrics)),
    decisions: runs.map((run) => run.decisionDigest.whole),
    hours: decisionDigest.hours,
    noise: new Map(),
    kept: decisions,
    streamletsByHour: byHour(timeline, (i) => timeline.ready[i] + timeline.spawning[i] + timeline.draining[i], "mean"),
    waitingByHour: byHour(timeline, (i) => timeline.waiting[i], "mean"),
    violatingByHour: byHour(timeline, (i) => timeline.violationMinutes?.[i] ?? 0, "sum"),
  };
}

function stageFigures(runs: readonly KeptRun[], metrics: readonly string[]): StageFigures {
  const pool = new MetricPool(runs);
  const found = metrics.flatMap((metric) => {
    const name = metric as MetricName;
    const value = pool.metric(name);
    if (value === undefined) return [];
    return [[metric, figuresOf(value, pool.halfWidth(name, value, CONFIDENCE))] as const];
  });
  return { replications: runs.length, metrics: new Map(found) };
}

/** Three significant digits: enough for the small chart of a metric over time. */
function byHour(timeline: Timeline, value: (bin: number) => number, how: "mean" | "sum"): number[] {
  const { binMs } = timeline;
  const bins = timeline.arrivals.length;
  const hours: number[] = [];
  for (let from = 0; from < bins; ) {
    const hour = Math.floor((from * binMs) / HOUR_MS);
    let to = from;
    let sum = 0;
    for (; to < bins && Math.floor((to * binMs) / HOUR_MS) === hour; to++) sum += value(to);
    hours.push(Number((how === "mean" ? sum / (to - from) : sum).toPrecision(3)));
    from = to;
  }
  return hours;
}
