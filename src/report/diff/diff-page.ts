import type { DiffDocument, HourlyPath } from "../../experiment/diff/diff-document.js";
import type { Chart } from "../chart.js";
import { html } from "../html.js";
import { type Page, renderPage } from "../page.js";
import { DIFF_HEAD, diffCells, diffOrder, diffSentence, diffText } from "./diff-text.js";

/** The page of a difference: the sentence, the first decision, the paths by hour, then all figures. */
export function diffPage(document: DiffDocument, version: string): Promise<string> {
  const changed = document.paths.filter(({ a, b }) => a.join() !== b.join());
  const head = html`<thead><tr>${DIFF_HEAD.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>`;
  const body = diffOrder(document.rows).map(
    (row) => html`<tr>${diffCells(row).map((cell) => html`<td>${cell}</td>`)}</tr>`,
  );
  const page: Page = {
    title: "What differs",
    lead: `A: ${document.a}. B: ${document.b}. ${diffSentence(document)}`,
    sections: [
      ...(changed.length === 0
        ? []
        : [
            {
              id: "paths",
              title: "Where in the run",
              blocks: [
                {
                  kind: "charts" as const,
                  charts: changed.map((path) => ({ chart: pathChart(path), size: "full" as const })),
                },
              ],
            },
          ]),
      {
        id: "figures",
        title: "Figures",
        blocks: [{ kind: "html" as const, html: html`<table>${head}<tbody>${body}</tbody></table>` }],
      },
      {
        id: "decisions",
        title: "Decisions and notes",
        blocks: [{ kind: "html" as const, html: html`<pre>${textAfterTable(document)}</pre>` }],
      },
    ],
    footer: `headrace ${version}`,
  };
  return renderPage(page);
}

/** What the terminal shows below its table. */
function textAfterTable(document: DiffDocument): string {
  return diffText({ ...document, rows: [] })
    .split("\n")
    .slice(5)
    .join("\n")
    .trim();
}

function pathChart({ what, a, b }: HourlyPath): Chart {
  const side = (name: string, values: readonly number[]) => values.map((value, hour) => ({ side: name, hour, value }));
  return {
    name: `path-${what.replaceAll(" ", "-")}`,
    title: `${what.charAt(0).toUpperCase()}${what.slice(1)} by hour`,
    description: `${what} of A and of B in each hour of the run.`,
    spec: {
      height: 180,
      data: { values: [...side("A", a), ...side("B", b)] },
      mark: { type: "line", interpolate: "step-after", strokeWidth: 1.6 },
      encoding: {
        x: { field: "hour", type: "quantitative", title: "hour of the run", axis: { tickMinStep: 1 } },
        y: { field: "value", type: "quantitative", title: what },
        color: { field: "side", type: "nominal", title: null },
        strokeDash: { field: "side", type: "nominal", title: null },
      },
    },
  };
}
