import type { Estimate, ResultDocument } from "../experiment/result.js";
import type { SloSpec } from "../world/scenario/sections/slo.js";
import { type Html, html } from "./html.js";
import { formatEstimate, formatNumber, metricFacts, unitName } from "./numbers.js";
import { type SeriesRow, seriesDimensions, seriesLatency, seriesRows } from "./series-service.js";

const AFTER_LATENCY = ["sloViolationMinutes", "rejectedRatio", "abandonedRatio", "interruptedRatio"];

/** Service by region, format and segment, one row per policy; undefined if it is not recorded. */
export function seriesTable(document: ResultDocument, slo: SloSpec | undefined): Html | undefined {
  const rows = seriesRows(document);
  if (rows.length === 0) return undefined;
  const dimensions = seriesDimensions(document);
  const { metric: latency, boundMs } = seriesLatency(slo);
  const metrics = ["arrivals", latency, ...AFTER_LATENCY].filter((metric) =>
    rows.some(({ series }) => series.metrics[metric] !== undefined),
  );
  const head = metrics.map((metric) => {
    const facts = metricFacts(metric);
    const unit = unitName(facts) === "" ? undefined : html` <span class="unit">${unitName(facts)}</span>`;
    return html`<th scope="col" class="number" title="${facts.meaning}">${facts.label}${unit}</th>`;
  });
  const names = dimensions.map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  const cells = ({ policy, series }: SeriesRow): readonly Html[] => [
    ...dimensions.slice(1).map((dimension) => html`<td>${series[dimension]}</td>`),
    html`<td>${policy}</td>`,
    ...metrics.map((metric) => metricCell(series.metrics[metric], metric, metric === latency ? boundMs : undefined)),
  ];
  const body = rows.map(
    (row) => html`<tr><th scope="row">${row.series[dimensions[0]]}</th>${cells(row)}</tr>
`,
  );
  const bound = boundMs === undefined ? "" : ` The SLO allows ${formatNumber(boundMs)} ms.`;
  return html`<p class="caption">Service of each part of the traffic, first attempts of the measured window. A minute
violates for a part when the requests of that part alone exceed the SLO.${bound}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Service by ${dimensions.join(", ")}"><table>
<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">Policy</th>${head}</tr></thead>
<tbody>${body}</tbody>
</table></div>
`;
}

/** The estimate; a latency is red if even the lower end of its interval is above the bound. */
function metricCell(estimate: Estimate | undefined, metric: string, boundMs: number | undefined): Html {
  if (estimate === undefined) return html`<td class="number">–</td>`;
  const isAbove = boundMs !== undefined && estimate.mean - (estimate.halfWidth ?? 0) > boundMs;
  const text = formatEstimate(estimate, metricFacts(metric));
  return isAbove ? html`<td class="number worse">${text}</td>` : html`<td class="number">${text}</td>`;
}
