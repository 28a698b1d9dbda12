/**
 * TypeScript text with comments, strings and regular expressions blanked out. Line breaks stay, so
 * that lines keep their numbers. Code inside `${…}` of a template is kept.
 */
export function codeOnly(text: string): string {
  return scan(text).code;
}

/** The text with everything but its comments blanked out. Line breaks stay. */
export function commentsOnly(text: string): string {
  return scan(text).comments;
}

/**
 * A short scanner is enough: a slash begins a regular expression unless a value stands before it.
 */
function scan(text: string): { readonly code: string; readonly comments: string } {
  let code = "";
  let comments = "";
  let i = 0;
  const templates: number[] = [];
  let depth = 0;
  const skip = (end: number, isComment = false): void => {
    const part = text.slice(i, end);
    const blanks = part.replace(/[^\n]/g, " ");
    code += blanks;
    comments += isComment ? part : blanks;
    i = end;
  };
  while (i < text.length) {
    const c = text[i];
    if (c === "/" && text[i + 1] === "/") skip(endOf(text, "\n", i), true);
    else if (c === "/" && text[i + 1] === "*") skip(Math.min(endOf(text, "*/", i + 2) + 2, text.length), true);
    else if (c === '"' || c === "'") skip(endOfQuoted(text, i));
    else if (c === "`" || (c === "}" && templates.at(-1) === depth)) {
      if (c === "}") templates.pop();
      const end = endOfTemplatePart(text, i + 1);
      const opens = text[end - 1] === "{";
      skip(end);
      if (opens) templates.push(depth);
    } else if (c === "/" && !/[\w)\]]\s*$/.test(code.slice(-200))) skip(endOfRegex(text, i));
    else {
      if (c === "{") depth++;
      if (c === "}") depth--;
      code += c;
      comments += c === "\n" ? c : " ";
      i++;
    }
  }
  return { code, comments };
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
