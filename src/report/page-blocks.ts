import { type Html, html } from "./html.js";
import type { Block, PlacedChart } from "./page.js";

/** Terms and what they mean here, as a definition list. */
export function definitions(pairs: readonly (readonly [string, string])[]): Html {
  return html`<dl>${pairs.map(
    ([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>
`,
  )}</dl>`;
}

/** The sentence that opens a section. */
export function intro(text: string): Block {
  return block(html`<p class="intro">${text}</p>`);
}

/** Markup as a block of a section. */
export function block(content: Html): Block {
  return { kind: "html", html: content };
}

/** A group of charts as a block of a section. */
export function charts(placed: readonly PlacedChart[]): Block {
  return { kind: "charts", charts: placed };
}

/** A chart over the whole width. */
export function full(chart: PlacedChart["chart"]): PlacedChart {
  return { chart, size: "full" };
}

/** A chart over half the width where there is room. */
export function half(chart: PlacedChart["chart"]): PlacedChart {
  return { chart, size: "half" };
}

/** For spreading: the value, or nothing. */
export function optional<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
