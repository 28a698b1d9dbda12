import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { InputError, type SourcePlace } from "../base/errors.js";

/** More than this is no scenario. */
const MAX_BYTES = 4_000_000;

/** A text as a value, with the places of its nodes. */
export interface SourceText {
  readonly value: unknown;
  /** Where the value (or, with `atKey`, the key) at a path stands; the nearest parent when it is absent. */
  place(path: readonly (string | number)[], atKey?: boolean): SourcePlace;
}

/** Parses one YAML document; a syntax error is an InputError at its line and column. */
export function parseYaml(file: string, text: string): SourceText {
  if (text.length > MAX_BYTES)
    throw new InputError({ where: file, got: `${text.length} characters`, expected: `at most ${MAX_BYTES}` });
  if (text.includes("\u0000")) throw new InputError({ where: file, got: "a binary file", expected: "a YAML text" });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new InputError({
      where: { file, line, column: col },
      got: `YAML that cannot be read (${lowerFirst(error.message.split("\n")[0])})`,
      expected: "valid YAML",
      remedy:
        error.code === "TAB_AS_INDENT" || /\t/.test(text.split("\n")[line - 1] ?? "")
          ? "Indent with spaces, not with tabs"
          : "Mend it at that place",
    });
  }
  return {
    value: toValue(file, document),
    place: (path, atKey) => placeOf(file, document, lines, path, atKey ?? false),
  };
}

function toValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new InputError({
      where: file,
      got: error instanceof Error ? error.message : String(error),
      expected: "YAML without excessive aliases",
    });
  }
}

function placeOf(
  file: string,
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
  atKey: boolean,
): SourcePlace {
  for (let length = path.length; length >= 0; length--) {
    const offset = offsetOf(document, path.slice(0, length), atKey || length < path.length);
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  }
  return { file, line: 1, column: 1 };
}

function offsetOf(document: Document, path: readonly (string | number)[], preferKey: boolean): number | undefined {
  if (preferKey && path.length > 0) {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const key = path[path.length - 1];
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0];
    }
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
