import { type Html, html } from "./html.js";

/** A column of the table in an answer; the first one names the rows. */
export interface AnswerColumn {
  readonly name: string;
  /** Numbers are right-aligned. */
  readonly holds: "numbers" | "words";
}

/** A cell, with the colour of its verdict where it holds one. */
export interface AnswerCell {
  readonly content: Html | string | number;
  readonly tone?: "better" | "worse" | "even";
}

/**
 * The table of an answer. On a narrow page each row is a block of lines, and each line begins
 * with the name of its column (PAGE_STYLE), so that no figure is hidden.
 */
export function answerTable(
  label: string,
  columns: readonly AnswerColumn[],
  rows: readonly (readonly AnswerCell[])[],
): Html {
  const head = columns.map(({ name, holds }) =>
    holds === "numbers" ? html`<th scope="col" class="number">${name}</th>` : html`<th scope="col">${name}</th>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="stacked">
<thead><tr>${head}</tr></thead>
<tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell, c) => cellOf(cell, columns[c], c))}</tr>
`,
  )}</tbody>
</table></div>
`;
}

function cellOf({ content, tone }: AnswerCell, { name, holds }: AnswerColumn, column: number): Html {
  if (column === 0) return html`<th scope="row">${content}</th>`;
  if (holds === "numbers") return html`<td class="number" data-column="${name}">${content}</td>`;
  if (tone === undefined) return html`<td data-column="${name}">${content}</td>`;
  return html`<td class="word ${tone}" data-column="${name}">${content}</td>`;
}
