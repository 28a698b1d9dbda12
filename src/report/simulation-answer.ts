import { bindingLimits } from "../experiment/binding-limits.js";
import { HOURS_PER_MONTH } from "../experiment/plan/month.js";
import type { Estimate, ResultDocument, SloOutcome } from "../experiment/result.js";
import { isSloMet } from "../experiment/slo-verdict.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { Answer } from "./answer.js";
import { type Html, html } from "./html.js";
import { formatEstimate, formatInterval, formatNumber, metricFacts } from "./numbers.js";
import { chanceNote, costAndService, verdicts, warmupNote } from "./verdict.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

type PolicyResult = ResultDocument["policies"][number];

/**
 * The first screen of a simulation: whether the SLO is met, how the policies compare, the money.
 */
export function simulationAnswer(document: ResultDocument, scenario: Scenario): Answer {
  const found = verdicts(document);
  const sentences = found.filter(({ candidate }) => candidate === "" || document.policies.length > 1);
  const compared = sentences.map(({ headline }) => headline);
  const slo = sloSentence(document, scenario);
  const alone = document.policies.length === 1 ? document.policies[0].name : undefined;
  const sentence = [slo, ...compared].filter((text) => text !== "").join(" ");
  return {
    tone: toneOf(document, found),
    sentence: sentence === "" ? `${alone} ran alone: its figures are below.` : sentence,
    proof: found.map(({ evidence }) => evidence),
    caveats: [
      ...new Set(found.map(({ match }) => match)),
      ...(document.replications === 1 ? ["One replication: no interval, and no difference can be shown."] : []),
      chanceNote(document),
      warmupNote(document),
      monthNote(document, scenario),
    ],
    figures: scoreboard(document, scenario),
  };
}

function toneOf({ policies }: ResultDocument, found: readonly { readonly tone: Answer["tone"] }[]): Answer["tone"] {
  const judged = policies.flatMap(({ slo }) => (slo === undefined ? [] : [isSloMet(slo)]));
  if (judged.length > 0 && !judged.includes(true)) return "worse";
  // A cheaper policy that alone misses the SLO is no better one.
  if (judged[0] === true && judged.includes(false)) return "even";
  const tones = new Set(found.map(({ tone }) => tone));
  if (policies.length > 1) return tones.size === 1 ? [...tones][0] : "even";
  return judged.includes(true) ? "better" : "even";
}

/**
 * "The SLO is missed: hpa meets it on 8 of 10 simulated days, predictive on 7 of 10; 95 % are
 * demanded."
 */
function sloSentence(document: ResultDocument, scenario: Scenario): string {
  const judged = document.policies.flatMap(({ name, slo }) => (slo === undefined ? [] : [{ name, slo }]));
  if (judged.length === 0) return "";
  const run = scenario.durationMs === DAY_MS ? "simulated day" : "simulated run";
  const runs = document.replications === 1 ? run : `${run}s`;
  const list = judged.map(
    ({ name, slo }, i) => `${name} ${i === 0 ? "meets it " : ""}on ${daysText(slo, i === 0 ? runs : "")}`,
  );
  const met = judged.filter(({ slo }) => isSloMet(slo)).map(({ name }) => name);
  const demanded = `${formatNumber(judged[0].slo.days * 100)} % are demanded`;
  const all = judged.length === 1 ? "" : judged.length === 2 ? " by both" : " by all";
  const verdict =
    met.length === 0
      ? `The SLO is missed${all}`
      : met.length === judged.length
        ? `The SLO is met${all}`
        : `The SLO is met by ${met.join(" and ")} only`;
  return `${verdict}: ${list.join(", ")}; ${demanded}.`;
}

function daysText({ met, of }: SloOutcome, unit: string): string {
  return `${met} of ${of}${unit === "" ? "" : ` ${unit}`}`;
}

/**
 * One row per policy: pass or fail, days, money a month, violating minutes, the limit that bound.
 */
function scoreboard(document: ResultDocument, scenario: Scenario): Html {
  const { cost, service } = costAndService(document);
  const rows = document.policies.map((policy) => {
    const limits = bindingLimits(policy);
    return html`<tr><th scope="row">${policy.name}</th>${sloCells(policy.slo)}${moneyCell(document, scenario, policy, cost)}${metricCell(policy, service)}<td>${limits.length === 0 ? "none" : limits.join(", ")}</td></tr>
`;
  });
  const hasSlo = document.policies.some(({ slo }) => slo !== undefined);
  const money =
    cost === undefined
      ? "Cost"
      : cost === "cost"
        ? `${document.currency ?? "Cost"} per month`
        : "Streamlet-hours per month";
  const facts = service === undefined ? undefined : metricFacts(service);
  const serviceName = facts === undefined ? "Service" : `${facts.label}${facts.unit === "" ? "" : ` (${facts.unit})`}`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The deciding figures"><table class="scoreboard">
<thead><tr><th scope="col">Policy</th>${hasSlo ? html`<th scope="col">SLO</th><th scope="col">met on</th>` : undefined}<th scope="col" class="number">${money}</th><th scope="col" class="number">${serviceName}, per run</th><th scope="col">Limit that bound</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
`;
}

function sloCells(slo: SloOutcome | undefined): Html | undefined {
  if (slo === undefined) return undefined;
  const [word, tone] = !isSloMet(slo)
    ? ["fail", "worse"]
    : slo.proved
      ? ["pass, proved", "better"]
      : ["pass, not proved", "even"];
  const range = `${Math.round(slo.low * 100)}–${Math.round(slo.high * 100)} %`;
  return html`<td class="word ${tone}">${word}</td><td>${slo.met} of ${slo.of} <span class="unit">(95 % interval ${range})</span></td>`;
}

function moneyCell(
  document: ResultDocument,
  scenario: Scenario,
  policy: PolicyResult,
  metric: string | undefined,
): Html {
  const estimate = metric === undefined ? undefined : policy.metrics[metric];
  if (estimate === undefined) return html`<td class="number">–</td>`;
  const month = perMonth(estimate, scenario);
  return html`<td class="number">${formatInterval(month.mean, month.halfWidth)} ${metric === "cost" ? (document.currency ?? "") : "h"}</td>`;
}

/** A quantity of the measured window, scaled to an average month. */
function perMonth(
  { mean, halfWidth }: Estimate,
  { durationMs, warmupMs }: Scenario,
): Pick<Estimate, "mean" | "halfWidth"> {
  const months = HOURS_PER_MONTH / ((durationMs - warmupMs) / HOUR_MS);
  return { mean: mean * months, halfWidth: halfWidth === null ? null : halfWidth * months };
}

function metricCell(policy: PolicyResult, metric: string | undefined): Html {
  const estimate = metric === undefined ? undefined : policy.metrics[metric];
  const text = estimate === undefined || metric === undefined ? "–" : formatEstimate(estimate, metricFacts(metric));
  return html`<td class="number">${text}</td>`;
}

function monthNote(document: ResultDocument, { durationMs, warmupMs }: Scenario): string {
  if (costAndService(document).cost === undefined) return "";
  const hours = formatNumber((durationMs - warmupMs) / HOUR_MS);
  return `A month is ${HOURS_PER_MONTH} h like the ${hours} h that were measured.`;
}
