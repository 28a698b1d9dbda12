import type { Estimate, ResultDocument, SloOutcome } from "../../experiment/result.js";
import { isSloMet } from "../../experiment/slo-verdict.js";

/** A result with its name on the page. */
export interface NamedResult {
  readonly name: string;
  readonly document: ResultDocument;
}

/** One policy of one result: a column of the table, a mark in the chart. */
export interface Side {
  readonly result: string;
  readonly policy: string;
  /** Unique over all sides. */
  readonly label: string;
  readonly currency: string | undefined;
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly slo: SloOutcome | undefined;
}

/** Several results side by side. */
export interface SideBySide {
  readonly sides: readonly Side[];
  /** Whether all simulated the same scenario from the same seed. */
  readonly isOneScenario: boolean;
  /** The summary of all results, in a sentence or two. */
  readonly sentence: string;
  /** Limits of the comparison, a sentence each. */
  readonly caveats: readonly string[];
}

export function sideBySide(results: readonly NamedResult[]): SideBySide {
  const sides = results.flatMap(({ name, document }) =>
    document.policies.map(({ name: policy, metrics, slo }) => {
      const label = results.length === 1 ? policy : document.policies.length === 1 ? name : `${name} · ${policy}`;
      return { result: name, policy, label, currency: document.currency, metrics, slo };
    }),
  );
  const worlds = new Set(results.map(({ document }) => `${document.scenario.hash} ${document.seed}`));
  const isOneScenario = worlds.size === 1;
  return { sides, isOneScenario, sentence: sentenceOf(results, sides, isOneScenario), caveats: caveatsOf(results) };
}

/**
 * Names the cheapest side that meets its SLO, but only if all had the same arrivals; other
 * results are shown side by side without a ranking.
 */
function sentenceOf(results: readonly NamedResult[], sides: readonly Side[], isOneScenario: boolean): string {
  const judged = sides.flatMap(({ label, slo }) => (slo === undefined ? [] : [{ label, met: isSloMet(slo) }]));
  const met = judged.filter((one) => one.met).map((one) => one.label);
  const slo =
    judged.length === 0
      ? ""
      : met.length === 0
        ? " None of them meets its SLO."
        : ` ${met.join(", ")} ${met.length === 1 ? "meets" : "meet"} the SLO.`;
  const count = `${results.length} ${results.length === 1 ? "result" : "results"}`;
  if (!isOneScenario) return `${count} of different scenarios or seeds stand side by side; none is ranked.${slo}`;
  const metric = sides.every((side) => side.metrics.cost !== undefined) ? "cost" : "streamletHours";
  const eligible = judged.length === 0 ? sides : sides.filter(({ label }) => met.includes(label));
  const priced = eligible.filter((side) => side.metrics[metric] !== undefined);
  if (priced.length < 2) return `${count} of one scenario.${slo}`;
  const cheapest = priced.reduce((best, one) => (one.metrics[metric].mean < best.metrics[metric].mean ? one : best));
  const among = judged.length === 0 ? "" : " of those that meet the SLO";
  const others = priced.filter((one) => one !== cheapest);
  const alike = others.filter((one) => !isApart(cheapest.metrics[metric], one.metrics[metric])).map((one) => one.label);
  const noise = alike.length === 0 ? "" : `, but its lead over ${alike.join(", ")} is not shown to exceed the noise`;
  return `${count} of one scenario.${slo} ${cheapest.label} costs least${among}, by its mean${noise}.`;
}

/** Whether two intervals lie apart. One run has none: nothing can be shown from it. */
function isApart(low: Estimate, high: Estimate): boolean {
  if (low.halfWidth === null || high.halfWidth === null) return false;
  return low.mean + low.halfWidth < high.mean - high.halfWidth;
}

function caveatsOf(results: readonly NamedResult[]): string[] {
  const distinct = (of: (document: ResultDocument) => string | number | undefined): number =>
    new Set(results.map(({ document }) => of(document))).size;
  return [
    ...(distinct((document) => document.scenario.hash) > 1
      ? ["The scenarios differ: a difference may come from them, not from the policies."]
      : []),
    ...(distinct((document) => document.seed) > 1 ? ["The seeds differ: the results met other arrivals."] : []),
    ...(distinct((document) => document.version) > 1 ? ["They come from different versions of headrace."] : []),
    ...(distinct((document) => document.currency) > 1 ? ["Their money differs: costs cannot be compared."] : []),
    "Figures cover each result's own measured window. headrace diff says which differences exceed the noise.",
  ];
}
