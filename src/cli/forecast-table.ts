import { formatDuration } from "../base/units.js";
import { BACKTEST_LEVELS } from "../forecasting/backtest.js";
import { seasonSentence } from "../forecasting/season-sentence.js";
import type { TraceForecast } from "../forecasting/trace-forecast.js";

const NINETY = BACKTEST_LEVELS.indexOf(0.9);
const COLUMNS = ["model", "MASE", "pinball", "≤ q90", "cost at 0.9", "fit", "step"];
const WIDTHS = [22, 8, 10, 8, 13, 11, 10];

/**
 * A block per lead: every model with its errors, coverage, cost and time; then the winner at the
 * provisioned lead.
 */
export function forecastTable(result: TraceForecast): string {
  const { series, plan } = result;
  const judged = series.values.length - plan.from;
  const lines = [
    `${result.trace}: ${series.values.length} bins of ${formatDuration(series.binMs)}; the last ` +
      `${judged} judged, refitted every ${formatDuration(plan.refitEveryBins * series.binMs)}`,
    seasonSentence(series.binMs),
  ];
  plan.leads.forEach((lead, j) => {
    const mark = j === result.provisioned ? " (provisioned)" : "";
    lines.push("", `${formatDuration(lead * series.binMs)} ahead${mark}`, row(COLUMNS));
    const order = [...result.models].sort((a, b) => a.scores[j].cost - b.scores[j].cost);
    for (const { model, scores, fitMs, stepMs } of order) {
      const { mase, pinball, coverage, cost } = scores[j];
      const times = [`${fitMs.toFixed(1)} ms`, `${stepMs.toFixed(2)} ms`];
      lines.push(row([model, mase.toFixed(3), shown(pinball), coverage[NINETY].toFixed(3), shown(cost), ...times]));
    }
  });
  lines.push("", ...verdictLines(result));
  return lines.join("\n");
}

function verdictLines(result: TraceForecast): string[] {
  const ahead = formatDuration(result.plan.leads[result.provisioned] * result.series.binMs);
  const head = `Champion at ${ahead} ahead: ${result.champion}`;
  const against = result.against.map(({ against: other, ratio, upper }) => {
    const word = upper < 1 ? "cheaper" : "not settled";
    return `  cost against ${other}: × ${ratio.toFixed(3)}, at most × ${upper.toFixed(3)} (97.5 %): ${word}`;
  });
  const backend = result.backend === undefined ? [] : [`Neural network computed by ${result.backend}`];
  return [head, ...against, ...backend];
}

function shown(value: number): string {
  return Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : "–";
}

function row(cells: readonly string[]): string {
  return cells.map((cell, c) => (c === 0 ? cell.padEnd(WIDTHS[c]) : cell.padStart(WIDTHS[c]))).join("");
}
