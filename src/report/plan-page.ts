import type { PlanDocument } from "../experiment/plan/plan-document.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { demandChart } from "./charts/demand-chart.js";
import { textTableHtml, textTableMarkdown } from "./frontier-tables.js";
import { html } from "./html.js";
import { type Block, chartFiles, type Page, renderPage } from "./page.js";
import { planTables } from "./plan-tables.js";
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

function planPage(document: PlanDocument, scenario: Scenario, command: string): Page {
  const tables = planTables(document);
  const block = (i: number): Block => ({ kind: "html", html: textTableHtml(tables[i]) });
  const paragraph = (text: string): Block => ({ kind: "html", html: html`<p class="intro">${text}</p>` });
  const last = tables.length - 1;
  return {
    title: `Plan for ${document.scenario.name}`,
    lead: `${document.runs} simulated days · seed ${document.seed} · scenario ${document.scenario.hash}`,
    sections: [
      { id: "answer", title: "Answer", blocks: [paragraph(document.answer), block(0)] },
      ...(last < 2
        ? []
        : [
            {
              id: "alternatives",
              title: "Alternatives",
              blocks: tables.slice(1, last).map((_, i) => block(i + 1)),
            },
          ]),
      {
        id: "offered-load",
        title: "Demand",
        blocks: [{ kind: "charts", charts: [{ chart: demandChart(scenario), size: "full" }] } as Block, block(last)],
      },
      {
        id: "repeat",
        title: "To repeat it",
        blocks: [{ kind: "html", html: html`<pre tabindex="0"><code>${command}</code></pre>` }],
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
