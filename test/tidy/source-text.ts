/**
 * TypeScript text with comments, strings and regular expressions blanked out (line breaks stay, so that lines keep their numbers). Code inside
 * `${…}` of a template is kept. A scanner of forty lines is enough: a slash begins a regular expression unless a value stands before it.
 */
export function codeOnly(text: string): string {
  let out = "";
  let i = 0;
  const templates: number[] = [];
  let depth = 0;
  const blank = (end: number): void => {
    out += text.slice(i, end).replace(/[^\n]/g, " ");
    i = end;
  };
  while (i < text.length) {
    const c = text[i];
    if (c === "/" && text[i + 1] === "/") blank(endOf(text, "\n", i));
    else if (c === "/" && text[i + 1] === "*") blank(endOf(text, "*/", i + 2) + 2);
    else if (c === '"' || c === "'") blank(endOfQuoted(text, i));
    else if (c === "`" || (c === "}" && templates.at(-1) === depth)) {
      if (c === "}") templates.pop();
      const end = endOfTemplatePart(text, i + 1);
      const opens = text[end - 1] === "{";
      blank(end);
      if (opens) templates.push(depth);
    } else if (c === "/" && !/[\w)\]]\s*$/.test(out)) blank(endOfRegex(text, i));
    else {
      if (c === "{") depth++;
      if (c === "}") depth--;
      out += c;
      i++;
    }
  }
  return out;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}

function endOfQuoted(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== text[start] && text[i] !== "\n") i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}

/** Just after the closing back-tick, or after the brace of the next `${`. */
function endOfTemplatePart(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "`") return i + 1;
    else if (text[i] === "$" && text[i + 1] === "{") return i + 2;
  }
  return text.length;
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < text.length && text[i] !== "\n"; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "[") inClass = true;
    else if (text[i] === "]") inClass = false;
    else if (text[i] === "/" && !inClass) return i + 1;
  }
  return start + 1;
}
