import type { StudyDocument, StudyWorldResult } from "../experiment/study/study-document.js";
import type { Answer } from "./answer.js";
import type { Chart } from "./chart.js";
import { frontierChart } from "./charts/frontier-chart.js";
import { mapChart } from "./charts/map-chart.js";
import { type TextTable, textTableHtml, textTableMarkdown } from "./frontier-tables.js";
import { html } from "./html.js";
import { type Block, chartFiles, type Page, renderPage, type Section } from "./page.js";
import { block, charts, full, half, intro } from "./page-blocks.js";
import { writeReportFolder } from "./report-folder.js";
import { ablationTable, armsTable, figuresTable, forecasterTable, mapTable, verdictTable } from "./study-tables.js";
import { escapeMarkdown } from "./summary-markdown.js";

const METHOD =
  "Eight-slot streamlets, about 2,000 open streams, holding times lognormal with a mean of 10 " +
  "min and a coefficient of variation of 1.5, patience 10 s; a minute violates when more than 1 " +
  "% of its arrivals wait longer than 200 ms or are lost; cost is streamlet-hours with spawning " +
  "and draining. What precedes the judged days is history. Every policy is swept along its " +
  "knob; frontiers are means over the paired replications, intervals the jackknife’s (95 %).";

/**
 * Writes the study's report: index.html, study.json, summary.md and the charts' specifications; all
 * or none.
 */
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
  const { worlds, guard, ablation, forecasters, map } = document;
  return [
    ...(worlds.length === 0
      ? []
      : [figuresTable(document), verdictTable("The predictive policy against the best of each group", worlds)]),
    ...(guard === undefined ? [] : [verdictTable("Where there is nothing to predict, or the forecaster lies", guard)]),
    ...(ablation === undefined ? [] : [ablationTable(ablation)]),
    ...(forecasters === undefined ? [] : [forecasterTable(forecasters)]),
    ...(map === undefined ? [] : [mapTable(map)]),
    ...worlds.map(armsTable),
  ];
}

function studyMarkdown(document: StudyDocument, command: string): string {
  const lines = studyTables(document).flatMap((table) => textTableMarkdown(table, escapeMarkdown));
  return ["# Policy study", "", METHOD, "", ...lines, "To repeat it:", "", "```sh", command, "```", ""].join("\n");
}

export function studyPage(document: StudyDocument, command: string): Page {
  const { worlds, guard, ablation, forecasters, map } = document;
  const section = (id: string, title: string, blocks: readonly Block[]): Section => ({ id, title, blocks });
  const guardTitle = "Where there is nothing to predict, or the forecaster lies";
  return {
    title: "Policy study",
    lead: `${worldsText(worlds.length)} · ${document.replications} paired replications · seed ${document.seed}`,
    answer: studyAnswer(document),
    pictures: [...(map === undefined ? [] : [mapChart(map)]), ...worlds.slice(0, 1).map(worldChart)].map(
      map === undefined || worlds.length === 0 ? full : half,
    ),
    sections: [
      ...worlds.map((world, i) => worldSection(world, i > 0)),
      ...(worlds.length === 0
        ? []
        : [
            section("verdict", "Evidence", [
              table(figuresTable(document)),
              table(verdictTable("The predictive policy against the best of each group", worlds)),
              intro("Minus is less: fewer violating minutes, lower cost. The table has losses as well as gains."),
            ]),
          ]),
      ...(guard === undefined ? [] : [section("guard", "Never worse?", [table(verdictTable(guardTitle, guard))])]),
      ...(ablation === undefined
        ? []
        : [section("ablation", "What each part is worth", [table(ablationTable(ablation))])]),
      ...(forecasters === undefined
        ? []
        : [section("forecasters", "What a better forecast is worth", [table(forecasterTable(forecasters))])]),
      section("method", "Validation: method, and how to repeat it", [
        intro(METHOD),
        block(html`<pre tabindex="0"><code>${command}</code></pre>`),
      ]),
    ],
    footer: `headrace ${document.version}`,
  };
}

/**
 * In how many worlds the predictive policy costs less, or more, than the best policy with default
 * settings.
 */
function studyAnswer({ worlds, replications }: StudyDocument): Answer {
  const found = worlds.flatMap(({ verdicts }) => verdicts.filter(({ group }) => group === "shipped"));
  const compared = found.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  const [less, more] = [-1, 1].map((sign) => compared.filter((one) => sign * one.value > (one.halfWidth ?? 0)).length);
  if (compared.length === 0)
    return { tone: "even", sentence: "No world was compared at equal service.", proof: [], caveats: [] };
  const open = compared.length - less - more;
  return {
    tone: more === 0 && less > 0 ? "better" : less === 0 && more > 0 ? "worse" : "even",
    sentence:
      "At 0.1 % violating minutes the predictive policy costs less than the best policy " +
      `as shipped in ${less} of ${worldsText(compared.length)}, and more in ${more}.`,
    proof: [`paired differences with 95 % intervals, ${replications} replications`],
    caveats: [
      open === 0 ? "" : `In ${worldsText(open)} no difference is shown.`,
      found.length === compared.length
        ? ""
        : `In ${worldsText(found.length - compared.length)} more, one of the two does not come down to 0.1 %.`,
    ],
  };
}

function worldsText(count: number): string {
  return count === 1 ? "1 world" : `${count} worlds`;
}

/** A world's table; the first screen shows the frontiers of the first world. */
function worldSection(world: StudyWorldResult, hasChart: boolean): Section {
  return {
    id: anchorOf(world),
    title: `${world.title}, spawn ${world.spawn}`,
    blocks: [
      ...(hasChart ? [charts([full(worldChart(world))])] : []),
      table({ ...armsTable(world), title: `Every policy: ${world.title}, spawn ${world.spawn}` }),
    ],
  };
}

function anchorOf({ key, spawn }: StudyWorldResult): string {
  return `${key}-${spawn}`;
}

function worldChart(world: StudyWorldResult): Chart {
  const lines = world.frontiers.map(({ name, knob, settings }) => ({
    name,
    knob,
    points: settings.map((setting) => ({
      value: setting.value,
      cost: mean(setting.cost),
      violationRatio: mean(setting.violation),
    })),
  }));
  const title = `Frontiers: ${world.title}, spawn ${world.spawn}`;
  return frontierChart(`frontier-${anchorOf(world)}`, title, lines, "streamlet-hours");
}

function table(content: TextTable): Block {
  return block(textTableHtml(content));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
