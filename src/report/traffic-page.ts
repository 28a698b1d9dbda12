import { basename } from "node:path";
import { formatInstant } from "../base/calendar.js";
import type { Inspection } from "../traffic/inspect.js";
import { dayChart, errorChart, hourChart, rateChart } from "./charts/traffic-charts.js";
import { html } from "./html.js";
import { formatDuration, formatNumber } from "./numbers.js";
import { chartFiles, type Page, renderPage } from "./page.js";
import { block, charts, definitions, full, half } from "./page-blocks.js";

const MOST_ROWS = 20;

/** Facts of an inspection as rows: name and value. */
export function inspectionFacts(found: Inspection): [string, string][] {
  const { total, noise } = found;
  const bins = total.values.length;
  const unknown = found.gaps.reduce((sum, gap) => sum + gap.bins, 0);
  const percent = (share: number): string =>
    Number.isNaN(share) ? "trace too short" : `${formatNumber(100 * share, 3)} %`;
  return [
    ["From", formatInstant(total.startMs)],
    ["To", formatInstant(total.startMs + bins * total.binMs)],
    ["Bins", `${formatNumber(bins, 9)} of ${formatDuration(total.binMs)}`],
    [
      "Unknown bins",
      unknown === 0
        ? "none"
        : `${formatNumber(unknown, 9)} in ${found.gaps.length} ${found.gaps.length === 1 ? "gap" : "gaps"}`,
    ],
    ["Mean rate", `${formatNumber(found.meanPerSecond)} /s`],
    [
      "Highest bin",
      Number.isNaN(found.peakToMean)
        ? `${formatNumber(found.peakPerSecond)} /s`
        : `${formatNumber(found.peakPerSecond)} /s (${formatNumber(found.peakToMean, 3)} × the mean)`,
    ],
    ["Daily season explains", percent(found.dailyStrength)],
    ["Weekly season explains", percent(found.weeklyStrength)],
    ["Trend", `${formatNumber(100 * found.parts.trendPerWeek, 2)} % a week`],
    ["Index of dispersion", dispersionText(found)],
    [
      "Lasting noise",
      Number.isNaN(found.dispersion)
        ? dispersionText(found)
        : `${formatNumber(100 * noise.sigma, 2)} %, correlation ${formatNumber(noise.correlation, 3)} from bin to bin`,
    ],
    ["Flash crowds", String(found.crowds.length)],
    ["Lasting shifts of the level", String(found.changePoints.length)],
  ];
}

function dispersionText({ dispersion, meanPerSecond }: Inspection): string {
  if (meanPerSecond === 0) return "no requests";
  return Number.isNaN(dispersion) ? "trace too short" : `${formatNumber(dispersion, 3)} (Poisson = 1)`;
}

/** The files of an inspection's report: a self-contained page, and each chart's specification. */
export async function trafficReportFiles(found: Inspection, file: string): Promise<Map<string, string>> {
  const page = trafficPage(found, file);
  const files = chartFiles(page);
  files.set("index.html", await renderPage(page));
  return files;
}

function trafficPage(found: Inspection, file: string): Page {
  const [first, ...others] = found.meaning;
  return {
    title: `Traffic: ${basename(file)}`,
    lead: `${formatNumber(found.meanPerSecond)} requests per second on average, all series together`,
    answer: {
      tone: "even",
      sentence: first ?? `${formatNumber(found.meanPerSecond)} requests per second on average.`,
      proof: [
        `mean ${formatNumber(found.meanPerSecond)} /s`,
        `highest bin ${formatNumber(found.peakPerSecond)} /s`,
        `dispersion: ${dispersionText(found)}`,
      ],
      caveats: others,
    },
    pictures: [full(rateChart(found))],
    sections: [
      {
        id: "shape",
        title: "Shape",
        blocks: [charts([hourChart(found), dayChart(found), errorChart(found)].map(half))],
      },
      { id: "facts", title: "Evidence", blocks: [block(definitions(inspectionFacts(found)))] },
      { id: "events", title: "Gaps, crowds and shifts", blocks: [block(eventsTable(found))] },
    ],
    footer: "Made by headrace trace inspect.",
  };
}

function eventsTable(found: Inspection): ReturnType<typeof html> {
  const at = (bin: number): string => formatInstant(found.total.startMs + bin * found.total.binMs);
  const rows = [
    ...found.gaps.map((gap) => ({ bin: gap.firstBin, what: "unknown", detail: `${formatNumber(gap.bins, 9)} bins` })),
    ...found.crowds.map((crowd) => ({
      bin: crowd.firstBin,
      what: "flash crowd",
      detail:
        `${formatNumber(crowd.height + 1, 3)} × the expected ` +
        `level, down to 1/e in ${formatDuration(crowd.decayMs)}`,
    })),
    ...found.changePoints.map((point) => ({
      bin: Math.max(0, ((found.parts.firstDay + point.day) * 86_400_000 - found.total.startMs) / found.total.binMs),
      what: "level shifts",
      detail: `to ${formatNumber(100 * point.ratio, 3)} % of what it was`,
    })),
  ].sort((a, b) => a.bin - b.bin);
  if (rows.length === 0) return html`<p>None.</p>`;
  const more =
    rows.length > MOST_ROWS ? html`<p class="caption">The first ${MOST_ROWS} of ${rows.length}.</p>` : undefined;
  const body = rows
    .slice(0, MOST_ROWS)
    .map(({ bin, what, detail }) => html`<tr><td>${at(bin)}</td><td>${what}</td><td>${detail}</td></tr>`);
  return html`${more}<div class="scroll" tabindex="0" role="region" aria-label="Gaps, crowds and shifts"><table>
<thead><tr><th scope="col">From</th><th scope="col">What</th><th scope="col">How much</th></tr></thead>
<tbody>${body}</tbody></table></div>`;
}
