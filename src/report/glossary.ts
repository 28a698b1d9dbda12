import { reportTerms } from "../experiment/explanations/terms.js";
import type { ResultDocument } from "../experiment/result.js";
import { type Html, html } from "./html.js";
import { metricFacts, unitName } from "./numbers.js";

/** Definitions of the terms and of every metric in this result. */
export function glossary(document: ResultDocument): Html {
  const metrics = new Set(document.policies.flatMap((policy) => Object.keys(policy.metrics)));
  const defined = [...metrics].map((metric) => ({ metric, facts: metricFacts(metric) }));
  return html`<dl>${[...reportTerms].map(
    ([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>
`,
  )}${defined.map(({ metric, facts }) => {
    const unit = unitName(facts, document.currency);
    return html`<dt>${facts.label}</dt><dd>${facts.meaning}${unit === "" ? "" : `, in ${unit}`}
<code class="faint">${metric}</code></dd>
`;
  })}</dl>`;
}
