import { eastAsianWidth } from "get-east-asian-width";

/**
 * Marks, joiners and selectors that take no cell. Terminals differ in them, so they are left out.
 */
const ZERO_WIDTH = /^(\p{Mn}|\p{Me}|\p{Cf})$/u;
/** Control characters, halves of surrogate pairs and private ones: drawn as this. */
const REPLACEMENT = "\ufffd";

/** Cells that a character takes: 1 or 2; 0 = it is left out. Anything from space to ~ takes 1. */
export function charWidth(char: string): 0 | 1 | 2 {
  const code = char.codePointAt(0) as number;
  if (code >= 0x20 && code < 0x7f) return 1;
  if (ZERO_WIDTH.test(char)) return 0;
  return eastAsianWidth(code) === 2 ? 2 : 1;
}

/** A text as characters that can be drawn: composed, and without control characters. */
export function drawable(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text.normalize("NFC").replace(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu, REPLACEMENT);
}

/** Cells that a text takes. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of drawable(text)) width += charWidth(char);
  return width;
}

/** A text cut to a width; what was cut shows as "…". */
function cutTo(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return "";
  let cut = "";
  let used = 0;
  for (const char of drawable(text)) {
    const next = charWidth(char);
    if (used + next > width - 1) break;
    cut += char;
    used += next;
  }
  return `${cut}…`;
}

/** Cut or padded on the right to exactly this width. */
export function padTo(text: string, width: number): string {
  const cut = cutTo(text, width);
  return cut + " ".repeat(Math.max(0, width - textWidth(cut)));
}

/** Padded on the left. */
export function padLeft(text: string, width: number): string {
  const cut = cutTo(text, width);
  return " ".repeat(Math.max(0, width - textWidth(cut))) + cut;
}

/** A text in lines of at most `width` cells, broken between words; a longer word keeps its line. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last === "") lines[lines.length - 1] = word;
    else if (textWidth(last) + 1 + textWidth(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text in at most `width` cells; one that is cut ends with "…". */
export function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  for (const char of text) {
    if (textWidth(kept) + charWidth(char) > width - 1) break;
    kept += char;
  }
  return `${kept}…`;
}
