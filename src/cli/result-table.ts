import { verdictText } from "../base/paired-verdict.js";
import { formatCount } from "../base/units.js";
import { caveatsOf } from "../control/policies/caveats.js";
import { type Comparison, LEAST_FAMILYWISE, wordsByChance } from "../experiment/comparison.js";
import { metricCatalogue } from "../experiment/metric-catalogue.js";
import { moduleSentences } from "../experiment/policy-failures.js";
import type { Estimate, ResultDocument } from "../experiment/result.js";
import { shortSloText } from "../experiment/slo-verdict.js";
import { verdicts, warmupNote } from "../report/verdict.js";

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
const LABEL_WIDTH = 21;
const COLUMN_WIDTH = 27;

/** A table per candidate: each metric with its 95 % interval, the paired difference with its own, and a word. */
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
  return [
    row("", policy.name),
    ...sloRow(policy),
    ...rowsOf(policy).map((metric) => row(labelOf(metric, currency), interval(metric, policy.metrics[metric]))),
  ];
}

function pair(document: ResultDocument, baseline: Policy, candidate: Policy): string[] {
  const comparisons = document.comparisons.filter((comparison) => comparison.candidate === candidate.name);
  const lines = rowsOf(baseline).map((metric) => {
    const comparison = comparisons.find((one) => one.metric === metric);
    const difference = comparison === undefined ? "" : differenceText(comparison, baseline.metrics[metric].mean);
    return row(
      labelOf(metric, document.currency),
      interval(metric, baseline.metrics[metric]),
      candidate.metrics[metric] === undefined ? "–" : interval(metric, candidate.metrics[metric]),
      difference,
      wordOf(comparison, baseline.metrics[metric].mean),
    );
  });
  return [
    row("", `${baseline.name} (baseline)`, candidate.name, "difference"),
    "─".repeat(LABEL_WIDTH + 3 * COLUMN_WIDTH + 20),
    ...sloRow(baseline, candidate),
    ...lines,
  ];
}

/** In how many replications each policy meets the SLO, with the exact interval; none without an SLO. */
function sloRow(...policies: readonly Policy[]): string[] {
  if (policies.every(({ slo }) => slo === undefined)) return [];
  return [row("SLO", ...policies.map(({ slo }) => (slo === undefined ? "–" : shortSloText(slo))))];
}

function rowsOf(policy: Policy): string[] {
  return SHOWN.filter((metric) => policy.metrics[metric] !== undefined);
}

function labelOf(metric: string, currency: string | undefined): string {
  const { label, unit } = metricCatalogue[metric];
  const name = unit === "currency" ? currency : unit;
  return name === undefined || name === "" ? label : `${label} (${name})`;
}

function row(label: string, ...cells: readonly string[]): string {
  return `${label.padEnd(LABEL_WIDTH + 4)}${cells.map((cell) => cell.padEnd(COLUMN_WIDTH - 2)).join("")}`.trimEnd();
}

/** A metric that is good in neither direction has no word. */
function wordOf(comparison: Comparison | undefined, baseline: number): string {
  if (comparison?.verdict === undefined) return "";
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
  const width = estimate.halfWidth === null ? "" : ` ± ${number(metric, estimate.halfWidth)}`;
  return `${estimate.atLeast === true ? "≥ " : ""}${number(metric, estimate.mean)}${width}`;
}

/** Sums that are added up in another order differ by about 1e-15 of themselves: that is no difference. */
const ROUNDING = 1e-12;

function differenceText(comparison: Comparison, base: number): string {
  const shown = (value: number): number => (Math.abs(value) <= ROUNDING * Math.abs(base) ? 0 : value);
  const delta = shown(comparison.delta);
  const width = comparison.halfWidth === null ? "" : ` ± ${number(comparison.metric, shown(comparison.halfWidth))}`;
  return `${delta > 0 ? "+" : ""}${number(comparison.metric, delta)}${width}`;
}

/** Ratios as per cent; four significant digits, whole thousands apart. */
function number(metric: string, value: number): string {
  const scaled = metricCatalogue[metric].unit === "%" ? value * 100 : value;
  if (scaled === 0) return "0";
  const magnitude = Math.abs(scaled);
  if (magnitude >= 10_000) return `${scaled < 0 ? "-" : ""}${formatCount(magnitude)}`;
  if (magnitude < 0.0005) return scaled.toExponential(1);
  return String(Number(scaled.toPrecision(magnitude >= 1000 ? 5 : 3)));
}
