import type { DiffDocument, HourlyPath } from "../../experiment/diff/diff-document.js";
import type { Chart } from "../chart.js";
import { pathChart } from "../charts/path-chart.js";
import { textTableHtml } from "../frontier-tables.js";
import { html } from "../html.js";
import { renderPage } from "../page.js";
import { block, half } from "../page-blocks.js";
import { DIFF_HEAD, diffCells, diffOrder, diffSentence, diffText } from "./diff-text.js";

/**
 * The page of a difference: the sentence, the charts by hour, all figures, the first decision
 * that differs.
 */
export function diffPage(document: DiffDocument, version: string): Promise<string> {
  const changed = document.paths.filter(({ a, b }) => a.join() !== b.join());
  const rows = diffOrder(document.rows).map(diffCells);
  const unknown = document.rows.filter((row) => row.word === "cannot tell").length;
  return renderPage({
    title: "What differs",
    lead: `A: ${document.a} · B: ${document.b}`,
    answer: {
      tone: "even",
      sentence: diffSentence(document),
      proof: [`noise from ${document.noise}`],
      caveats: [
        unknown === 0 ? "" : `${unknown} figures can not be compared: one side has one run only.`,
        ...document.notes.map((note) => `${note}.`),
        document.kind === "results" || document.firstDivergence !== null ? "" : "No decision differs.",
      ],
    },
    pictures: changed.map((path) => half(courseChart(path))),
    sections: [
      {
        id: "figures",
        title: "Evidence: the figures",
        blocks: [block(textTableHtml({ title: "Figures of A and B", head: DIFF_HEAD, rows }))],
      },
      {
        id: "decisions",
        title: "Decisions and notes",
        blocks: [block(html`<pre tabindex="0">${textAfterTable(document)}</pre>`)],
      },
    ],
    footer: `headrace ${version}`,
  });
}

/** What the terminal shows below its table. */
function textAfterTable(document: DiffDocument): string {
  return diffText({ ...document, rows: [] })
    .split("\n")
    .slice(5)
    .join("\n")
    .trim();
}

function courseChart({ what, a, b }: HourlyPath): Chart {
  return pathChart({
    name: `path-${what.replaceAll(" ", "-")}`,
    title: `${what.charAt(0).toUpperCase()}${what.slice(1)} by hour`,
    what,
    sides: [
      { name: "A", values: a },
      { name: "B", values: b },
    ],
  });
}
