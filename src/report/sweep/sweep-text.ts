import type { SettingFigures, SettingValues, SweepBest, SweepDocument } from "../../experiment/sweep/sweep-document.js";
import { formatInterval, formatNumber } from "../numbers.js";

/** Settings shown on the terminal, the cheapest that meet the SLO first. */
const MOST_SHOWN = 10;

/** "fleet.max 200, policies.hpa.targetUtilisation 0.7"; no axis may concern a policy. */
export function valuesText(values: SettingValues): string {
  if (Object.keys(values).length === 0) return "the scenario's values";
  return Object.entries(values)
    .map(([path, value]) => `${path} ${value}`)
    .join(", ");
}

/** "streamlet-hours", or "cost" with the currency where there is one. */
export function costName({ best, currency }: SweepDocument): string {
  if (best?.costMetric === "streamletHours") return "streamlet-hours";
  return currency === undefined ? "cost" : `cost (${currency})`;
}

/** The answer in a sentence, with its proof. */
export function bestSentence(document: SweepDocument): string {
  const { best, currency, settings } = document;
  if (best === null && settings.length > 0)
    return "There is no result: the policy failed in each setting that has all its runs.";
  if (best === null) return "There is no result yet: no setting has all its runs.";
  const unit = best.costMetric === "cost" && currency !== undefined ? ` ${currency}` : "";
  const what = best.costMetric === "cost" ? "cost" : "streamlet-hours";
  const cost = `${what} ${formatInterval(best.cost.mean, best.cost.halfWidth)}${unit}`;
  const named = `${best.policy} at ${valuesText(best.values)}`;
  if (best.meets === false)
    return `No setting meets the SLO. Nearest: ${named}, met in ${best.slo?.met} of ${best.slo?.of} runs, ${cost}.`;
  const slo = best.slo === null ? "" : `, SLO met in ${best.slo.met} of ${best.slo.of} runs`;
  return `Best: ${named}: ${cost}${slo}. ${runnerUpSentence(best, unit)}`;
}

function runnerUpSentence({ runnerUp }: SweepBest, unit: string): string {
  if (runnerUp === null) return "No other setting meets the SLO.";
  const { delta, halfWidth } = runnerUp;
  const next = `${runnerUp.policy} at ${valuesText(runnerUp.values)}`;
  if (delta === 0 && halfWidth === 0) return `The next, ${next}, costs exactly as much.`;
  const difference = formatInterval(delta, halfWidth, true);
  const shown = halfWidth !== null && delta > halfWidth;
  return shown
    ? `The next, ${next}, costs ${formatInterval(delta, halfWidth)}${unit} more.`
    : `The next, ${next}, is not shown to be dearer (${difference}${unit}).`;
}

/** What the terminal shows. */
export function sweepText(document: SweepDocument): string {
  const { runs, done, failed, hash } = document;
  const lines = [
    bestSentence(document),
    "",
    `${formatNumber(done, 7)} of ${formatNumber(runs, 7)} runs ` +
      `done${failed > 0 ? `, ${failed} failed` : ""}; results ${hash.slice(0, 16)}`,
  ];
  const ranked = document.settings.toSorted((a, b) => rank(a) - rank(b) || a.cost.mean - b.cost.mean);
  if (ranked.length > 1) lines.push("");
  for (const setting of ranked.slice(0, MOST_SHOWN)) {
    const slo = setting.slo === null ? "" : `  met ${setting.slo.met}/${setting.slo.of}`;
    const cost = formatInterval(setting.cost.mean, setting.cost.halfWidth);
    lines.push(`  ${setting.policy}  ${valuesText(setting.values)}  ${cost}${slo}`);
  }
  if (ranked.length > MOST_SHOWN) lines.push(`  … and ${ranked.length - MOST_SHOWN} more`);
  return lines.join("\n");
}

function rank({ meets, slo }: SettingFigures): number {
  return meets === false && slo !== null ? 1 - slo.met / slo.of : 0;
}
