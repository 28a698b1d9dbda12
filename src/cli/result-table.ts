import { verdictText } from "../base/paired-verdict.js";
import { caveatsOf } from "../control/policies/caveats.js";
import { type Comparison, LEAST_FAMILYWISE, wordsByChance } from "../experiment/comparison.js";
import { metricCatalogue } from "../experiment/metric-catalogue.js";
import { moduleSentences } from "../experiment/policy-failures.js";
import type { Estimate, ResultDocument } from "../experiment/result.js";
import { shortSloText } from "../experiment/slo-verdict.js";
import { formatEstimate, formatInterval, shownValue } from "../report/numbers.js";
import { verdicts, warmupNote } from "../report/verdict.js";
import { columns } from "./columns.js";

/** What the terminal shows; the report and the JSON have all. */
const SHOWN = [
  "cost",
  "sloViolationMinutes",
  "startLatencyMsMean",
  "startLatencyMsP99",
  "waitProbability",
  "rejectedRatio",
  "abandonedRatio",
  "unservedRatio",
  "interruptedRatio",
  "utilisationMean",
  "streamletHours",
  "regretRatio",
  "streamletsReadyMean",
  "openStreamsMean",
  "spawns",
  "crashes",
  "arrivals",
];
/**
 * A table per candidate: each metric with its 95 % interval, the paired difference with its own,
 * and a word.
 */
export function renderTable(document: ResultDocument): string {
  const [baseline, ...candidates] = document.policies;
  const { replications } = document;
  const runs =
    replications === 1 ? "1 replication, so no intervals" : `${replications} paired replications, 95 % intervals`;
  const head = `${document.scenario.name}: ${runs}, seed ${document.seed}`;
  const caveats = caveatsOf(document.policies).flatMap((caveat) => ["", caveat]);
  const warmup = [warmupNote(document)].filter((note) => note !== "");
  const findings = moduleSentences(document).flatMap((sentence) => ["", sentence]);
  if (candidates.length === 0)
    return [head, ...findings, "", ...single(baseline, document.currency), ...warmup, ...caveats].join("\n");
  const pairs = candidates.flatMap((candidate) => ["", ...pair(document, baseline, candidate)]);
  const headlines = verdicts(document).flatMap(({ candidate, sentence }) => (candidate === "" ? [] : [sentence]));
  const notes = [...headlines, ...chanceLines(document), ...warmup];
  return [head, ...findings, ...pairs, "", ...notes, ...caveats].join("\n");
}

type Policy = ResultDocument["policies"][number];

function single(policy: Policy, currency: string | undefined): string[] {
  return columns([
    ["", policy.name],
    ...sloRow(policy),
    ...rowsOf(policy).map((metric) => [labelOf(metric, currency), interval(metric, policy.metrics[metric])]),
  ]);
}

function pair(document: ResultDocument, baseline: Policy, candidate: Policy): string[] {
  const comparisons = document.comparisons.filter((comparison) => comparison.candidate === candidate.name);
  const lines = rowsOf(baseline, candidate).map((metric) => {
    const comparison = comparisons.find((one) => one.metric === metric);
    const base = baseline.metrics[metric];
    return [
      labelOf(metric, document.currency),
      ...[base, candidate.metrics[metric]].map((one) => (one === undefined ? "–" : interval(metric, one))),
      comparison === undefined ? "" : differenceText(comparison, base.mean),
      comparison === undefined ? "" : wordOf(comparison, base.mean),
    ];
  });
  const head = ["", `${baseline.name} (baseline)`, candidate.name, "difference"];
  const [heading, ...table] = columns([head, ...sloRow(baseline, candidate), ...lines]);
  return [heading, "─".repeat(Math.max(...table.map((line) => line.length))), ...table];
}

/**
 * In how many replications each policy meets the SLO, with the exact interval; none without an SLO.
 */
function sloRow(...policies: readonly Policy[]): string[][] {
  if (policies.every(({ slo }) => slo === undefined)) return [];
  return [["SLO", ...policies.map(({ slo }) => (slo === undefined ? "–" : shortSloText(slo)))]];
}

/** What at least one of the policies has: a start latency is there only where a request started. */
function rowsOf(...policies: readonly Policy[]): string[] {
  return SHOWN.filter((metric) => policies.some(({ metrics }) => metrics[metric] !== undefined));
}

function labelOf(metric: string, currency: string | undefined): string {
  const { label, unit } = metricCatalogue[metric];
  const name = unit === "currency" ? currency : unit;
  return name === undefined || name === "" ? label : `${label} (${name})`;
}

/** A metric that is good in neither direction has no word. */
function wordOf(comparison: Comparison, baseline: number): string {
  if (comparison.verdict === undefined) return "";
  const { verdict, delta, halfWidth, familywise } = comparison;
  const text = verdictText(verdict, { delta, halfWidth, baseline, candidate: baseline + delta });
  return familywise === true ? `${text} *` : text;
}

/** How far the words can be trusted, taken together. */
function chanceLines({ comparisons, replications }: ResultDocument): string[] {
  if (replications === 1) return ["One replication cannot tell: run more for a verdict (--replications)."];
  const { verdicts, words } = wordsByChance(comparisons);
  if (verdicts === 0) return [];
  const mark =
    replications < LEAST_FAMILYWISE
      ? `Fewer than ${LEAST_FAMILYWISE} replications cannot prove a word against that.`
      : "* marks those that survive a test over all of them (step-down max-T, 5 %).";
  return [`Of ${verdicts} verdicts, chance alone would give about ${words.toFixed(1)} better or worse. ${mark}`];
}

function interval(metric: string, estimate: Estimate): string {
  return formatEstimate(estimate, metricCatalogue[metric]);
}

/**
 * Sums that are added up in another order differ by about 1e-15 of themselves: that is no
 * difference.
 */
const ROUNDING = 1e-12;

function differenceText(comparison: Comparison, base: number): string {
  const facts = metricCatalogue[comparison.metric];
  const shown = (value: number): number =>
    Math.abs(value) <= ROUNDING * Math.abs(base) ? 0 : shownValue(value, facts);
  const halfWidth = comparison.halfWidth === null ? null : shown(comparison.halfWidth);
  return formatInterval(shown(comparison.delta), halfWidth, true);
}
