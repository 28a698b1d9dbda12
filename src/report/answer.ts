import { type Html, html } from "./html.js";

/** The answer at the top of each page. */
export interface Answer {
  readonly tone: "better" | "worse" | "even";
  /** The answer, in a sentence or two. */
  readonly sentence: string;
  /** The numbers that show it, each a phrase. */
  readonly proof: readonly string[];
  /** Its conditions and limits, a sentence each. */
  readonly caveats: readonly string[];
  /** A table of the few figures that decide. */
  readonly figures?: Html;
}

export function renderAnswer(answer: Answer): Html {
  const { tone, sentence, proof, caveats, figures } = answer;
  const shown = proof.filter((line) => line !== "");
  const notes = caveats.filter((line) => line !== "");
  return html`<div class="answer is-${tone}">
<p class="sentence">${sentence}</p>
${shown.length === 0 ? undefined : html`<p class="proof">${shown.join(" · ")}</p>`}
${figures}
${notes.length === 0 ? undefined : html`<ul class="caveats">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
</div>
`;
}
