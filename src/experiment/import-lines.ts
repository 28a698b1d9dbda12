import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** One import of a module: its text as written, and its place. Line and column count from 1. */
export interface ImportLine {
  readonly specifier: string;
  readonly line: number;
  readonly column: number;
}

const IMPORT = /\b(?:from|import|require)\s*\(?\s*(["'`])([^"'`\n]+)\1/g;

/** The imports in a module's text, in order; none if the text cannot be parsed. */
export function importLines(file: string): readonly ImportLine[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return [...text.matchAll(IMPORT)].map((match) => {
    const before = text.slice(0, match.index + match[0].indexOf(match[1])).split("\n");
    return { specifier: match[2], line: before.length, column: (before.at(-1) ?? "").length + 1 };
  });
}

/** The file that a relative import means; undefined for a package. */
export function importedFile(file: string, { specifier }: ImportLine): string | undefined {
  if (specifier.startsWith("file://")) return fileURLToPath(specifier);
  return /^[./]/.test(specifier) ? resolve(dirname(file), specifier) : undefined;
}
