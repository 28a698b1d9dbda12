import type { CheckOutcome } from "../../experiment/check/check.js";
import type { CheckDocument, CheckRow } from "../../experiment/check/check-document.js";
import type { PolicyDivergence } from "../../experiment/check/compare-figures.js";
import type { Answer } from "../answer.js";
import { type AnswerColumn, answerTable } from "../answer-table.js";
import { type Html, html } from "../html.js";
import { formatNumber } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { block, charts, full, half, intro, optional } from "../page-blocks.js";
import { changeChart, courseCharts, type GatedPolicy } from "./check-charts.js";
import { clock, divergenceLines, isQuiet, ROW_HEAD, rowCells, seesSentence, verdictSentence } from "./check-text.js";

/** Rows in the answer, the worst first; "Evidence" has all rows. */
const MOST_ROWS_IN_ANSWER = 6;
/** Policies with charts of their own; the table has all of them. */
const MOST_DRAWN_POLICIES = 12;
/** Columns of ROW_HEAD that hold numbers. */
const NUMBER_COLUMNS = [3, 4, 5, 6];
const VERDICT_COLUMN = 7;

/** The page of a check. `command` is the command line that repeats it. */
export function checkPage(outcome: CheckOutcome, command: string): Page {
  const { document, divergences, figures } = outcome;
  const policies = gatedPolicies(document, divergences);
  const changed = policies.filter((one, i) => i === 0 || isChanged(one, outcome));
  const drawn = changed.slice(0, MOST_DRAWN_POLICIES);
  const apartOf = ({ scenario, policy }: GatedPolicy): PolicyDivergence | undefined =>
    divergences.find((one) => one.scenario === scenario && one.policy === policy);
  const courses = drawn.map((one) => courseCharts(one, apartOf(one), figures));
  const changes = drawn.map((one) => changeChart(one, document.rows));
  const [ofFirst = [], ...ofOthers] = courses;
  const pictures = [...optional(changes[0]), ...ofFirst.slice(0, 1)];
  const further = [...ofFirst.slice(1), ...ofOthers.flat()];
  const scenarios = new Set(document.rows.map((row) => row.scenario)).size;
  return {
    title: "Did this change make a figure worse?",
    lead:
      `${scenarios} ${scenarios === 1 ? "scenario" : "scenarios"} · ${policies.length} gated ` +
      `${policies.length === 1 ? "policy" : "policies"} · ${document.rows.length} gated figures`,
    answer: checkAnswer(document, divergences),
    pictures: pictures.map(pictures.length === 1 ? full : half),
    sections: [
      decisionSection(document, divergences),
      {
        id: "evidence",
        title: "Evidence: every gated figure",
        blocks: [
          ...(changes.length > 1 ? [charts(changes.slice(1).flatMap(optional).map(half))] : []),
          ...(changed.length > drawn.length
            ? [
                intro(
                  `Charts show ${drawn.length} of ${changed.length} policies that changed; the table has all of them.`,
                ),
              ]
            : []),
          block(rowTable(orderedRows(document.rows), "Every gated figure")),
        ],
      },
      ...(further.length === 0 ? [] : [{ id: "courses", title: "Hour by hour", blocks: [charts(further.map(half))] }]),
      validationSection(document, command),
    ],
    footer: `headrace ${document.version}`,
  };
}

/**
 * Policies of the gate, each once: the one that diverges first, then in the order of the rows.
 */
function gatedPolicies(document: CheckDocument, divergences: readonly PolicyDivergence[]): GatedPolicy[] {
  const first = document.firstDivergence;
  const found = [...(first === null ? [] : [first]), ...divergences, ...orderedRows(document.rows)];
  const known = new Map<string, Pick<GatedPolicy, "scenario" | "policy">>();
  for (const { scenario, policy } of found) {
    const key = JSON.stringify([scenario, policy]);
    if (!known.has(key)) known.set(key, { scenario, policy });
  }
  return [...known.values()].map((one, i) => ({ ...one, key: String(i + 1) }));
}

/** Whether a decision or a figure of the policy differs. */
function isChanged({ scenario, policy }: GatedPolicy, { document, divergences }: CheckOutcome): boolean {
  const isOwn = (one: { readonly scenario: string; readonly policy: string }): boolean =>
    one.scenario === scenario && one.policy === policy;
  return divergences.some(isOwn) || document.rows.some((row) => isOwn(row) && row.verdict !== "identical");
}

function checkAnswer(document: CheckDocument, divergences: readonly PolicyDivergence[]): Answer {
  const { verdict, rows, sloFailures, firstDivergence } = document;
  const changed = orderedRows(rows).filter((row) => !isQuiet(row));
  const shown = changed.slice(0, MOST_ROWS_IN_ANSWER);
  return {
    tone: verdict === "regressed" ? "worse" : verdict === "improved" ? "better" : "even",
    sentence: verdictSentence(document),
    proof: [seesSentence(document)],
    caveats: [
      ...sloFailures.map(({ scenario, policy, text }) => `SLO: ${scenario}, ${policy}: ${text}`),
      firstDivergence === null ? laterDivergences(divergences) : `${divergenceLines(firstDivergence)[0]}.`,
      changed.length > shown.length ? `${changed.length - shown.length} further changed figures stand below.` : "",
    ],
    ...(shown.length === 0 ? {} : { figures: answerOf(shown) }),
  };
}

function laterDivergences(divergences: readonly PolicyDivergence[]): string {
  if (divergences.length === 0) return "No decision differs.";
  const list = divergences.map(
    ({ scenario, policy, replications, compared }) =>
      `${policy} in ${scenario} in ${replications.length} of ${compared} replications`,
  );
  return `Decisions differ: ${list.join("; ")}. The first differing decision is not kept.`;
}

/** Rows that fail the gate first: regressed, cannot tell, improved, then the rest. */
function orderedRows(rows: readonly CheckRow[]): readonly CheckRow[] {
  const order: readonly CheckRow["verdict"][] = ["regressed", "cannot-tell", "improved", "same", "identical"];
  return rows.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

function decisionSection(document: CheckDocument, divergences: readonly PolicyDivergence[]): Section {
  const { firstDivergence: found } = document;
  const content = found === null ? intro(laterDivergences(divergences)) : block(decisionTable(found));
  return { id: "first-decision", title: "The first decision that differs", blocks: [content] };
}

function decisionTable(found: NonNullable<CheckDocument["firstDivergence"]>): Html {
  const wanted = [found.from, found.to].map((value) => (value === null ? "nothing yet" : formatNumber(value)));
  const seen = (of: (saw: { readonly [name: string]: number }) => string): string[] =>
    found.saw.map((saw) => (saw === null ? "–" : of(saw)));
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["Wanted streamlets", wanted],
    ["Reason", found.reasons],
    ["Decided at", seen((saw) => clock(saw.atMs))],
    ["Open streams", seen((saw) => formatNumber(saw.open))],
    ["Waiting requests", seen((saw) => formatNumber(saw.waiting))],
    ["Ready streamlets", seen((saw) => formatNumber(saw.ready))],
    ["Spawning streamlets", seen((saw) => formatNumber(saw.spawning))],
  ];
  return html`<p class="intro">${found.policy} in ${found.scenario}, pool ${found.pool}, at ${clock(found.atMs)} of
replication 0: what was wanted, why, and what the policy saw.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Both sides of that decision"><table>
<thead><tr><td></td><th scope="col">Before</th><th scope="col">Now</th></tr></thead>
<tbody>${rows.map(
    ([name, sides]) => html`<tr><th scope="row">${name}</th>${sides.map((side) => html`<td>${side}</td>`)}</tr>
`,
  )}</tbody>
</table></div>`;
}

function validationSection(document: CheckDocument, command: string): Section {
  return {
    id: "validation",
    title: "Validation: how it judges, and how to repeat it",
    blocks: [
      intro(
        "All replications run with the seeds of the baseline. Equal decisions and figures are identical. " +
          "Otherwise each figure has the exact sign-flip test over its paired differences, adjusted over all " +
          `rows (step-down max-T, Westfall and Young 1993); the chance of any false "regressed" or ` +
          `"improved" is at most ${formatNumber(100 * document.alpha)} %. Regressed and improved: shown, and ` +
          "beyond the tolerance. Same: the whole interval lies within the tolerance. Cannot tell: neither.",
      ),
      block(html`<pre tabindex="0"><code>${command}</code></pre>`),
    ],
  };
}

/** The rows that changed, in full on a narrow page, too. */
function answerOf(rows: readonly CheckRow[]): Html {
  const columns = [...ROW_HEAD, "Replications"].map(
    (name, c): AnswerColumn => ({ name, holds: isNumber(c) ? "numbers" : "words" }),
  );
  const cells = rows.map((row) => [
    ...rowCells(row).map((content, c) => (c === VERDICT_COLUMN ? { content, tone: toneOf(row) } : { content })),
    { content: row.replications },
  ]);
  return answerTable("The figures that changed", columns, cells);
}

function isNumber(column: number): boolean {
  return NUMBER_COLUMNS.includes(column) || column === ROW_HEAD.length;
}

function toneOf({ verdict }: CheckRow): Answer["tone"] {
  return verdict === "regressed" ? "worse" : verdict === "improved" ? "better" : "even";
}

/** Rows under ROW_HEAD, each with its number of replications and its coloured verdict. */
function rowTable(rows: readonly CheckRow[], label: string): Html {
  const head = ROW_HEAD.map((name, c) =>
    NUMBER_COLUMNS.includes(c) ? html`<th scope="col" class="number">${name}</th>` : html`<th scope="col">${name}</th>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr>${head}<th scope="col" class="number">Replications</th></tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${rowCells(row).map((cell, c) => rowCell(row, cell, c))}<td
class="number">${row.replications}</td></tr>
`,
  )}</tbody>
</table></div>`;
}

function rowCell(row: CheckRow, text: string, column: number): Html {
  if (column === 0) return html`<th scope="row">${text}</th>`;
  if (NUMBER_COLUMNS.includes(column)) return html`<td class="number">${text}</td>`;
  if (column !== VERDICT_COLUMN) return html`<td>${text}</td>`;
  return html`<td class="word ${toneOf(row)}">${text}</td>`;
}
