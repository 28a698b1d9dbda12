import { basename } from "node:path";
import { packageVersion } from "../experiment/version.js";
import { BACKTEST_LEVELS } from "../forecasting/backtest.js";
import { seasonSentence } from "../forecasting/season-sentence.js";
import type { TraceForecast } from "../forecasting/trace-forecast.js";
import type { Answer } from "./answer.js";
import { calibrationChart } from "./charts/calibration-chart.js";
import { fanChart } from "./charts/fan-chart.js";
import { errorCharts } from "./charts/forecast-error-charts.js";
import { type Html, html } from "./html.js";
import { formatColumn, formatDuration, formatFixed } from "./numbers.js";
import type { Page } from "./page.js";
import { block, charts, half, intro } from "./page-blocks.js";

/** The answer shows the closest forecasters; the tables show all. */
const MOST_PROOFS = 3;
const NINETY = BACKTEST_LEVELS.indexOf(0.9);

/** The report of a forecast as a page; `command` repeats it. */
export function forecastPage(result: TraceForecast, command: string): Page {
  const { series, plan } = result;
  const judgedMs = (series.values.length - plan.from) * series.binMs;
  const ahead = formatDuration(plan.leads[result.provisioned] * series.binMs);
  const backend = result.backend === undefined ? "" : ` · the neural network was computed by ${result.backend}`;
  return {
    title: `Forecasts of ${basename(result.trace)}`,
    lead:
      `${formatFixed(series.values.length, 0)} bins of ${formatDuration(series.binMs)} ` +
      `· judged over the last ${formatDuration(judgedMs)}`,
    answer: forecastAnswer(result, ahead),
    pictures: [fanChart(result), calibrationChart(result)].map(half),
    sections: [
      {
        id: "trust",
        title: "When it is wrong",
        blocks: [charts(errorCharts(result).map(half))],
      },
      {
        id: "scores",
        title: "Evidence: every forecaster",
        blocks: plan.leads.map((_, j) => block(leadTable(result, j))),
      },
      {
        id: "again",
        title: "Validation, and how to repeat it",
        blocks: [
          intro(
            `Walk-forward over the last ${formatDuration(judgedMs)}, refitted every ` +
              `${formatDuration(plan.refitEveryBins * series.binMs)}: no forecast used later values.`,
          ),
          block(html`<pre tabindex="0"><code>${command}</code></pre>`),
        ],
      },
    ],
    footer: `headrace ${packageVersion()}${backend}`,
  };
}

/** Which forecaster is the cheapest to provision by, and by how much. */
function forecastAnswer(result: TraceForecast, ahead: string): Answer {
  const { champion, against, series } = result;
  const isSettled = against.every(({ upper }) => upper < 1);
  const nearest = against.toSorted((a, b) => b.ratio - a.ratio).slice(0, MOST_PROOFS);
  const open = against.filter(({ upper }) => upper >= 1).map((one) => one.against);
  const lead = isSettled ? "" : `, but its lead over ${open.join(" and ")} is not settled`;
  return {
    tone: isSettled ? "better" : "even",
    sentence:
      `At ${ahead} ahead, ${champion} ` +
      `${isSettled ? "is the cheapest forecaster" : "costs least"} to provision by${lead}.`,
    proof: nearest.map(({ against: other, ratio, upper }) => {
      const change = formatFixed(Math.abs(1 - ratio) * 100, 1);
      return (
        `${change} % ${ratio <= 1 ? "below" : "above"} ${other} (cost ratio ` +
        `${ratio.toFixed(3)}, at most ${upper.toFixed(3)} with 97.5 % confidence)`
      );
    }),
    caveats: [
      isSettled ? "" : "A lead is not settled where the interval of its cost ratio reaches 1.",
      `${seasonSentence(series.binMs)}.`,
      "Costs are newsvendor costs at 0.9: a request too few costs nine times a request too many.",
    ],
  };
}

function leadTable(result: TraceForecast, j: number): Html {
  const { plan, series } = result;
  const order = [...result.models].sort((a, b) => a.scores[j].cost - b.scores[j].cost);
  const scored = order.map(({ scores }) => scores[j]);
  const columns = [
    scored.map(({ mase }) => mase.toFixed(3)),
    formatColumn(
      scored.map(({ pinball }) => pinball),
      4,
    ),
    scored.map(({ coverage }) => coverage[NINETY].toFixed(3)),
    formatColumn(
      scored.map(({ cost }) => cost),
      4,
    ),
    ...[order.map(({ fitMs }) => fitMs), order.map(({ stepMs }) => stepMs)].map((times) => formatColumn(times, 3)),
    scored.map(({ forecasts }) => formatFixed(forecasts, 0)),
  ];
  const cells = (row: number): Html[] => columns.map((column) => html`<td class="number">${column[row]}</td>`);
  const rows = order.map(({ model }, row) => html`<tr><th scope="row">${model}</th>${cells(row)}</tr>\n`);
  const heading = [
    "MASE",
    "mean pinball",
    "share ≤ q0.9",
    "cost at 0.9",
    "fit, ms",
    "update + forecast, ms",
    "forecasts",
  ];
  return html`<p class="caption">${formatDuration(plan.leads[j] * series.binMs)}
ahead${j === result.provisioned ? ", the lead that is provisioned for" : ""}. Cheapest first; pinball and cost in
requests a bin; MASE 1 = as wrong as the value of the day before.</p>
<div class="scroll" tabindex="0" role="region"
aria-label="Scores ${formatDuration(plan.leads[j] * series.binMs)} ahead"><table>
<thead><tr><th scope="col">Forecaster</th>${heading.map(
    (word) => html`<th scope="col"
class="number">${word}</th>`,
  )}</tr></thead>
<tbody>${rows}</tbody>
</table></div>
`;
}
