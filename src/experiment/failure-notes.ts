import type { PolicyFailures } from "../world/recorder/decision-tally.js";
import type { FailureSummary } from "./failure-summary.js";
import { failureSentence } from "./policy-failures.js";

/**
 * Failures of user policies in the runs of a command that makes no table of each policy: a sweep, a
 * gate, an attack, a plan. Their figures would be those of a fleet that nobody scaled.
 */
export class FailureNotes {
  private readonly summaries = new Map<string, FailureSummary>();

  /** Adds those of one run. */
  readonly add = (policy: string, { count, asked, first }: PolicyFailures): void => {
    const { atMs, ...what } = first;
    const before = this.summaries.get(policy) ?? { count: 0, asked: 0, firstAtMs: atMs, ...what };
    this.summaries.set(policy, { ...before, count: before.count + count, asked: before.asked + asked });
  };

  /** One for each policy that failed. */
  get sentences(): string[] {
    return [...this.summaries].map(([name, failures]) => failureSentence(name, failures));
  }

  /** A line for each policy that failed; "" if none did. */
  get text(): string {
    return this.sentences.map((sentence) => `${sentence}\n`).join("");
  }
}
