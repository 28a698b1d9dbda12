/**
 * Markup that is safe to place in a page. Only `html`, `markup` and `joinHtml` make it, so text
 * is always escaped.
 */
export class Html {
  constructor(readonly source: string) {}
}

type Piece = string | number | Html | readonly Html[] | undefined;

/**
 * Tagged template: every value that is not Html is escaped; lists of Html are joined, undefined
 * adds nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  let source = strings[0];
  values.forEach((value, i) => {
    source += sourceOf(value) + strings[i + 1];
  });
  return new Html(source);
}

/** Declares a trusted constant to be markup. Never use it for a user's text. */
export function markup(source: string): Html {
  return new Html(source);
}

/** Escapes text for element content and for quoted attributes. */
export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** JSON that is safe inside a script element: no `<`, so neither `</script` nor `<!--`. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function sourceOf(value: Piece): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.source;
  if (Array.isArray(value)) return value.map((piece: Html) => piece.source).join("");
  return escapeText(String(value));
}
