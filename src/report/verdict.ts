import { type Verdict as VerdictWord, verdictText } from "../base/paired-verdict.js";
import { bindingLimits } from "../experiment/binding-limits.js";
import { type Comparison, LEAST_FAMILYWISE, wordsByChance } from "../experiment/comparison.js";
import type { FrontierDocument } from "../experiment/frontier/frontier-document.js";
import { moduleSentences } from "../experiment/policy-failures.js";
import type { ResultDocument } from "../experiment/result.js";
import { relativeText, settingText } from "./frontier-tables.js";
import {
  formatChange,
  formatEstimate,
  formatFixed,
  formatInterval,
  formatNumber,
  metricFacts,
  shownValue,
  unitName,
} from "./numbers.js";

/** In one sentence, how a candidate compares with the baseline. */
export interface Verdict {
  /** Empty where the sentence is about a module that failed. */
  readonly candidate: string;
  readonly tone: "better" | "worse" | "even";
  /** Both parts below. */
  readonly sentence: string;
  /** How they compare. */
  readonly headline: string;
  /**
   * Whether the costs are compared at equal service, and the limits that were reached. May be
   * empty.
   */
  readonly match: string;
  /** The numbers behind the sentence. */
  readonly evidence: string;
}

/**
 * The metrics of cost and of service, in order of preference: a scenario may lack prices or an
 * SLO.
 */
const COST_METRICS = ["cost", "streamletHours"];
const SERVICE_METRICS = ["sloViolationMinutes", "startLatencyMsP99", "waitProbability"];

/** The metrics of cost and service in this result: the first that every policy has. */
export function costAndService(document: ResultDocument): {
  readonly cost: string | undefined;
  readonly service: string | undefined;
} {
  const shared = (metric: string): boolean => document.policies.every((policy) => policy.metrics[metric] !== undefined);
  return { cost: COST_METRICS.find(shared), service: SERVICE_METRICS.find(shared) };
}

/** One verdict per candidate; for a single policy, its cost and its service. */
export function verdicts(document: ResultDocument): Verdict[] {
  const findings = moduleSentences(document).map((sentence): Verdict => {
    const headline = { sentence, headline: sentence, match: "" };
    return { candidate: "", tone: "worse", ...headline, evidence: "the scenario's own modules" };
  });
  return [...findings, ...comparedVerdicts(document)];
}

function comparedVerdicts(document: ResultDocument): Verdict[] {
  const metrics = Object.values(costAndService(document)).filter((metric) => metric !== undefined);
  const [baseline, ...candidates] = document.policies;
  if (candidates.length === 0) {
    const numbers = metrics.map((metric) => {
      const facts = metricFacts(metric);
      const value = formatEstimate(baseline.metrics[metric], facts);
      return `${facts.label} ${value} ${unitName(facts, document.currency)}`.trim();
    });
    const sentence = `${baseline.name} ran alone: there is nothing to compare it with.`;
    const words = { sentence, headline: sentence, match: "" };
    return [{ candidate: baseline.name, tone: "even", ...words, evidence: numbers.join("; ") }];
  }
  const failed = document.policies.filter(({ failures }) => failures !== undefined).map(({ name }) => name);
  return candidates.map((candidate) => {
    const concerned = [candidate.name, baseline.name].find((name) => failed.includes(name));
    if (concerned !== undefined) return noVerdict(candidate.name, baseline.name, concerned);
    const found = metrics.flatMap((metric) =>
      document.comparisons.filter((c) => c.candidate === candidate.name && c.metric === metric),
    );
    return verdictOf(document, candidate.name, found);
  });
}

/**
 * The words of a comparison, with a mark if they survive over the whole table. None for a metric
 * that is good in neither direction.
 */
export function comparisonWord(comparison: Comparison, baseline: number): string {
  const { verdict, delta, halfWidth, familywise } = comparison;
  if (verdict === undefined) return "";
  const text = verdictText(verdict, { delta, halfWidth, baseline, candidate: baseline + delta });
  return familywise === true ? `${text} ✓` : text;
}

/** A policy is named if it lost at least this share of a run's arrivals in the warm-up. */
const LEAST_WARMUP_LOSS = 0.001;

/** Requests lost in the warm-up, which no metric counts. Empty if there are next to none. */
export function warmupNote({ policies }: ResultDocument): string {
  const lost = policies.filter(
    ({ lostInWarmup, metrics }) => lostInWarmup > LEAST_WARMUP_LOSS * (metrics.arrivals?.mean ?? 0),
  );
  if (lost.length === 0) return "";
  const each = lost.map(({ name, lostInWarmup }) => `${formatFixed(lostInWarmup, 0)} by ${name}`);
  return `Requests lost in the warm-up, which no metric counts: ${each.join(", ")}.`;
}

/** How far the verdicts of a table can be trusted, taken together. */
export function chanceNote({ comparisons, replications }: ResultDocument): string {
  if (replications === 1) return "";
  const { verdicts, words } = wordsByChance(comparisons);
  if (verdicts === 0) return "";
  const mark =
    replications < LEAST_FAMILYWISE
      ? `Fewer than ${LEAST_FAMILYWISE} replications cannot prove a word against that.`
      : "✓ marks those that survive a test over all of them " +
        "(step-down max-T over sign flips of the replications, 5 %).";
  return `Of ${verdicts} verdicts, chance alone would give about ${formatNumber(words, 2)} better or worse. ${mark}`;
}

const PHRASES: Readonly<Record<VerdictWord, string>> = {
  better: "better on",
  worse: "worse on",
  same: "the same on",
  "no difference shown": "no difference shown on",
  "cannot tell": "no verdict possible on",
};

/** A failed policy did not control its fleet, so its result is no evidence about it. */
function noVerdict(candidate: string, baseline: string, failed: string): Verdict {
  const sentence = `${candidate} against ${baseline}: no verdict, since ${failed} failed.`;
  return { candidate, tone: "even", sentence, headline: sentence, match: "", evidence: "see the failures above" };
}

function verdictOf(document: ResultDocument, candidate: string, found: readonly Comparison[]): Verdict {
  const baseline = document.policies[0];
  const parts = found.flatMap(({ verdict, metric }) =>
    verdict === undefined ? [] : [`${PHRASES[verdict]} ${midSentence(metricFacts(metric).label)}`],
  );
  const wins = found.filter((comparison) => comparison.better === true).length;
  const losses = found.filter((comparison) => comparison.better === false).length;
  const tone = wins > 0 && losses === 0 ? "better" : losses > 0 && wins === 0 ? "worse" : "even";
  const tradeoff = wins > 0 && losses > 0 ? ": a trade-off" : "";
  const basis =
    document.replications > 1
      ? `paired differences with 95 % intervals, ${document.replications} replications`
      : "one replication: no interval, hence no difference can be shown";
  const headline = `${candidate} against ${baseline.name}: ${parts.join(", ") || "nothing to compare"}${tradeoff}.`;
  const match = matchText(document, candidate);
  return {
    candidate,
    tone,
    sentence: match === "" ? headline : `${headline} ${match}`,
    headline,
    match,
    evidence: [...found.map((comparison) => numbersText(document, comparison)), basis].join("; "),
  };
}

function numbersText(document: ResultDocument, comparison: Comparison): string {
  const facts = metricFacts(comparison.metric);
  const halfWidth = comparison.halfWidth === null ? null : shownValue(comparison.halfWidth, facts);
  const change = formatChange(comparison.delta, document.policies[0].metrics[comparison.metric]);
  const name = facts.unit === "currency" ? (document.currency ?? "") : facts.unit;
  const unit = name === "" ? "" : ` ${name}`;
  const interval = formatInterval(shownValue(comparison.delta, facts), halfWidth, true);
  return `${facts.label} ${interval}${unit}${change === undefined ? "" : ` (${change})`}`;
}

/**
 * What a headline adds if costs were not compared at equal service: this fact, and the limits
 * that were reached. With `--frontier` it is the matched comparison itself.
 */
function matchText(document: ResultDocument, candidate: string): string {
  const { cost, service } = costAndService(document);
  if (cost === undefined || service === undefined) return "";
  const comparison = document.comparisons.find((one) => one.candidate === candidate && one.metric === service);
  if (comparison?.verdict === "same") return "";
  const limits = [document.policies[0], ...document.policies.filter(({ name }) => name === candidate)].flatMap(
    (policy) => bindingLimits(policy).map((limit) => `${policy.name} met ${limit}`),
  );
  const binding = limits.length === 0 ? "" : ` Limits that bound: ${limits.join(", ")}.`;
  const matched = document.frontier === undefined ? undefined : matchedText(document.frontier, candidate);
  if (matched !== undefined) return `${matched}${binding}`;
  return `Unmatched: they are not shown to serve alike; --frontier compares their costs at equal service.${binding}`;
}

/**
 * "At 1 % violating minutes: cost −11.5 ± 5.3 % (hpa: targetUtilisation 0.88; predictive: 1 −
 * quantile 0.2)."
 */
function matchedText(frontier: FrontierDocument, candidate: string): string | undefined {
  const [table] = frontier.costAtSlo;
  const rows = table.rows.filter(({ policy }) => policy === table.baseline || policy === candidate);
  const row = rows.find(({ policy }) => policy === candidate);
  if (row === undefined || row.relative === null) return undefined;
  const settings = rows.map((one) => `${one.policy}: ${settingText(frontier, one)}`).join("; ");
  return (
    `At ${formatNumber(100 * table.at, 2)} % violating minutes: ` +
    `${frontier.costMetric === "cost" ? "cost" : "streamlet-hours"} ${relativeText(row.relative)} (${settings}).`
  );
}

/** "Cost" → "cost", but "SLO violation" stays. */
function midSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}
