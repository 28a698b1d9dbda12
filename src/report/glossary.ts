import type { ResultDocument } from "../experiment/result.js";
import { type Html, html } from "./html.js";
import { metricFacts, unitName } from "./numbers.js";

const TERMS: readonly (readonly [string, string])[] = [
  [
    "Measured window",
    "from the end of the warm-up to the end of the run; every metric counts only this. Ratios divide by the first-attempt arrivals in it.",
  ],
  ["Demand", "open streams plus requests that wait for a slot."],
  ["Capacity", "slots on streamlets that are ready; spawning and draining ones do not count."],
  [
    "± (95 % interval)",
    "with repeated experiments, 95 % of such intervals would hold the true value. Student’s t over independent replications for means, the jackknife for ratios, Woodruff’s interval for percentiles.",
  ],
  ["Difference", "candidate − baseline within each replication, then averaged: what both met alike drops out."],
  [
    "≥ (at least)",
    "a percentile that lies beyond what the run shows, since too many requests still wait at its end: the longest wait seen.",
  ],
  [
    "SLO: met in 8 of 12 (35–90 %)",
    "in so many replications the start-latency percentile and the ratios hold over the whole measured window and the violating minutes stay within their budget; in brackets the exact binomial interval (Clopper and Pearson, 95 %). Proved: the one-sided 95 % lower bound reaches the demanded share; 59 of 59 prove 95 %.",
  ],
  [
    "Violating minute",
    "among the requests that arrived in it, the start-latency percentile or a ratio exceeds its bound. Who gave up, or still waits at the end, after more than the bound counts as late.",
  ],
  ["better, worse", "the paired interval lies wholly on one side of zero."],
  [
    "no difference shown",
    "the paired interval holds zero. It does not say that there is none: more replications may show it.",
  ],
  [
    "same",
    "the difference is at the level of rounding; “same within 1 %”: the interval lies within 1 % of the baseline.",
  ],
  ["cannot tell", "one replication has no interval, or a policy failed."],
  [
    "✓",
    "the word survives a test over all verdicts of the table: the chance that any word so marked is false is at most 5 %.",
  ],
];

/** Definitions of the terms and of every metric in this result. */
export function glossary(document: ResultDocument): Html {
  const metrics = new Set(document.policies.flatMap((policy) => Object.keys(policy.metrics)));
  const defined = [...metrics].map((metric) => ({ metric, facts: metricFacts(metric) }));
  return html`<dl>${TERMS.map(
    ([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>
`,
  )}${defined.map(({ metric, facts }) => {
    const unit = unitName(facts, document.currency);
    return html`<dt>${facts.label}</dt><dd>${facts.meaning}${unit === "" ? "" : `, in ${unit}`} <code class="faint">${metric}</code></dd>
`;
  })}</dl>`;
}
