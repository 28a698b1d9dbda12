import type { Comparison, ResultDocument } from "../experiment/result.js";
import { formatChange, formatEstimate, formatInterval, metricFacts, shownValue, unitName } from "./numbers.js";

/** In one sentence, how a candidate compares with the baseline. */
export interface Verdict {
  readonly candidate: string;
  readonly tone: "better" | "worse" | "even";
  readonly sentence: string;
  /** The numbers behind the sentence. */
  readonly evidence: string;
}

/** What stands for cost and for service, in order of preference: a scenario may have no prices and no SLO. */
const COST_METRICS = ["cost", "streamletHours"];
const SERVICE_METRICS = ["sloViolationMinutes", "startLatencyMsP99", "waitProbability"];

/** The metrics that stand for cost and service in this result: the first that every policy has. */
export function costAndService(document: ResultDocument): {
  readonly cost: string | undefined;
  readonly service: string | undefined;
} {
  const shared = (metric: string): boolean => document.policies.every((policy) => policy.metrics[metric] !== undefined);
  return { cost: COST_METRICS.find(shared), service: SERVICE_METRICS.find(shared) };
}

/** One verdict for each candidate; for a policy on its own, what it costs and how it serves. */
export function verdicts(document: ResultDocument): Verdict[] {
  const metrics = Object.values(costAndService(document)).filter((metric) => metric !== undefined);
  const [baseline, ...candidates] = document.policies;
  if (candidates.length === 0) {
    const numbers = metrics.map((metric) => {
      const facts = metricFacts(metric);
      return `${facts.label} ${formatEstimate(baseline.metrics[metric], facts)} ${unitName(facts)}`.trim();
    });
    return [
      {
        candidate: baseline.name,
        tone: "even",
        sentence: `${baseline.name} ran alone: there is nothing to compare it with.`,
        evidence: numbers.join("; "),
      },
    ];
  }
  return candidates.map((candidate) => {
    const found = metrics.flatMap((metric) =>
      document.comparisons.filter((c) => c.candidate === candidate.name && c.metric === metric),
    );
    return verdictOf(document, candidate.name, found);
  });
}

/** The word that belongs to a comparison. A metric that is neither good nor bad just goes up or down. */
export function comparisonWord(
  comparison: Comparison,
): "better" | "worse" | "no difference shown" | "higher" | "lower" | "one replication" {
  if (comparison.better !== null) return comparison.better ? "better" : "worse";
  if (comparison.halfWidth === null) return "one replication";
  const isShown =
    Math.abs(comparison.delta) > comparison.halfWidth && metricFacts(comparison.metric).good === "neither";
  if (!isShown) return "no difference shown";
  return comparison.delta > 0 ? "higher" : "lower";
}

function verdictOf(document: ResultDocument, candidate: string, found: readonly Comparison[]): Verdict {
  const baseline = document.policies[0];
  const parts = found.map((comparison) => {
    const label = midSentence(metricFacts(comparison.metric).label);
    if (comparison.better === null) return `no difference shown on ${label}`;
    return `${comparison.better ? "better" : "worse"} on ${label}`;
  });
  const wins = found.filter((comparison) => comparison.better === true).length;
  const losses = found.filter((comparison) => comparison.better === false).length;
  const tone = wins > 0 && losses === 0 ? "better" : losses > 0 && wins === 0 ? "worse" : "even";
  const tradeoff = wins > 0 && losses > 0 ? ": a trade-off" : "";
  const numbers = found.map((comparison) => {
    const facts = metricFacts(comparison.metric);
    const halfWidth = comparison.halfWidth === null ? null : shownValue(comparison.halfWidth, facts);
    const change = formatChange(comparison.delta, baseline.metrics[comparison.metric].mean);
    const unit = facts.unit === "currency" || facts.unit === "" ? "" : ` ${facts.unit}`;
    return `${facts.label} ${formatInterval(shownValue(comparison.delta, facts), halfWidth, true)}${unit}${change === undefined ? "" : ` (${change})`}`;
  });
  const basis =
    document.replications > 1
      ? `paired differences with 95 % intervals, ${document.replications} replications`
      : "one replication: no interval, hence no difference can be shown";
  return {
    candidate,
    tone,
    sentence: `${candidate} against ${baseline.name}: ${parts.join(", ") || "nothing to compare"}${tradeoff}.`,
    evidence: [...numbers, basis].join("; "),
  };
}

/** "Cost" → "cost", but "SLO violation" stays. */
function midSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}
