import { bindingLimits } from "../experiment/binding-limits.js";
import { HOURS_PER_MONTH } from "../experiment/plan/month.js";
import type { Estimate, ResultDocument, SloOutcome } from "../experiment/result.js";
import { isSloMet } from "../experiment/slo-verdict.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { Answer } from "./answer.js";
import { type AnswerCell, type AnswerColumn, answerTable } from "./answer-table.js";
import { type Html, html } from "./html.js";
import { formatEstimate, formatInterval, formatNumber, metricFacts } from "./numbers.js";
import { chanceNote, costAndService, verdicts, warmupNote } from "./verdict.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

type PolicyResult = ResultDocument["policies"][number];

/**
 * The first screen of a simulation: whether the SLO is met, how the policies compare, the cost.
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
 * One row per policy: pass or fail, days, cost per month, violating minutes, the limit that was
 * reached.
 */
function scoreboard(document: ResultDocument, scenario: Scenario): Html {
  const { cost, service } = costAndService(document);
  const hasSlo = document.policies.some(({ slo }) => slo !== undefined);
  const money =
    cost === undefined
      ? "Cost"
      : cost === "cost"
        ? `${document.currency ?? "Cost"} per month`
        : "Streamlet-hours per month";
  const facts = service === undefined ? undefined : metricFacts(service);
  const serviceName = facts === undefined ? "Service" : `${facts.label}${facts.unit === "" ? "" : ` (${facts.unit})`}`;
  const columns: readonly AnswerColumn[] = [
    { name: "Policy", holds: "words" },
    ...(hasSlo
      ? ([
          { name: "SLO", holds: "words" },
          { name: "met on", holds: "words" },
        ] as const)
      : []),
    { name: money, holds: "numbers" },
    { name: `${serviceName}, per run`, holds: "numbers" },
    { name: "Limit that bound", holds: "words" },
  ];
  const rows = document.policies.map((policy): AnswerCell[] => [
    { content: policy.name },
    ...(hasSlo ? sloCells(policy.slo) : []),
    { content: moneyText(document, scenario, policy, cost) },
    { content: metricText(policy, service) },
    { content: bindingLimits(policy).join(", ") || "none" },
  ]);
  return answerTable("The deciding figures", columns, rows);
}

function sloCells(slo: SloOutcome | undefined): AnswerCell[] {
  if (slo === undefined) return [{ content: "–" }, { content: "–" }];
  const verdict: AnswerCell = !isSloMet(slo)
    ? { content: "fail", tone: "worse" }
    : slo.proved
      ? { content: "pass, proved", tone: "better" }
      : { content: "pass, not proved", tone: "even" };
  const range = `${Math.round(slo.low * 100)}–${Math.round(slo.high * 100)} %`;
  return [
    verdict,
    { content: html`<span>${slo.met} of ${slo.of} <span class="unit">(95 % interval ${range})</span></span>` },
  ];
}

function moneyText(
  document: ResultDocument,
  scenario: Scenario,
  policy: PolicyResult,
  metric: string | undefined,
): string {
  const estimate = metric === undefined ? undefined : policy.metrics[metric];
  if (estimate === undefined) return "–";
  const month = perMonth(estimate, scenario);
  return `${formatInterval(month.mean, month.halfWidth)} ${metric === "cost" ? (document.currency ?? "") : "h"}`.trim();
}

/** A quantity of the measured window, scaled to an average month. */
function perMonth(
  { mean, halfWidth }: Estimate,
  { durationMs, warmupMs }: Scenario,
): Pick<Estimate, "mean" | "halfWidth"> {
  const months = HOURS_PER_MONTH / ((durationMs - warmupMs) / HOUR_MS);
  return { mean: mean * months, halfWidth: halfWidth === null ? null : halfWidth * months };
}

function metricText(policy: PolicyResult, metric: string | undefined): string {
  const estimate = metric === undefined ? undefined : policy.metrics[metric];
  return estimate === undefined || metric === undefined ? "–" : formatEstimate(estimate, metricFacts(metric));
}

function monthNote(document: ResultDocument, { durationMs, warmupMs }: Scenario): string {
  if (costAndService(document).cost === undefined) return "";
  const hours = formatNumber((durationMs - warmupMs) / HOUR_MS);
  return `A month is ${HOURS_PER_MONTH} h like the ${hours} h that were measured.`;
}
