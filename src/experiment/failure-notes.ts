import type { PolicyFailures } from "../world/recorder/decision-tally.js";
import type { FailureSummary } from "./failure-summary.js";
import { failureSentence, failureSummary } from "./policy-failures.js";

/**
 * Notes on failed user policies for a command that has no table of policies: a sweep, a gate, an
 * attack, a plan. Nothing scaled the fleet in these runs, so their figures do not count.
 */
export class FailureNotes {
  private readonly summaries = new Map<string, FailureSummary>();

  /** Adds those of one run. */
  readonly add = (policy: string, failures: PolicyFailures): void => {
    this.addSummary(policy, failureSummary([failures], 1));
  };

  /** Adds those of a run that was kept. */
  addSummary(policy: string, failures: FailureSummary): void {
    const before = this.summaries.get(policy) ?? { ...failures, count: 0, asked: 0 };
    const [count, asked] = [before.count + failures.count, before.asked + failures.asked];
    this.summaries.set(policy, { ...before, count, asked });
  }

  /** One for each policy that failed. */
  get sentences(): string[] {
    return [...this.summaries].map(([name, failures]) => failureSentence(name, failures));
  }

  /** A line for each policy that failed; "" if none did. */
  get text(): string {
    return this.sentences.map((sentence) => `${sentence}\n`).join("");
  }
}
