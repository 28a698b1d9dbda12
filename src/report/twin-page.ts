import { join } from "node:path";
import { writeFileAtomically } from "../experiment/output.js";
import { BUSY_SHARE } from "../live/calibrate/cpu-pressure.js";
import type { Twin, TwinRow } from "../live/twin/twin.js";
import type { Answer } from "./answer.js";
import { twinChart } from "./charts/twin-chart.js";
import { textTableHtml } from "./frontier-tables.js";
import { html } from "./html.js";
import { formatFixed, formatNumber } from "./numbers.js";
import { renderPage } from "./page.js";
import { block, full, intro, optional } from "./page-blocks.js";

/** The conditions of a twin, for its report. */
export interface TwinDocument extends Twin {
  readonly scenario: { readonly name: string; readonly hash: string };
  readonly seed: number;
  readonly version: string;
  readonly policy: string;
  /** One line per condition. */
  readonly conditions: readonly string[];
}

export const TWIN_HEAD = ["metric", "live", "simulated", "error", "live again", "repeat error", "verdict"];

/** A row as it is printed. */
export function twinCells({ metric, unit, live, simulated, again, error, repeatError, within }: TwinRow): string[] {
  const value = (of: number): string => (Number.isFinite(of) ? `${digits(of)}${unit === "" ? "" : ` ${unit}`}` : "–");
  const errors = [
    share(error),
    value(again),
    share(repeatError),
    within === null ? "not compared" : within ? "within" : "apart",
  ];
  return [metric, value(live), value(simulated), ...errors];
}

function digits(value: number): string {
  return formatNumber(value, value >= 1000 ? 4 : 3);
}

function share(value: number | null): string {
  return value === null ? "–" : `${value > 0 ? "+" : ""}${formatFixed(100 * value, 1)} %`;
}

/** Writes twin.json and index.html; returns the page's path. */
export async function writeTwinReport(document: TwinDocument, folder: string): Promise<string> {
  await writeFileAtomically(join(folder, "twin.json"), `${JSON.stringify(document, null, 2)}\n`);
  const page = join(folder, "index.html");
  await writeFileAtomically(page, await twinPage(document));
  return page;
}

/** The page of a twin: how well the simulator matches this machine, and where it does not. */
export function twinPage(document: TwinDocument): Promise<string> {
  const { scenario, policy, seed, version, conditions, rows } = document;
  const table = { title: "Every metric", head: TWIN_HEAD, rows: rows.map(twinCells) };
  return renderPage({
    title: `${scenario.name}: live and simulated`,
    lead: `${policy}, the same arrivals on real processes and in the simulator`,
    answer: twinAnswer(document),
    pictures: optional(twinChart(rows)).map(full),
    sections: [
      {
        id: "twin",
        title: "Evidence: live against simulated",
        blocks: [
          intro(
            "Error: simulated against the first live run; repeat error: the second live run against the " +
              "first. A row is within if its error is at most 10 %, or twice the repeat error. The error of " +
              "the ready streamlets is the mean distance of the two curves over time, as a share of the mean.",
          ),
          block(textTableHtml(table)),
        ],
      },
      {
        id: "conditions",
        title: "Validation: the conditions",
        blocks: [block(html`<ul>${conditions.map((line) => html`<li>${line}</li>`)}</ul>`)],
      },
    ],
    footer: `headrace ${version} · scenario hash ${scenario.hash} · seed ${seed}`,
  });
}

/** How many metrics the simulator matches, and which it does not. */
function twinAnswer({ rows, cpuPressure }: TwinDocument): Answer {
  const isBusy = cpuPressure.some((share) => share !== null && share > BUSY_SHARE);
  const compared = rows.filter(({ within }) => within !== null);
  const apart = compared.filter(({ within }) => within === false);
  const left = rows.filter(({ within }) => within === null).map(({ metric }) => metric);
  const worst = apart.map(({ metric, error }) => `${metric} ${share(error)}`).join(", ");
  return {
    tone: apart.length === 0 ? "better" : "worse",
    sentence:
      apart.length === 0
        ? `The simulator agrees with this machine on all ${compared.length} metrics that both runs have.`
        : `The simulator agrees with this machine on ${compared.length - apart.length} ` +
          `of ${compared.length} metrics; apart: ${worst}.`,
    proof: ["a metric agrees within 10 %, or within twice the difference of two live runs"],
    caveats: [
      isBusy ? "The machine was busy during the live runs: expect other figures when it is quiet." : "",
      left.length === 0 ? "" : `Not compared, since a run has no such figure: ${left.join(", ")}.`,
      "It holds for this machine, this load and the conditions below.",
    ],
  };
}
