import { fail } from "../../base/assert.js";
import { provesShare, trialsToProve } from "../../base/binomial.js";
import { FailureNotes } from "../failure-notes.js";
import type { JobRunner } from "../job-runner.js";
import type { MetricRunOptions } from "../metric-runs.js";
import type { RunStore } from "../run-store.js";
import { assemble } from "./assemble.js";
import { bestWithin } from "./budget.js";
import { type ConfirmSpec, confirmOnly, searchAndConfirm } from "./confirm.js";
import { type Day, DayRuns, type Design } from "./day-runs.js";
import { Designs, linesOf } from "./designs.js";
import { askedGrowth, growthOutlook } from "./growth.js";
import { HOURS_PER_MONTH } from "./month.js";
import { bestPerPolicy } from "./per-policy.js";
import type { PlanDocument } from "./plan-document.js";
import { choiceText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";
import type { Growth } from "./rate.js";
import { size, sizedValue } from "./size.js";
import { whatIfs } from "./what-if.js";
import { withBudget } from "./with-budget.js";

/** The phases of a plan, in their order. */
type PlanPhase = "size" | "search" | "search again" | "verify" | "what if" | "assemble";

export interface PlanOptions {
  readonly store?: RunStore;
  readonly runner?: JobRunner;
  readonly signal?: AbortSignal;
  /** Takes the failures of a user's policy in one run. */
  readonly onPolicyFailed?: MetricRunOptions["onPolicyFailed"];
  /** Invert the question: the best SLO for at most this much a month. */
  readonly budgetPerMonth?: number;
  readonly growth?: { readonly rate: Growth; readonly untilMonth: number };
  readonly onProgress?: (progress: PlanProgress) => void;
  /** Called with the findings of each phase. */
  readonly onFound?: (phase: string, found: unknown) => void;
}

export interface PlanProgress {
  readonly phase: PlanPhase;
  /** Days simulated so far. */
  readonly runs: number;
  /** The cheapest design that is not ruled out; not verified until the end. */
  readonly incumbent: string | undefined;
}

/**
 * Days of the ordinary world on which costs are compared, if the search itself runs in the worlds
 * of failures.
 */
const COST_DAYS = 10;

/**
 * The cheapest fleet that meets the SLO: normalise and size → search → verify → assemble
 * (docs/planning.md).
 */
export async function planScenario(question: PlanQuestion, options: PlanOptions = {}): Promise<PlanDocument> {
  const progress = new Progress(options.onProgress);
  progress.phase("size");
  const sizing = size(question.scenario);
  options.onFound?.("sizing", sizing);
  const needed = daysToMeet(question);
  const designs = new Designs(question);
  await designs.check(linesOf(question.scenario.policies.length, question.variables));
  const failures = new FailureNotes();
  const runs = new DayRuns(designs, [...question.survive, ...question.whatIf], {
    ...(options.store === undefined ? {} : { store: options.store }),
    ...(options.runner === undefined ? {} : { runner: options.runner }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onPolicyFailed: (policy, found) => {
      failures.add(policy, found);
      options.onPolicyFailed?.(policy, found);
    },
    onRuns: (count) => progress.runs(count),
  });
  const spec: ConfirmSpec = {
    policies: question.scenario.policies.length,
    variables: question.variables,
    ...searchDays(needed, question.survive.length),
    mayMiss: question.mayMiss,
    means: question.means,
    failures: question.survive.length,
    sized: ({ steps }) => sizedValue(sizing, steps),
    freshDays: needed,
    proves: (met, of) => provesShare(met, of, question.days, question.confidence),
    onCandidate: (design) => progress.incumbent(textOf(question, design)),
    onPhase: (phase) => progress.phase(phase as PlanPhase),
  };
  const within =
    options.budgetPerMonth === undefined
      ? undefined
      : await bestWithin(perDay(question, options.budgetPerMonth), spec, runs);
  const confirmed =
    options.budgetPerMonth === undefined
      ? await searchAndConfirm(spec, runs)
      : await confirmOnly(within?.design, spec, runs);
  options.onFound?.("search", { ...confirmed.search, lines: confirmed.search.lines.length });
  options.onFound?.("verified", confirmed.records);
  progress.phase("what if");
  const { design } = confirmed;
  const whatIf =
    design === undefined ? [] : await whatIfs(question, design, { first: confirmed.firstFresh, count: needed }, runs);
  const perPolicy =
    options.budgetPerMonth === undefined ? await bestPerPolicy(question, spec, sizing, design, runs) : [];
  progress.phase("assemble");
  const asked =
    options.growth === undefined ? undefined : askedGrowth(question, options.growth.rate, options.growth.untilMonth);
  const growth =
    asked === undefined || design === undefined
      ? undefined
      : { asked, outlook: growthOutlook(question, design.choice, sizing, asked) };
  const plain = await assemble(question, { sizing, confirmed, whatIf, perPolicy, growth }, runs);
  const document =
    options.budgetPerMonth === undefined ? plain : withBudget(plain, options.budgetPerMonth, within, question);
  return withFailures(document, failures.sentences);
}

/** Names the policies that failed in the answer, or in runs that support it. */
function withFailures(document: PlanDocument, sentences: readonly string[]): PlanDocument {
  const statements = sentences.map((text) => ({ text, stamp: "simulated" as const }));
  return {
    ...document,
    answer: [document.answer, ...sentences].join(" "),
    statements: [...document.statements, ...statements],
  };
}

/** The highest cost of one day's measured time with which a month stays within the budget. */
function perDay({ scenario }: PlanQuestion, perMonth: number): number {
  return (perMonth * (scenario.durationMs - scenario.warmupMs)) / (HOURS_PER_MONTH * 3_600_000);
}

/**
 * The days that prove the promise: for 95 % of days with 95 % confidence 59 that are all met, 93
 * with one miss, 124 with two (Wilks 1941).
 */
export function daysToMeet({ days, confidence, mayMiss }: PlanQuestion): number {
  return trialsToProve(mayMiss, days, confidence) ?? fail(`no number of days proves ${days} with ${confidence}`);
}

/**
 * Without failures every day is one of the ordinary world. With failures, a design that meets a
 * day in spite of them is assumed to meet the ordinary day as well (its fresh days check that). A
 * few ordinary days then compare costs, and the others are days of failures.
 */
function searchDays(needed: number, failures: number): { readonly days: readonly Day[]; readonly costDays: number } {
  const daysOf = (world: number, count: number): Day[] =>
    Array.from({ length: count }, (_, replication) => ({ world, replication }));
  if (failures === 0) return { days: daysOf(0, needed), costDays: needed };
  const worlds = Array.from({ length: failures }, (_, i) => i + 1);
  return {
    days: [...daysOf(0, Math.min(COST_DAYS, needed)), ...worlds.flatMap((world) => daysOf(world, needed))],
    costDays: Math.min(COST_DAYS, needed),
  };
}

function textOf(question: PlanQuestion, design: Design): string {
  return choiceText(question.scenario.policies[design.policy].name, design.choice);
}

class Progress {
  private now: PlanProgress = { phase: "size", runs: 0, incumbent: undefined };

  constructor(private readonly onProgress: ((progress: PlanProgress) => void) | undefined) {}

  phase(phase: PlanPhase): void {
    this.set({ phase });
  }

  runs(runs: number): void {
    this.set({ runs });
  }

  incumbent(incumbent: string): void {
    this.set({ incumbent });
  }

  private set(change: Partial<PlanProgress>): void {
    this.now = { ...this.now, ...change };
    this.onProgress?.(this.now);
  }
}
