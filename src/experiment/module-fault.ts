import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SourcePlace } from "../base/errors.js";
import { textOfThrown } from "../control/policy-failure.js";
import { importedFile, importLines } from "./import-lines.js";

/** Checking the syntax of one file takes some 50 ms. */
const CHECK_TIMEOUT_MS = 5000;
/** Most files whose syntax is checked: the module, then its imports from the user's folders. */
const MOST_CHECKED = 20;

/** Headrace's own files, in whichever form it runs. */
const OWN_CODE = fileURLToPath(new URL("..", import.meta.url));

/** Why a module could not be loaded, and the most precise known place. */
export interface LoadingFault {
  readonly where: SourcePlace;
  readonly text: string;
}

/**
 * Finds the place of a loading error, which may be in a file that the module imports. esbuild
 * names it in its message; a thrown error has it in its stack. A missing import is looked up in
 * the text. A caught syntax error of JavaScript has no place, so Node checks the file once more
 * and prints it.
 */
export function loadingFault(file: string, error: unknown): LoadingFault {
  if (!existsSync(file)) return { where: { file }, text: "no such file" };
  const message = textIn(error, "message");
  const fromEsbuild = /^(.+?):(\d+):(\d+): ERROR: (.*)$/m.exec(message);
  if (fromEsbuild !== null) {
    const [, at, line, column, text] = fromEsbuild;
    const place = { file: pathOf(at), line: Number(line), column: Number(column) + 1 };
    return { where: place.file.startsWith("/") ? place : { ...place, file }, text };
  }
  const where =
    placeOfImport(message) ??
    placeInHead(textIn(error, "stack")) ??
    placeInFrames(file, textIn(error, "stack")) ??
    (error instanceof SyntaxError ? checkedPlace(file) : undefined);
  return { where: where ?? { file }, text: textOfThrown(error) };
}

/** Where a module names what cannot be found. */
function placeOfImport(message: string): SourcePlace | undefined {
  const found =
    /'([^'\n]+)'.* imported from (\S[^\n]*)$/m.exec(message) ??
    /^Cannot find module '([^'\n]+)'\nRequire stack:\n- ([^\n?]+)/.exec(message);
  if (found === null) return undefined;
  const target = pathOf(found[1]);
  const importer = pathOf(found[2]);
  const line = importLines(importer).find((one) => {
    const { specifier } = one;
    return specifier === target || specifier.startsWith(`${target}/`) || importedFile(importer, one) === target;
  });
  return line === undefined ? { file: importer } : { file: importer, line: line.line, column: line.column };
}

/** V8 heads the stack of a fault between modules with FILE:LINE, the line, and a caret. */
function placeInHead(stack: string): SourcePlace | undefined {
  const [head, ...rest] = stack.split("\n");
  const place = /^((?:file:\/\/)?\/.*):(\d+)$/.exec(head);
  return place === null ? undefined : { file: pathOf(place[1]), line: Number(place[2]), column: caretIn(rest) };
}

/** The first frame in the module, or in a file of the user that it imports. */
function placeInFrames(file: string, stack: string): SourcePlace | undefined {
  const name = file.split("/").at(-1) ?? file;
  const frames = stack.split("\n").flatMap((line) => {
    const frame = /(?:\(|\s)((?:file:\/\/)?\/[^()]*?)(?:\?[^():]*)?:(\d+):(\d+)\)?$/.exec(line);
    return frame === null ? [] : [{ file: pathOf(frame[1]), line: Number(frame[2]), column: Number(frame[3]) }];
  });
  const own = frames.find((frame) => frame.file.endsWith(`/${name}`));
  if (own !== undefined) return { ...own, file };
  return frames.find((frame) => !frame.file.includes("/node_modules/") && !frame.file.startsWith(OWN_CODE));
}

/** What `node --check` prints: `[stdin]:LINE`, the line, and a caret below the column. */
function checkedPlace(file: string): SourcePlace | undefined {
  const files = [file];
  for (let i = 0; i < files.length && i < MOST_CHECKED; i++) {
    if (/\.[cm]?ts$/.test(files[i])) continue;
    const place = syntaxFault(files[i]);
    if (place !== undefined) return place;
    const imported = importLines(files[i]).flatMap((one) => importedFile(files[i], one) ?? []);
    files.push(...imported.filter((one) => !files.includes(one)));
  }
  return undefined;
}

function syntaxFault(file: string): SourcePlace | undefined {
  let input: string;
  try {
    input = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const checked = spawnSync(process.execPath, ["--check", "--input-type=module", "-"], {
    input,
    encoding: "utf8",
    timeout: CHECK_TIMEOUT_MS,
  });
  const [head, ...rest] = (checked.stderr ?? "").split("\n");
  const line = /^\[stdin\]:(\d+)$/.exec(head ?? "");
  return line === null ? undefined : { file, line: Number(line[1]), column: caretIn(rest) };
}

/** The column above the first caret; 1 if there is none. */
function caretIn(lines: readonly string[]): number {
  const caret = lines.find((one) => /^\s*\^+\s*$/.test(one));
  return caret === undefined ? 1 : caret.indexOf("^") + 1;
}

function pathOf(text: string): string {
  return text.startsWith("file://") ? fileURLToPath(text.split("?", 1)[0]) : text;
}

function textIn(error: unknown, key: "message" | "stack"): string {
  try {
    const { [key]: text } = (error ?? {}) as Readonly<Record<string, unknown>>;
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  }
}
