import { JobThreads } from "../experiment/job-threads.js";
import { type PlanProgress, planScenario } from "../experiment/plan/plan.js";
import type { PlanDocument } from "../experiment/plan/plan-document.js";
import { readQuestion } from "../experiment/plan/question.js";
import { quickPlan } from "../experiment/plan/quick-plan.js";
import { checkWork, type OptionNames, outOfRange, WORK_OPTIONS, type WorkOptions } from "./work-options.js";

export interface LibraryPlanOptions extends WorkOptions {
  /** Bounds and estimates in milliseconds, no simulation. */
  readonly quick?: boolean;
  /**
   * Finds the best SLO for at most this monthly cost, instead of the cheapest fleet that meets
   * the SLO.
   */
  readonly budgetPerMonth?: number;
  /** Confidence of the promise, above 0.5 and below 1; default: the scenario's, else 0.95. */
  readonly confidence?: number;
  readonly seed?: number;
  /**
   * Called with each phase, the number of days simulated so far, and the cheapest design so far.
   */
  readonly onProgress?: (progress: PlanProgress) => void;
}

const PLAN_OPTIONS: OptionNames<LibraryPlanOptions> = {
  ...WORK_OPTIONS,
  quick: true,
  budgetPerMonth: true,
  confidence: true,
  seed: true,
  onProgress: true,
};

/**
 * The cheapest fleet that meets a scenario's SLO, with its proof, as `headrace plan --json`
 * prints it; `feasible` is false if there is none. Throws InputError for a scenario without `slo`
 * or `cost`, or with faults.
 */
export async function plan(scenarioFile: string, options: LibraryPlanOptions = {}): Promise<PlanDocument> {
  const { quick = false, budgetPerMonth, confidence, seed, signal, onProgress, threads: count } = options;
  checkWork(options, PLAN_OPTIONS);
  if (confidence !== undefined && !(confidence > 0.5 && confidence < 1))
    throw outOfRange("confidence", confidence, "a share above 0.5 and below 1");
  if (budgetPerMonth !== undefined && !(budgetPerMonth > 0 && Number.isFinite(budgetPerMonth)))
    throw outOfRange("budgetPerMonth", budgetPerMonth, "an amount above 0");
  signal?.throwIfAborted();
  const question = await readQuestion(scenarioFile, {
    variables: [],
    ...(confidence === undefined ? {} : { confidence }),
    ...(seed === undefined ? {} : { seed }),
  });
  if (quick) return quickPlan(question);
  const threads = await JobThreads.open(count === undefined ? {} : { threads: count });
  try {
    return await planScenario(question, {
      ...(budgetPerMonth === undefined ? {} : { budgetPerMonth }),
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } finally {
    await threads?.close();
  }
}
