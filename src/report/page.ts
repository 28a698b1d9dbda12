import { createHash } from "node:crypto";
import { type Answer, renderAnswer } from "./answer.js";
import type { PageFacts } from "./browser/controls.js";
import { type Chart, chartSpec } from "./chart.js";
import { chartRuntime } from "./chart-runtime.js";
import { policyColour, SERIES_COLOURS } from "./chart-theme.js";
import { embedChart } from "./embed-chart.js";
import { type Html, html, markup, scriptJson } from "./html.js";
import { PAGE_STYLE } from "./page-style.js";

/** Charts stand side by side if there is room: "half" takes half the width, "full" all of it. */
export interface PlacedChart {
  readonly chart: Chart;
  readonly size: "full" | "half";
}

/** A part of a section: markup, or a group of charts. */
export type Block =
  | { readonly kind: "html"; readonly html: Html }
  | { readonly kind: "charts"; readonly charts: readonly PlacedChart[] };

export interface Section {
  /** Anchor: lower-case letters, digits and hyphens, unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Page {
  readonly title: string;
  /** A line below the title. */
  readonly lead: string;
  /** The answer, and the charts that show it. */
  readonly answer?: Answer;
  readonly pictures?: readonly PlacedChart[];
  /** The items that the reader can hide, by the names in the charts' parameters. */
  readonly policies?: readonly string[];
  readonly pools?: readonly string[];
  readonly sections: readonly Section[];
  /** The last line: what made the page. */
  readonly footer: string;
}

/** Every page carries this line, so that `headrace report` recognises it. */
const GENERATOR = '<meta name="generator" content="Headrace">';
/** The line lies within this many first characters: what precedes it has about 500. */
const HEAD_LENGTH = 2048;

/** Whether this text is a page from `renderPage`. */
export function isOwnPage(text: string): boolean {
  return text.slice(0, HEAD_LENGTH).includes(GENERATOR);
}

/**
 * A self-contained HTML page: it makes no request, opens from disk, and its content security
 * policy admits only this style sheet and the one script that draws the charts. It contains no
 * date and no machine: the same page has the same bytes.
 */
export async function renderPage(page: Page): Promise<string> {
  const charts = chartsOf(page);
  requireUnique([...page.sections.map((section) => section.id), ...charts.map((chart) => chart.name)]);
  const script = charts.length === 0 ? undefined : await chartRuntime();
  const scriptSource = script === undefined ? "'none'" : `'sha256-${sha256(script)}'`;
  const policy =
    `default-src 'none'; script-src ${scriptSource}; style-src ` +
    `'sha256-${sha256(PAGE_STYLE)}'; base-uri 'none'; form-action 'none'`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${markup(GENERATOR)}
<title>${page.title}</title>
<style>${markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${page.title}</h1>
<p class="lead">${page.lead}</p>
${contents(page.sections)}
</header>
${charts.length === 0 ? undefined : controlBar(charts)}
<main>
${renderFirstScreen(page)}${page.sections.map(renderSection)}
</main>
<footer><p>${page.footer}</p></footer>
${charts.length === 0 ? undefined : embeddedJson("page-facts", factsOf(page))}
${charts.map((chart) => embeddedJson(`spec-${chart.name}`, embedChart(chart)))}
${script === undefined ? undefined : markup(`<script>${script}</script>`)}
</body>
</html>
`;
  return document.source;
}

/** The charts of a page, in order. */
function chartsOf({ pictures = [], sections }: Page): Chart[] {
  const blocks = sections.flatMap((section) => section.blocks);
  const placed = [...pictures, ...blocks.flatMap((block) => (block.kind === "charts" ? block.charts : []))];
  return placed.map(({ chart }) => chart);
}

/** Each chart's Vega-Lite specification by its path in the folder of the report. */
export function chartFiles(page: Page): Map<string, string> {
  return new Map(
    chartsOf(page).map((chart) => [`charts/${chart.name}.vl.json`, `${JSON.stringify(chartSpec(chart))}\n`]),
  );
}

function contents(sections: readonly Section[]): Html | undefined {
  if (sections.length < 2) return undefined;
  const links = sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`);
  return html`<nav aria-label="Contents">${links}</nav>`;
}

function renderFirstScreen({ answer, pictures = [] }: Page): Html | undefined {
  if (answer === undefined && pictures.length === 0) return undefined;
  return html`<section aria-labelledby="answer">
<h2 id="answer" class="first">Answer</h2>
${answer === undefined ? undefined : renderAnswer(answer)}
${pictures.length === 0 ? undefined : renderBlock({ kind: "charts", charts: pictures })}
</section>
`;
}

function renderSection(section: Section): Html {
  return html`<section aria-labelledby="${section.id}">
<h2 id="${section.id}">${section.title}</h2>
${section.blocks.map(renderBlock)}
</section>
`;
}

function renderBlock(block: Block): Html {
  return block.kind === "html"
    ? block.html
    : html`<div class="charts">${block.charts.map((placed, i) => renderFigure(placed, isLone(block.charts, i)))}</div>`;
}

const FORMATS = [
  ["svg", "SVG"],
  ["png", "PNG"],
  ["csv", "CSV"],
  ["vega-lite", "Vega-Lite"],
] as const;

/** Whether a half-width chart is alone in its row: it then takes the whole width. */
function isLone(placed: readonly PlacedChart[], index: number): boolean {
  let first = index;
  while (first > 0 && placed[first - 1].size === "half") first--;
  const isLast = placed[index + 1]?.size !== "half";
  return placed[index].size === "half" && isLast && (index - first) % 2 === 0;
}

function renderFigure({ chart, size }: PlacedChart, isAlone: boolean): Html {
  const caption = chart.caption === undefined ? undefined : html`<p>${chart.caption}</p>`;
  const policy = chart.policy === undefined ? undefined : html` data-policy="${chart.policy}"`;
  const buttons = FORMATS.map(
    ([format, name]) => html`<button type="button" data-download="${format}">${name}</button>`,
  );
  return html`<figure class="${isAlone ? `${size} lone` : size}" id="${chart.name}"${policy}>
<figcaption><h3>${chart.title}</h3><div class="menu" role="group"
aria-label="Save “${chart.title}”">${buttons}</div>${caption}</figcaption>
<div class="chart" role="img" aria-label="${chart.description}" data-chart="${chart.name}" data-size="${size}"
data-height="${heightOf(chart)}"><noscript>${chart.description} Drawing it needs JavaScript.</noscript></div>
</figure>
`;
}

function heightOf({ spec }: Chart): number {
  return typeof spec.height === "number" ? spec.height : 0;
}

/** Filled by the script; without one it stays hidden. */
function controlBar(charts: readonly Chart[]): Html {
  const times = charts.flatMap(timeKind);
  const kind = times.includes("warmup") ? "warmup" : times[0];
  const time = kind === undefined ? undefined : html` data-time="${kind}"`;
  return html`<div id="controls" role="region" aria-label="What the charts show"${time} hidden></div>
`;
}

/** Whether a chart has a time axis, and whether the axis hides a warm-up at first. */
function timeKind({ spec }: Chart): ("plain" | "warmup")[] {
  const params = (spec.params as { name: string; value: unknown }[] | undefined) ?? [];
  const given = (name: string): unknown => params.find((param) => param.name === name)?.value;
  if (given("tFrom") === undefined) return [];
  return [given("tFrom") === given("runStart") ? "plain" : "warmup"];
}

function factsOf({ policies = [], pools = [] }: Page): PageFacts {
  return {
    policies: policies.map((name, p) => ({ name, colour: policyColour(p) })),
    pools: pools.map((name, i) => ({ name, colour: SERIES_COLOURS[i % SERIES_COLOURS.length] })),
  };
}

function embeddedJson(id: string, value: unknown): Html {
  return html`<script type="application/json" id="${id}">${markup(scriptJson(value))}</script>
`;
}

function requireUnique(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!/^[a-z0-9-]+$/.test(name) || seen.has(name)) throw new Error(`"${name}" is no anchor, or is there twice`);
    seen.add(name);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64");
}
