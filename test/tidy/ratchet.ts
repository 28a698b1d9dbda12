import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "./rules.js";
import { commentsOnly } from "./source-text.js";
import { CODE, sources } from "./sources.js";

/** Breaches by measure and place. A place that is missing has none. */
export type Ratchet = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One breach of one measure. `place` survives a move within a room such as src/live. */
export interface Finding {
  readonly measure: string;
  readonly place: string;
  readonly amount: number;
  /** file:line */
  readonly at: string;
}

/** What each measure asks for, and how the findings of one place add up. */
const measures = {
  constructorParameters: { combine: "largest", remedy: "a constructor takes at most 4 parameters" },
  functionLines: { combine: "largest", remedy: "a function has at most 60 lines" },
  filesInImportCycles: { combine: "sum", remedy: "files never import each other in a circle, types included" },
  longCommentLines: { combine: "sum", remedy: "a comment line has at most 100 columns" },
  longCodeLines: { combine: "sum", remedy: "a line of code has at most 120 columns" },
  unclearWords: { combine: "sum", remedy: "write plain English: subject, verb, object, the field's words" },
} as const;

type Measure = keyof typeof measures;

/** Longest line that holds a comment, and of any other, in columns. */
const COMMENT_COLUMNS = 100;
const CODE_COLUMNS = 120;

/** Breaches that one message lists. */
const SHOWN = 10;

const unclearWords =
  /\b(retells?|retold|befalls?|befell|obeys?|(is|are|was) told|come to theirs|what became of|nobody knows|whoever)\b/gi;

/** Breaches that need no parser: in all code of root, and in the comments of its TypeScript. */
export function textFindings(root: string): Finding[] {
  const code = ["bin", "native", "scripts", "src", "test"].flatMap((folder) => sources(root, folder, CODE));
  const typed = ["src", "test"].flatMap((folder) => sources(root, folder));
  return [...code.flatMap(longLineFindings), ...typed.flatMap(commentFindings)];
}

/** Lines of code that are too long. A line that is one regular expression cannot be broken. */
export function longLineFindings(file: SourceFile): Finding[] {
  return file.text.split("\n").flatMap((line, i): Finding[] => {
    if (line.length <= CODE_COLUMNS || /^\s*\/.*\/[a-z]*[,;)]*$/.test(line)) return [];
    return [{ measure: "longCodeLines", place: roomOf(file.path), amount: 1, at: `${file.path}:${i + 1}` }];
  });
}

/** Breaches in comments: long lines and unclear words. */
export function commentFindings(file: SourceFile): Finding[] {
  const found: Finding[] = [];
  const add = (measure: Measure, line: number, amount: number): number =>
    found.push({ measure, place: roomOf(file.path), amount, at: `${file.path}:${line}` });
  const whole = file.text.split("\n");
  const comments = commentsOnly(file.text);
  comments.split("\n").forEach((comment, i) => {
    if (comment.trim() !== "" && whole[i].length > COMMENT_COLUMNS) add("longCommentLines", i + 1, 1);
  });
  // A phrase may run over the end of a line; its length stays, so offsets still hold.
  const prose = comments.replace(/\n\s*(\*|\/\/)?/g, (part) => " ".repeat(part.length));
  for (const { index } of prose.replaceAll(/\s(?=\s)/g, "\u200b").matchAll(spaced(unclearWords)))
    add("unclearWords", comments.slice(0, index).split("\n").length, 1);
  return found;
}

/** The pattern with each space widened to a space after blanked columns. */
function spaced(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll(" ", "\u200b* "), pattern.flags);
}

interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly offset: number; readonly line: number } }[];
}

const configuration = fileURLToPath(new URL("ratchet-oxlint.json", import.meta.url));

/**
 * Breaches that need a parser, from oxlint: constructors, functions and import cycles of root/src.
 */
export function codeFindings(root: string): Finding[] {
  const diagnostics = oxlint(root);
  return diagnostics.flatMap((diagnostic): Finding[] => {
    const path = relative(root, join(root, diagnostic.filename)).split(sep).join("/");
    const { offset, line } = diagnostic.labels[0].span;
    const finding = (measure: Measure, name: string, amount: number): Finding[] => [
      { measure, place: [roomOf(path), name].join(" ").trim(), amount, at: `${path}:${line}` },
    ];
    const amount = Number(/\((\d+)\)/.exec(diagnostic.message)?.[1]);
    const fileName = path.split("/").at(-1);
    if (diagnostic.code.includes("no-cycle")) return finding("filesInImportCycles", "", 1);
    if (diagnostic.code.includes("max-lines")) {
      const name = /`([^`]+)`/.exec(diagnostic.message)?.[1] ?? "a nameless function";
      return finding("functionLines", `${fileName} ${name}`, amount);
    }
    // Spans count bytes of UTF-8, not characters.
    const before = readFileSync(join(root, path)).subarray(0, offset).toString();
    if (!/\bconstructor\s*$/.test(before)) return [];
    const owner = [...before.matchAll(/\bclass (\w+)/g)].at(-1)?.[1] ?? "a nameless class";
    return finding("constructorParameters", `${fileName} ${owner}`, amount);
  });
}

function oxlint(root: string): readonly Diagnostic[] {
  const binary = fileURLToPath(new URL("../../node_modules/.bin/oxlint", import.meta.url));
  let text: string;
  try {
    text = execFileSync(binary, ["-c", configuration, "-f", "json", "src"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    // Exit code 1 means that there are findings; the document stands on stdout all the same.
    text = String((error as { stdout?: unknown }).stdout ?? "");
    if (!text.trimStart().startsWith("{")) throw error;
  }
  return (JSON.parse(text) as { diagnostics: Diagnostic[] }).diagnostics;
}

/** Findings by measure and place, in a stable order. */
export function ratchetOf(findings: readonly Finding[]): Ratchet {
  const counts = new Map<string, Map<string, number>>();
  for (const { measure, place, amount } of findings) {
    const places = counts.get(measure) ?? new Map<string, number>();
    const before = places.get(place) ?? 0;
    const combine = measures[measure as Measure].combine;
    places.set(place, combine === "sum" ? before + amount : Math.max(before, amount));
    counts.set(measure, places);
  }
  const ordered = (places: ReadonlyMap<string, number> = new Map()): Record<string, number> =>
    Object.fromEntries([...places].sort(([a], [b]) => (a < b ? -1 : 1)));
  return Object.fromEntries(Object.keys(measures).map((measure) => [measure, ordered(counts.get(measure))]));
}

/** A message for each place that has more breaches than the committed list allows. */
export function aboveRatchet(findings: readonly Finding[], allowed: Ratchet): string[] {
  return Object.entries(ratchetOf(findings)).flatMap(([measure, places]) =>
    Object.entries(places)
      .filter(([place, amount]) => amount > (allowed[measure]?.[place] ?? 0))
      .map(([place, amount]) => {
        const where = findings.filter((finding) => finding.measure === measure && finding.place === place);
        const { remedy } = measures[measure as Measure];
        const limit = allowed[measure]?.[place] ?? 0;
        const more = where.length > SHOWN ? ` and ${where.length - SHOWN} more; git diff main shows the new ones` : "";
        const lines = where.slice(0, SHOWN).map(({ at }) => at);
        return `${place}: ${measure} is ${amount}, at most ${limit}: ${remedy}: ${lines.join(" ")}${more}`;
      }),
  );
}

/**
 * The list with each number lowered to today's if that is lower. No number rises, no entry is
 * added.
 */
export function lowered(allowed: Ratchet, today: Ratchet): Ratchet {
  return Object.fromEntries(
    Object.entries(allowed).map(([measure, places]) => [
      measure,
      Object.fromEntries(
        Object.entries(places)
          .map(([place, amount]): [string, number] => [place, Math.min(amount, today[measure]?.[place] ?? 0)])
          .filter(([, amount]) => amount > 0),
      ),
    ]),
  );
}

/** "src/live" for "src/live/gateway/server.ts"; the file itself directly under src or test. */
function roomOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}
