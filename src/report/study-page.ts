import type { StudyDocument, StudyWorldResult } from "../experiment/study/study-document.js";
import { frontierChart } from "./charts/frontier-chart.js";
import { mapChart } from "./charts/map-chart.js";
import { type TextTable, textTableHtml, textTableMarkdown } from "./frontier-tables.js";
import { type Html, html } from "./html.js";
import { type Block, chartFiles, type Page, renderPage, type Section } from "./page.js";
import { writeReportFolder } from "./report-folder.js";
import { ablationTable, armsTable, figuresTable, forecasterTable, verdictTable } from "./study-tables.js";
import { escapeMarkdown } from "./summary-markdown.js";

const METHOD =
  "Eight-slot streamlets, about 2,000 open streams, holding times lognormal with a mean of 10 min and a coefficient of variation of 1.5, patience 10 s; a minute violates when more than 1 % of its arrivals wait longer than 200 ms or are lost; cost is streamlet-hours with spawning and draining. What precedes the judged days is history. Every policy is swept along its knob; frontiers are means over the paired replications, intervals the jackknife’s (95 %).";

/** Writes the study's report: index.html, study.json, summary.md and the charts' specifications; all or none. */
export async function writeStudyReport(document: StudyDocument, folder: string, command: string): Promise<void> {
  const page = studyPage(document, command);
  const files = chartFiles(page);
  files.set("study.json", `${JSON.stringify(document, null, 2)}\n`);
  files.set("summary.md", studyMarkdown(document, command));
  files.set("index.html", await renderPage(page));
  writeReportFolder(folder, files);
}

/** The tables of the study, in the order in which they are shown. */
export function studyTables(document: StudyDocument): TextTable[] {
  const { worlds, guard, ablation, forecasters } = document;
  return [
    ...(worlds.length === 0
      ? []
      : [figuresTable(document), verdictTable("The predictive policy against the best of each group", worlds)]),
    ...(guard === undefined ? [] : [verdictTable("Where there is nothing to predict, or the forecaster lies", guard)]),
    ...(ablation === undefined ? [] : [ablationTable(ablation)]),
    ...(forecasters === undefined ? [] : [forecasterTable(forecasters)]),
    ...worlds.map(armsTable),
  ];
}

function studyMarkdown(document: StudyDocument, command: string): string {
  const lines = studyTables(document).flatMap((table) => textTableMarkdown(table, escapeMarkdown));
  return ["# Policy study", "", METHOD, "", ...lines, "To repeat it:", "", "```sh", command, "```", ""].join("\n");
}

function studyPage(document: StudyDocument, command: string): Page {
  const { worlds, guard, ablation, forecasters, map } = document;
  const sections: Section[] = [];
  if (worlds.length > 0) {
    sections.push({
      id: "verdict",
      title: "Verdict",
      blocks: [
        table(figuresTable(document)),
        table(verdictTable("The predictive policy against the best of each group", worlds)),
        paragraph("Minus is less: fewer violating minutes, lower cost. Losses stand here as well as gains."),
      ],
    });
  }
  if (guard !== undefined)
    sections.push({
      id: "guard",
      title: "Never worse?",
      blocks: [table(verdictTable("Where there is nothing to predict, or the forecaster lies", guard))],
    });
  if (map !== undefined)
    sections.push({
      id: "map",
      title: "Where prediction pays",
      blocks: [{ kind: "charts", charts: [{ chart: mapChart(map), size: "full" }] }],
    });
  if (ablation !== undefined)
    sections.push({ id: "ablation", title: "What each part is worth", blocks: [table(ablationTable(ablation))] });
  if (forecasters !== undefined)
    sections.push({
      id: "forecasters",
      title: "What a better forecast is worth",
      blocks: [table(forecasterTable(forecasters))],
    });
  for (const world of worlds) sections.push(worldSection(world));
  sections.push({
    id: "method",
    title: "Method, and how to repeat it",
    blocks: [paragraph(METHOD), { kind: "html", html: html`<pre tabindex="0"><code>${command}</code></pre>` }],
  });
  return {
    title: "Policy study",
    lead: `${worlds.length} worlds · ${document.replications} paired replications · seed ${document.seed}`,
    sections,
    footer: `headrace ${document.version}`,
  };
}

function worldSection(world: StudyWorldResult): Section {
  const lines = world.frontiers.map(({ name, knob, settings }) => ({
    name,
    knob,
    points: settings.map((setting) => ({
      value: setting.value,
      cost: mean(setting.cost),
      violationRatio: mean(setting.violation),
    })),
  }));
  const id = `${world.key}-${world.spawn}`;
  return {
    id,
    title: `${world.title}, spawn ${world.spawn}`,
    blocks: [
      {
        kind: "charts",
        charts: [{ chart: frontierChart(`frontier-${id}`, "Frontiers", lines, "streamlet-hours"), size: "full" }],
      },
      table(armsTable(world)),
    ],
  };
}

function table(content: TextTable): Block {
  return { kind: "html", html: textTableHtml(content) };
}

function paragraph(text: string): Block {
  const content: Html = html`<p class="intro">${text}</p>`;
  return { kind: "html", html: content };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
