import type { Comparison } from "../../experiment/comparison.js";
import type { ResultDocument } from "../../experiment/result.js";
import type { Chart } from "../chart.js";
import { WORD_COLOURS } from "../chart-theme.js";
import { chartNumber, formatChange, formatInterval, metricFacts, shownValue, unitName } from "../numbers.js";
import { type IntervalRow, type IntervalWord, intervalSpec } from "./interval-chart.js";

/** Drawn with shapes as well, so that colour is never the only mark. */
const WORDS: readonly IntervalWord[] = [
  { word: "better", colour: WORD_COLOURS.better, shape: "circle" },
  { word: "no difference shown or same", colour: WORD_COLOURS.even, shape: "square" },
  { word: "worse", colour: WORD_COLOURS.worse, shape: "triangle-up" },
];
/** A difference beyond this is an arrow at the edge with its number. */
const EDGE_PERCENT = 150;
/** The axis reaches at least this far on both sides, so that a small difference looks small. */
const LEAST_REACH_PERCENT = 10;

/**
 * Relative paired differences with their intervals, one chart per candidate. Metrics that are
 * good in neither direction are left out. A metric with a baseline near zero has no meaningful
 * percentage: the caption gives it in its own unit.
 */
export function differenceCharts(document: ResultDocument, keys: readonly string[]): Chart[] {
  const [baseline, ...candidates] = document.policies;
  return candidates.flatMap((candidate, c) => {
    const { rows, nearZero } = differenceRows(document, candidate.name);
    if (rows.length === 0) return [];
    const shapes = "Paired differences with their 95 % intervals: ● better, ■ no difference shown or same, ▲ worse.";
    const isBeyond = rows.some(({ low, high }) => Math.max(-low, high) > EDGE_PERCENT);
    const beyond = isBeyond ? ` An arrow marks what lies beyond ±${EDGE_PERCENT} %.` : "";
    const left =
      nearZero.length === 0 ? "" : ` No percentage, since the baseline is near zero: ${nearZero.join("; ")}.`;
    return [
      {
        name: `difference-${keys[c + 1]}`,
        title: `${candidate.name} against ${baseline.name}`,
        policy: candidate.name,
        caption: `${shapes}${beyond}${left}`,
        description:
          `Paired differences of ${candidate.name} from ${baseline.name} in per cent: ` +
          `${rows.map((row) => `${row.metric} ${row.change} ${row.word}`).join(", ")}.`,
        spec: intervalSpec({
          rows,
          words: WORDS,
          edge: EDGE_PERCENT,
          leastReach: LEAST_REACH_PERCENT,
          axisTitle: "difference from the baseline",
          labelExpr: "datum.value === 0 ? '0' : replace(format(datum.value, '+~r'), '-', '−') + ' %'",
        }),
      },
    ];
  });
}

interface FoundRows {
  readonly rows: readonly IntervalRow[];
  /** "SLO violation +0.3 ± 0.5 min". */
  readonly nearZero: readonly string[];
}

function differenceRows(document: ResultDocument, candidate: string): FoundRows {
  const rows: IntervalRow[] = [];
  const nearZero: string[] = [];
  for (const comparison of document.comparisons) {
    if (comparison.candidate !== candidate || comparison.verdict === undefined || comparison.halfWidth === null)
      continue;
    const base = document.policies[0].metrics[comparison.metric];
    const change = base === undefined ? undefined : formatChange(comparison.delta, base);
    if (base !== undefined && change !== undefined) rows.push(rowOf(comparison, base.mean, change));
    else if (comparison.delta !== 0) nearZero.push(absoluteText(comparison, document.currency));
  }
  return { rows, nearZero };
}

function absoluteText({ metric, delta, halfWidth }: Comparison, currency: string | undefined): string {
  const facts = metricFacts(metric);
  const width = halfWidth === null ? null : shownValue(halfWidth, facts);
  return `${facts.label} ${formatInterval(shownValue(delta, facts), width, true)} ${unitName(facts, currency)}`.trim();
}

function rowOf(comparison: Comparison, base: number, change: string): IntervalRow {
  const { metric, delta, better } = comparison;
  const halfWidth = comparison.halfWidth ?? 0;
  const facts = metricFacts(metric);
  const percent = (value: number): number => chartNumber((100 * value) / Math.abs(base));
  return {
    metric: facts.label,
    mean: percent(delta),
    low: percent(delta - halfWidth),
    high: percent(delta + halfWidth),
    word: WORDS[better === null ? 1 : better ? 0 : 2].word,
    text: formatInterval(shownValue(delta, facts), shownValue(halfWidth, facts), true),
    change,
  };
}
