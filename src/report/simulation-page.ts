import type { ExperimentOutcome, ResultDocument } from "../experiment/result.js";
import { decisionNames } from "../world/pools.js";
import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { type TimeGrid, timeGrid } from "./bands.js";
import { ceilingsOf } from "./ceilings.js";
import { arrivalsCharts } from "./charts/arrivals-chart.js";
import { blastRadiusChart } from "./charts/blast-radius-chart.js";
import { capacityCharts } from "./charts/capacity-charts.js";
import { decisionCharts } from "./charts/decision-charts.js";
import { differenceCharts } from "./charts/difference-charts.js";
import { frontierChart, frontierLines } from "./charts/frontier-chart.js";
import { heatMapChart } from "./charts/heat-map-chart.js";
import { latencyChart } from "./charts/latency-chart.js";
import { eventCharts, utilisationChart } from "./charts/over-time-charts.js";
import { overviewChart } from "./charts/overview-chart.js";
import { reasonsCharts } from "./charts/reasons-charts.js";
import { regretChart } from "./charts/regret-chart.js";
import { seriesCharts } from "./charts/series-charts.js";
import { tradeoffChart } from "./charts/tradeoff-chart.js";
import { violationsChart } from "./charts/violations-chart.js";
import { comparisonTable } from "./comparison-table.js";
import { costName, frontierTables, settingsTable, spawnSweepTable, textTableHtml } from "./frontier-tables.js";
import { glossary } from "./glossary.js";
import { html } from "./html.js";
import { formatDuration, formatNumber } from "./numbers.js";
import { conservationTable, reasonTables } from "./outcome-tables.js";
import type { Page, PlacedChart, Section } from "./page.js";
import { block, charts, definitions, full, half, intro, optional } from "./page-blocks.js";
import { policyKeys } from "./policy-keys.js";
import { policyFacts, scenarioFacts } from "./scenario-facts.js";
import { seriesTable } from "./series-table.js";
import { simulationAnswer } from "./simulation-answer.js";
import { sloTable } from "./slo-table.js";
import { trainerTable } from "./trainer-table.js";
import { costAndService } from "./verdict.js";

/** A policy with its runs, and the key that names it in anchors and file names. */
interface PolicyRuns {
  readonly name: string;
  readonly key: string;
  readonly runs: readonly RunResult[];
}

/** The report of an experiment as a page. `command` is the command line that repeats it. */
export function simulationPage(outcome: ExperimentOutcome, scenario: Scenario, command: string): Page {
  const { document } = outcome;
  const keys = policyKeys(document.policies.map((policy) => policy.name));
  const policies = document.policies.map(({ name }, p) => ({ name, key: keys[p], runs: outcome.runs[p] }));
  const grid = timeGrid(policies[0].runs[0].timeline, scenario.traffic.epochMs, scenario.durationMs);
  return {
    title: document.scenario.name,
    lead: leadLine(document, scenario),
    answer: simulationAnswer(document, scenario),
    pictures: picturesOf(outcome, scenario, grid),
    policies: policies.map(({ name }) => name),
    pools: decisionNames(scenario),
    sections: [
      ...sweepSections(document),
      evidenceSection(outcome, scenario, keys),
      capacitySection(policies, scenario, grid),
      serviceSection(document, policies, scenario),
      decisionSection(document, scenario, policies, grid),
      validationSection(document, scenario, policies, command),
      { id: "glossary", title: "What the numbers mean", blocks: [block(glossary(document))] },
    ],
    footer: `headrace ${document.version} · scenario hash ${document.scenario.hash} · seed ${document.seed}`,
  };
}

function leadLine(document: ResultDocument, scenario: Scenario): string {
  const count = document.replications;
  const parts = [
    `${formatDuration(scenario.durationMs)} simulated`,
    `${document.policies.length} ${document.policies.length === 1 ? "policy" : "policies"}`,
    `${count} ${count === 1 ? "replication" : "paired replications"}`,
    `seed ${document.seed}`,
  ];
  const arrivals = document.policies[0].metrics.arrivals;
  if (arrivals !== undefined) parts.splice(1, 0, `${formatNumber(arrivals.mean, 3)} arrivals each`);
  return parts.join(" · ");
}

/** The two pictures of the first screen: cost against service, demand against capacity. */
function picturesOf(outcome: ExperimentOutcome, scenario: Scenario, grid: TimeGrid): PlacedChart[] {
  const { document, runs } = outcome;
  const { cost, service } = costAndService(document);
  const tradeoff = cost === undefined || service === undefined ? [] : [tradeoffChart(outcome, cost, service)];
  const policies = document.policies.map(({ name }, p) => ({ name, runs: runs[p] }));
  return [...tradeoff, overviewChart(policies, ceilingsOf(scenario), grid, scenario.warmupMs)].map(half);
}

function evidenceSection(outcome: ExperimentOutcome, scenario: Scenario, keys: readonly string[]): Section {
  const { document } = outcome;
  const note =
    document.replications > 1
      ? "Mean ± half width of the 95 % interval over replications (Student’s t). Differences are " +
        "candidate − baseline, paired: in each replication every policy gets the same arrivals."
      : "One replication: no intervals, and no difference can be shown. Run more replications for a verdict.";
  const drawn = [...differenceCharts(document, keys), ...optional(regretChart(document))];
  return {
    id: "evidence",
    title: "Evidence: every metric",
    blocks: [
      intro(note),
      ...(drawn.length === 0 ? [] : [charts(drawn.map(half))]),
      ...optional(sloTable(document, scenario.slo, outcome.runs)).map(block),
      block(comparisonTable(document)),
    ],
  };
}

function capacitySection(policies: readonly PolicyRuns[], scenario: Scenario, grid: TimeGrid): Section {
  const { warmupMs } = scenario;
  return {
    id: "capacity",
    title: "Demand and capacity",
    blocks: [
      intro(
        "Ready slots against demand: open streams on ready streamlets and waiting requests. Lines " +
          "are means over the replications; bands, where there are several, run from the lowest to the " +
          "highest replication. All policies share one scale. The axes begin where the warm-up ends.",
      ),
      charts([
        ...capacityCharts(policies, grid, warmupMs).map(full),
        ...optional(violationsChart(policies, grid, warmupMs)).map(full),
        ...optional(heatMapChart(policies, scenario.traffic.epochMs, warmupMs)).map(full),
        full(utilisationChart(policies, grid, warmupMs)),
        ...arrivalsCharts(policies[0].runs, scenario, grid).map(full),
      ]),
    ],
  };
}

function decisionSection(
  document: ResultDocument,
  scenario: Scenario,
  policies: readonly PolicyRuns[],
  grid: TimeGrid,
): Section {
  const courses = decisionCharts(policies, decisionNames(scenario), grid, scenario.warmupMs);
  return {
    id: "decisions",
    title: "Decisions and their reasons",
    blocks: [
      intro(
        "What each policy wanted and why. The bars count the reasons at its " +
          "ticks, over the whole run; a refusal by the control plane is in brackets.",
      ),
      charts([...courses.map(full), ...reasonsCharts(policies).map(half)]),
      ...reasonTables(policies).map(block),
      ...optional(trainerTable(document.policies)).map(block),
    ],
  };
}

function sweepSections({ frontier, spawnSweep }: ResultDocument): Section[] {
  const sections: Section[] = [];
  if (frontier !== undefined) {
    const chart = frontierChart("frontier", "Frontiers", frontierLines(frontier), costName(frontier));
    sections.push({
      id: "frontiers",
      title: "Every policy at its best knob",
      blocks: [
        charts([full(chart)]),
        ...frontierTables(frontier).map((table) => block(textTableHtml(table))),
        intro(
          "Frontiers are means over the replications. Between two settings that lie close " +
            "(violating shares within a factor of 10, costs within 10 %) the logarithm of the " +
            "violating share is linear in the cost; across a wider gap the cheapest simulated " +
            "setting that keeps the share is taken. Intervals are Student’s over paired replications.",
        ),
        block(html`<details><summary>Settings tried</summary>${textTableHtml(settingsTable(frontier))}</details>`),
      ],
    });
  }
  if (spawnSweep !== undefined)
    sections.push({
      id: "spawn-latency",
      title: "Where prediction pays",
      blocks: [block(textTableHtml(spawnSweepTable(spawnSweep)))],
    });
  return sections;
}

function serviceSection(document: ResultDocument, policies: readonly PolicyRuns[], scenario: Scenario): Section {
  const latency = latencyChart(policies, scenario.slo);
  const { charts: events, absent } = eventCharts(
    policies,
    scenario.traffic.epochMs,
    scenario.durationMs,
    scenario.warmupMs,
  );
  const nothing = [
    ...(latency === undefined
      ? ["Start latency: no request of the measured window waited a millisecond for a slot."]
      : []),
    ...absent,
  ];
  return {
    id: "service",
    title: "Service and faults",
    blocks: [
      charts([
        ...optional(latency).map(full),
        ...seriesCharts(document, scenario.slo).map(half),
        ...[...events, ...optional(blastRadiusChart(policies, scenario.warmupMs))].map(half),
      ]),
      ...(nothing.length === 0 ? [] : [intro(nothing.join(" "))]),
      ...optional(seriesTable(document, scenario.slo)).map(block),
    ],
  };
}

function validationSection(
  document: ResultDocument,
  scenario: Scenario,
  policies: readonly PolicyRuns[],
  command: string,
): Section {
  return {
    id: "reproduce",
    title: "Validation: the scenario, and how to repeat it",
    blocks: [
      block(conservationTable(policies)),
      intro("The simulator itself is checked against queueing theory: headrace validate repeats that on this machine."),
      block(html`<pre tabindex="0"><code>${command}</code></pre>
<p class="intro">The same version, scenario hash and seed give the same bytes. Each chart can be saved as SVG, PNG,
CSV or Vega-Lite; the numbers lie in <code>result.json</code> beside this page.</p>`),
      block(
        definitions([
          ["Scenario hash", document.scenario.hash],
          ["Seed", String(document.seed)],
          ["Version", document.version],
          ...scenarioFacts(scenario),
        ]),
      ),
      block(html`<h3>Policies</h3>${definitions(policyFacts(scenario.policies))}`),
    ],
  };
}
