import { moduleSentences } from "../experiment/policy-failures.js";
import type { ResultDocument } from "../experiment/result.js";
import type { Losses } from "../live/watch/loss-ledger.js";
import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { Answer } from "./answer.js";
import { timeGrid } from "./bands.js";
import { ceilingsOf } from "./ceilings.js";
import { arrivalsCharts } from "./charts/arrivals-chart.js";
import { capacityCharts } from "./charts/capacity-charts.js";
import { latencyChart } from "./charts/latency-chart.js";
import { eventCharts, utilisationChart } from "./charts/over-time-charts.js";
import { overviewChart } from "./charts/overview-chart.js";
import { reasonsCharts } from "./charts/reasons-charts.js";
import { seriesCharts } from "./charts/series-charts.js";
import { violationsChart } from "./charts/violations-chart.js";
import { comparisonTable } from "./comparison-table.js";
import { glossary } from "./glossary.js";
import { type Html, html } from "./html.js";
import type { LiveFacts } from "./live-facts.js";
import { formatDuration, formatNumber } from "./numbers.js";
import { forOneRun } from "./one-run-words.js";
import { conservationTable, reasonTables } from "./outcome-tables.js";
import type { Page, PlacedChart, Section } from "./page.js";
import { block, charts, definitions, full, half, intro, optional } from "./page-blocks.js";
import { policyKeys } from "./policy-keys.js";
import { policyFacts, scenarioFacts } from "./scenario-facts.js";
import { seriesTable } from "./series-table.js";

/** With fewer bins there is no chart over time. */
const FEWEST_BINS = 4;

interface Parts {
  readonly document: ResultDocument;
  readonly policies: readonly { readonly name: string; readonly key: string; readonly runs: readonly RunResult[] }[];
  readonly scenario: Scenario;
  readonly facts: LiveFacts;
}

/**
 * The report of one live run as a page: first its losses, then its course. `run`'s timeline ends
 * where the run ended.
 */
export function livePage(document: ResultDocument, run: RunResult, scenario: Scenario, facts: LiveFacts): Page {
  const [{ name }] = document.policies;
  const policies = [{ name, key: policyKeys([name])[0], runs: [run] }];
  const parts = { document, policies, scenario, facts };
  return {
    title: `${document.scenario.name}, live`,
    lead: leadLine(parts),
    answer: liveAnswer(parts),
    pictures: firstPictures(parts, run),
    sections: [
      lossSection(parts),
      ...courseSections(parts, run).map(forOneRun),
      { id: "evidence", title: "Evidence: every metric", blocks: [block(comparisonTable(document))] },
      forOneRun(decisionSection(parts)),
      forOneRun(runSection(parts)),
      { id: "glossary", title: "What the numbers mean", blocks: [block(glossary(document))] },
    ],
    footer:
      `headrace ${document.version} · live run of ${instant(facts.startedAt)} ` +
      `· scenario hash ${document.scenario.hash} · seed ${document.seed}`,
  };
}

function leadLine({ document, facts, policies }: Parts): string {
  const { startedAt, durationMs, speed, served } = facts;
  const wallMs = durationMs / speed;
  const { arrivals } = document.policies[0].metrics;
  return [
    `live for ${formatDuration(Math.round(wallMs))}`,
    `${instant(startedAt)} to ${instant(startedAt + wallMs)}`,
    ...(speed === 1 ? [] : [`${formatDuration(Math.round(durationMs))} of the scenario at ${speed} times the speed`]),
    ...(arrivals === undefined ? [] : [`${formatNumber(arrivals.mean, 3)} arrivals`]),
    served ? "streams of the world" : "streams of the load generator",
    policies[0].name,
  ].join(" · ");
}

/** UTC, to the second. */
function instant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

const KINDS: readonly (readonly [keyof Losses, string])[] = [
  ["streams", "Streams cut short"],
  ["streamlets", "Streamlets that ended unwanted"],
  ["requests", "Requests not served"],
  ["refusals", "Decisions refused, at ticks"],
];

/** The losses, in a sentence, and the result of the SLO. */
function liveAnswer({ document, facts, policies }: Parts): Answer {
  const { counts } = policies[0].runs[0];
  const lost = Array.from(facts.losses.streams.values()).reduce((a, b) => a + b, 0);
  const { slo } = document.policies[0];
  const sentence =
    lost === 0
      ? `No stream was cut short: ${formatNumber(counts.completed, 6)} of ${formatNumber(counts.arrived, 6)} ` +
        `requests completed, ${formatNumber(counts.open, 6)} streams were open at the end.`
      : `${formatNumber(lost, 6)} streams were cut short, of ${formatNumber(counts.arrived, 6)} requests.`;
  const missed = slo !== undefined && slo.met < slo.of;
  const findings = moduleSentences(document);
  const outcome = slo === undefined ? sentence : `${sentence} The SLO was ${missed ? "missed" : "met"}.`;
  return {
    tone: lost > 0 || missed || findings.length > 0 ? "worse" : "better",
    sentence: [...findings, outcome].join(" "),
    proof: ["the whole run, warm-up included", ...KINDS.slice(1).map(([kind, title]) => lossText(facts, kind, title))],
    caveats: ["One run has no interval. The figures count requests that arrived after the warm-up."],
  };
}

function lossText({ losses }: LiveFacts, kind: keyof Losses, title: string): string {
  const total = Array.from(losses[kind].values()).reduce((a, b) => a + b, 0);
  return `${title.toLowerCase()}: ${formatNumber(total, 9)}`;
}

/** Demand against capacity, and violations of the SLO; none if the run was too short. */
function firstPictures({ policies, scenario, facts }: Parts, run: RunResult): PlacedChart[] {
  if (run.timeline.open.length < FEWEST_BINS) return [];
  const { warmupMs } = scenario;
  const grid = timeGrid(run.timeline, facts.startedAt, Math.max(1, facts.durationMs));
  return [overviewChart(policies, ceilingsOf(scenario), grid, warmupMs)].map(full);
}

function lossSection({ facts }: Parts): Section {
  const rows = KINDS.flatMap(([kind, title]) =>
    Array.from(facts.losses[kind], ([cause, count]): [string, string, number] => [title, cause, count]),
  );
  return {
    id: "losses",
    title: "What was lost, and why",
    blocks: [...(rows.length === 0 ? [intro("Nothing was lost.")] : [block(lossTable(rows))])],
  };
}

function lossTable(rows: readonly (readonly [string, string, number])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="What was lost"><table>
<thead><tr><th scope="col">What</th><th scope="col">Cause</th><th scope="col" class="number">Count</th></tr></thead>
<tbody>${rows.map(
    ([
      what,
      cause,
      count,
    ]) => html`<tr><td>${what}</td><td>${cause}</td><td class="number">${formatNumber(count, 9)}</td></tr>
`,
  )}</tbody></table></div>`;
}

function courseSections({ document, policies, scenario, facts }: Parts, run: RunResult): Section[] {
  const { warmupMs, slo } = scenario;
  const durationMs = Math.max(1, facts.durationMs);
  const latency = latencyChart(policies, slo);
  const isShort = run.timeline.open.length < FEWEST_BINS;
  const events = isShort ? [] : eventCharts(policies, facts.startedAt, durationMs, warmupMs).charts;
  const service = [...optional(latency).map(full), ...[...seriesCharts(document, slo), ...events].map(half)];
  const bySeries = optional(seriesTable(document, slo)).map(block);
  const sections: Section[] = [];
  if (isShort) {
    const width = formatDuration(run.timeline.binMs);
    const text =
      `The run was shorter than ${FEWEST_BINS} bins of its timeline (${width} ` +
      "each): there is no course to draw. --duration gives shorter bins.";
    sections.push({ id: "capacity", title: "Demand and capacity", blocks: [intro(text)] });
  } else {
    const grid = timeGrid(run.timeline, facts.startedAt, durationMs);
    const drawn = [
      ...capacityCharts(policies, grid, warmupMs),
      ...optional(violationsChart(policies, grid, warmupMs)),
      utilisationChart(policies, grid, warmupMs),
      ...arrivalsCharts(policies[0].runs, scenario, grid),
    ];
    const about = "Ready slots against open streams and waiting requests, by wall-clock time (UTC).";
    sections.push({ id: "capacity", title: "Demand and capacity", blocks: [intro(about), charts(drawn.map(full))] });
  }
  if (service.length > 0)
    sections.push({ id: "service", title: "Service and faults", blocks: [charts(service), ...bySeries] });
  return sections;
}

function decisionSection({ policies }: Parts): Section {
  const about = "How often the policy gave which reason at its ticks; a refusal by the control plane is in brackets.";
  return {
    id: "decisions",
    title: "Decisions and their reasons",
    blocks: [intro(about), charts(reasonsCharts(policies).map(half)), ...reasonTables(policies).map(block)],
  };
}

function runSection({ document, scenario, policies, facts }: Parts): Section {
  return {
    id: "run",
    title: "What ran",
    blocks: [
      block(html`<pre tabindex="0"><code>${facts.command}</code></pre>
<p class="intro">The command that ran. Its run log replays every decision:
<code>headrace replay run.jsonl</code>.</p>`),
      block(
        definitions([
          ["Scenario hash", document.scenario.hash],
          ["Seed", String(document.seed)],
          ["Version", document.version],
          ...scenarioFacts(scenario).slice(1),
        ]),
      ),
      block(html`<h3>Policy</h3>${definitions(policyFacts(scenario.policies))}`),
      block(conservationTable(policies)),
    ],
  };
}
