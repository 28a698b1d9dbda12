import { InputError, type SourcePlace } from "../base/errors.js";
import type { Document, Node } from "./yaml.js";
import { isMap, isNode, isScalar, LineCounter, parseAllDocuments, parseDocument, visit } from "./yaml.js";

/** More than this is no scenario. */
const MAX_BYTES = 4_000_000;

/** A text as a value, with the places of its nodes. */
export interface SourceText {
  readonly value: unknown;
  /**
   * Where the value (or, with `atKey`, the key) at a path stands; the nearest parent when it is
   * absent.
   */
  place(path: readonly (string | number)[], atKey?: boolean): SourcePlace;
}

/** Parses one YAML document; a syntax error is an InputError at its line and column. */
export function parseYaml(file: string, text: string): SourceText {
  checkText(file, text);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  return sourceText(file, text, document, lines);
}

/**
 * Parses a stream of YAML documents (`---` between them); empty ones are left out. Errors as of
 * `parseYaml`.
 */
export function parseYamlStream(file: string, text: string): SourceText[] {
  checkText(file, text);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const documents = Array.isArray(parsed) ? (parsed as Document[]) : [];
  return documents
    .filter((document) => document.errors.length > 0 || document.contents !== null)
    .map((document) => sourceText(file, text, document, lines))
    .filter(({ value }) => value !== null && value !== undefined);
}

function checkText(file: string, text: string): void {
  if (text.length > MAX_BYTES)
    throw new InputError({
      code: "HR1104",
      where: file,
      got: `${text.length} characters`,
      expected: `at most ${MAX_BYTES}`,
    });
  if (text.includes("\u0000"))
    throw new InputError({ code: "HR1103", where: file, got: "a binary file", expected: "a YAML text" });
}

function sourceText(file: string, text: string, document: Document, lines: LineCounter): SourceText {
  const placeAt = (offset: number): SourcePlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const where = placeAt(error.pos[0]);
    const isMultiple = error.code === "MULTIPLE_DOCS";
    throw new InputError({
      code: "HR1111",
      where,
      got: isMultiple
        ? "a second YAML document"
        : `YAML that cannot be read (${lowerFirst(error.message.split("\n")[0])})`,
      expected: isMultiple ? "one document" : "valid YAML",
      remedy: isMultiple
        ? "Remove what follows ---, or put it into a file of its own"
        : error.code === "TAB_AS_INDENT" || /\t/.test(text.split("\n")[(where.line ?? 1) - 1] ?? "")
          ? "Indent with spaces, not with tabs"
          : "Mend it at that place",
    });
  }
  checkNodes(document, placeAt);
  return {
    value: toValue(file, document),
    place: (path, atKey) => placeOf(file, document, lines, path, atKey ?? false),
  };
}

/**
 * Refuses YAML that has no plain value: an anchor inside itself, a key that is no text,
 * `__proto__`.
 */
function checkNodes(document: Document, placeAt: (offset: number) => SourcePlace): void {
  const refused = (node: Node, got: string, expected: string): InputError =>
    new InputError({
      code: "HR1111",
      where: placeAt(node.range?.[0] ?? 0),
      got,
      expected,
      remedy: "Mend it at that place",
    });
  visit(document, {
    Alias(_key, alias, path) {
      const target = alias.resolve(document);
      if (target !== undefined && path.includes(target))
        throw refused(alias, `the anchor &${alias.source} inside itself`, "an alias of something outside");
    },
    Pair(_key, { key }) {
      if (!isNode(key)) return;
      if (!isScalar(key)) throw refused(key, "a key that is a list or a map", "a key that is a text");
      if (key.value === "__proto__") throw refused(key, "the key __proto__", "another name");
    },
  });
}

function toValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new InputError({
      code: "HR1111",
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
