import { formatCount, formatDuration } from "../base/units.js";
import type { PolicyFailures } from "../world/recorder/decision-tally.js";
import type { RunResult } from "../world/run-result.js";
import type { FailureSummary } from "./failure-summary.js";
import type { ResultDocument } from "./result.js";

type Policy = ResultDocument["policies"][number];

/** Findings about a policy's module in its runs: its failures, and knobs that it never read. */
export function moduleFindings(runs: readonly RunResult[]): Pick<Policy, "failures" | "unreadKnobs"> {
  const failed = runs.flatMap(({ policyFailures }) => (policyFailures === undefined ? [] : [policyFailures]));
  const unread = (runs[0]?.unreadKnobs ?? []).filter((knob) => runs.every((run) => run.unreadKnobs?.includes(knob)));
  return {
    ...(failed.length === 0 ? {} : { failures: failureSummary(failed, runs.length) }),
    ...(unread.length === 0 ? {} : { unreadKnobs: unread }),
  };
}

/** Adds up the failures of a policy in the runs that had some, out of `runs`. */
export function failureSummary(failed: readonly PolicyFailures[], runs: number): FailureSummary {
  const { first } = failed[0];
  const sum = (field: "count" | "asked"): number => failed.reduce((total, one) => total + one[field], 0);
  return {
    count: sum("count"),
    // Runs without a failure asked as often, about.
    asked: Math.round((sum("asked") / failed.length) * runs),
    firstAtMs: first.atMs,
    message: first.message,
    ...(first.at === undefined ? {} : { at: first.at }),
  };
}

/**
 * One sentence per policy whose module failed or ignored a knob, for the top of terminal output and
 * report.
 */
export function moduleSentences({ policies }: Pick<ResultDocument, "policies">): string[] {
  return policies.flatMap((policy) => {
    const { name, failures } = policy;
    return [...(failures === undefined ? [] : [failureSentence(name, failures)]), ...knobSentence(policy)];
  });
}

/** The message that a policy failed: how often, when first, why, and where in its module. */
export function failureSentence(name: string, { count, asked, firstAtMs, message, at }: FailureSummary): string {
  const place = at === undefined ? "" : ` (${at})`;
  return (
    `${name} FAILED ${howOften(count, asked)}, so there is no verdict on it: the fleet stayed as it was each time. ` +
    `First after ${formatDuration(firstAtMs)}: ${message}${place}`
  );
}

function howOften(count: number, asked: number): string {
  if (asked === 1) return "at its only decision";
  if (count < asked) return `at ${formatCount(count)} of ${formatCount(asked)} decisions`;
  return `at each of ${formatCount(asked)} decisions`;
}

function knobSentence({ name, unreadKnobs }: Policy): string[] {
  if (unreadKnobs === undefined) return [];
  const [first] = unreadKnobs;
  const names = unreadKnobs.map((knob) => `"${knob}"`).join(", ");
  const nested = first === "knobs" ? " Knobs stand beside kind, not in a map of their own." : "";
  return [
    `${name}: its module never reads the ${unreadKnobs.length === 1 ? "knob" : "knobs"} ${names}, so ` +
      `${unreadKnobs.length === 1 ? "it has" : "they have"} no effect.${nested} ` +
      "A module declares its knobs with export const knobs = {NAME: DEFAULT}.",
  ];
}
