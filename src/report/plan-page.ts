import type { PlanDocument } from "../experiment/plan/plan-document.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { Chart } from "./chart.js";
import { demandChart } from "./charts/demand-chart.js";
import { type TextTable, textTableHtml, textTableMarkdown } from "./frontier-tables.js";
import { html } from "./html.js";
import { type Block, chartFiles, type Page, renderPage, type Section } from "./page.js";
import { block, charts, full, half, optional } from "./page-blocks.js";
import { planDurationChart, planGrowthChart, planSensitivityChart } from "./plan-charts.js";
import { planFrontierChart } from "./plan-frontier-chart.js";
import { alternativesTable, perPolicyTable, planTables, sizingTable, statementsTable } from "./plan-tables.js";
import { writeReportFolder } from "./report-folder.js";
import { escapeMarkdown } from "./summary-markdown.js";

/** Writes index.html, plan.json, plan.md and the charts' specifications; all or none. */
export async function writePlanReport(
  document: PlanDocument,
  scenario: Scenario,
  folder: string,
  command: string,
): Promise<void> {
  const page = planPage(document, scenario, command);
  const files = chartFiles(page);
  files.set("plan.json", `${JSON.stringify(document, null, 2)}\n`);
  files.set("plan.md", planMarkdown(document, command));
  files.set("index.html", await renderPage(page));
  writeReportFolder(folder, files);
}

export function planPage(document: PlanDocument, scenario: Scenario, command: string): Page {
  const { perPolicy, alternatives } = document;
  const table = (one: TextTable): Block => block(textTableHtml(one));
  const section = (id: string, title: string, blocks: readonly Block[]): Section[] =>
    blocks.length === 0 ? [] : [{ id, title, blocks }];
  const drawn = (...list: readonly (Chart | undefined)[]): Block[] => {
    const there = list.flatMap(optional);
    return there.length === 0 ? [] : [charts(there.map(there.length === 1 ? full : half))];
  };
  const pictures = [...optional(planFrontierChart(document)), demandChart(scenario)];
  return {
    title: `Plan for ${document.scenario.name}`,
    lead:
      `${document.runs === 0 ? "no day simulated" : `${document.runs} simulated days`} ` +
      `· seed ${document.seed} · scenario ${document.scenario.hash}`,
    answer: {
      tone: document.feasible === null ? "even" : document.feasible ? "better" : "worse",
      sentence: document.answer,
      proof: [],
      caveats: [],
    },
    pictures: pictures.map(pictures.length === 1 ? full : half),
    sections: [
      ...section(
        "ahead",
        "Commitment and the year ahead",
        drawn(planDurationChart(document), planGrowthChart(document)),
      ),
      ...section("sensitivity", "Sensitivity", drawn(planSensitivityChart(document))),
      ...section("alternatives", "Alternatives", [
        ...(perPolicy.length === 0 ? [] : [table(perPolicyTable(document))]),
        ...(alternatives.length === 0 ? [] : [table(alternativesTable(document))]),
      ]),
      {
        id: "known",
        title: "Evidence: what is known, and how",
        blocks: [table(statementsTable(document)), table(sizingTable(document))],
      },
      {
        id: "repeat",
        title: "Validation: how to repeat it",
        blocks: [block(html`<pre tabindex="0"><code>${command}</code></pre>`)],
      },
    ],
    footer: `headrace ${document.version}`,
  };
}

function planMarkdown(document: PlanDocument, command: string): string {
  return [
    `# Plan for ${escapeMarkdown(document.scenario.name)}`,
    "",
    escapeMarkdown(document.answer),
    "",
    ...planTables(document).flatMap((table) => textTableMarkdown(table, escapeMarkdown)),
    "To repeat it:",
    "",
    "```sh",
    command,
    "```",
    "",
  ].join("\n");
}
