import { BACKTEST_LEVELS } from "../forecasting/backtest.js";
import { seasonSentence } from "../forecasting/season-sentence.js";
import type { TraceForecast } from "../forecasting/trace-forecast.js";
import { calibrationChart } from "./charts/calibration-chart.js";
import { fanChart } from "./charts/fan-chart.js";
import { errorCharts } from "./charts/forecast-error-charts.js";
import { type Html, html } from "./html.js";
import { formatDuration, formatNumber } from "./numbers.js";
import type { Page } from "./page.js";

const NINETY = BACKTEST_LEVELS.indexOf(0.9);

/** The report of a forecast as a page; `command` repeats it. */
export function forecastPage(result: TraceForecast, command: string): Page {
  const { series, plan } = result;
  const judgedMs = (series.values.length - plan.from) * series.binMs;
  const ahead = formatDuration(plan.leads[result.provisioned] * series.binMs);
  return {
    title: `Forecasts of ${result.trace}`,
    lead: `${series.values.length} bins of ${formatDuration(series.binMs)}; walk-forward over the last ${formatDuration(judgedMs)}, refitted every ${formatDuration(plan.refitEveryBins * series.binMs)}. No forecast saw what came after it. ${seasonSentence(series.binMs)}.`,
    sections: [
      {
        id: "verdict",
        title: "Which forecaster, and by how much",
        blocks: [
          { kind: "html", html: verdict(result, ahead) },
          ...plan.leads.map((_, j) => ({ kind: "html" as const, html: leadTable(result, j) })),
        ],
      },
      {
        id: "outlook",
        title: "What comes next",
        blocks: [{ kind: "charts", charts: [{ chart: fanChart(result), size: "full" }] }],
      },
      {
        id: "trust",
        title: "How far it can be trusted",
        blocks: [
          {
            kind: "charts",
            charts: [
              { chart: calibrationChart(result), size: "full" },
              ...errorCharts(result).map((chart) => ({ chart, size: "half" as const })),
            ],
          },
        ],
      },
      { id: "again", title: "Run it again", blocks: [{ kind: "html", html: html`<pre>${command}</pre>` }] },
    ],
    footer: `Headrace. Costs are newsvendor costs at 0.9: a request short costs nine times a request idle.${result.backend === undefined ? "" : ` The neural network was computed by ${result.backend}.`}`,
  };
}

function verdict(result: TraceForecast, ahead: string): Html {
  const lines = result.against.map(({ against, ratio, upper }) => {
    const change = formatNumber(Math.abs(1 - ratio) * 100, 3);
    const word = upper < 1 ? "" : " (not settled: the interval reaches 1)";
    return html`<small>${change} % below ${against}, cost ratio ${ratio.toFixed(3)}, at most ${upper.toFixed(3)} with 97.5 % confidence${word}</small>`;
  });
  const settled = result.against.every(({ upper }) => upper < 1);
  return html`<div class="verdicts"><div class="verdict ${settled ? "is-better" : ""}"><p>At ${ahead} ahead, <b>${result.champion}</b> is the cheapest forecaster to provision by${settled ? "" : ", though not by a margin that is settled against every other"}.</p>${lines}</div></div>`;
}

function leadTable(result: TraceForecast, j: number): Html {
  const { plan, series } = result;
  const order = [...result.models].sort((a, b) => a.scores[j].cost - b.scores[j].cost);
  const rows = order.map(({ model, scores, fitMs, stepMs }) => {
    const { mase, pinball, coverage, cost, forecasts } = scores[j];
    return html`<tr><th scope="row">${model}</th><td class="number">${mase.toFixed(3)}</td><td class="number">${formatNumber(pinball)}</td><td class="number">${coverage[NINETY].toFixed(3)}</td><td class="number">${formatNumber(cost)}</td><td class="number">${formatNumber(fitMs, 3)}</td><td class="number">${formatNumber(stepMs, 3)}</td><td class="number">${forecasts}</td></tr>
`;
  });
  const heading = [
    "MASE",
    "mean pinball",
    "share ≤ q0.9",
    "cost at 0.9",
    "fit, ms",
    "update + forecast, ms",
    "forecasts",
  ];
  return html`<p class="caption">${formatDuration(plan.leads[j] * series.binMs)} ahead${j === result.provisioned ? ", the lead that is provisioned for" : ""}. Cheapest first; pinball and cost in requests a bin; MASE 1 = as wrong as the value of the day before.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Scores ${formatDuration(plan.leads[j] * series.binMs)} ahead"><table>
<thead><tr><th scope="col">Forecaster</th>${heading.map((word) => html`<th scope="col" class="number">${word}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>
`;
}
