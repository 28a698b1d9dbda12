import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasModuleEnding, isModule } from "../base/module-path.js";

/** A scenario has a few KiB. A longer file (a run log) names the scenario at its start. */
const READ_BYTES = 262_144;
/** Files that are looked at; a gate names a few scenarios. */
const MOST_FILES = 100;
/** A word of a file that may be a path. */
const WORD = /[^\s"'`,:{}[\]()]+/g;
/** A policy or balancer that a scenario names; a module's path may lack its file ending. */
const NAMED = /"?\b(?:kind|balancer)"?\s*:\s*["']?([^\s"',}\]]+)/g;

/**
 * The user modules that a command line names, directly or in files that it names (scenarios, and
 * files that list scenarios). A quick scan that must miss none; an extra word, as in a comment,
 * does no harm.
 */
export function modulesNamed(words: readonly string[]): readonly string[] {
  const modules = new Set<string>();
  const values = words.map((word) => word.replace(/^--[\w-]+=/, ""));
  // `check` without a file takes this one.
  const files = words[0] === "check" ? [...values, "regression.yaml"] : values;
  for (const value of values) if (hasModuleEnding(value)) modules.add(value);
  const toRead = files.flatMap((file) => [file, join(file, "result.json")]);
  const seen = new Set<string>();
  for (let next = toRead.shift(); next !== undefined && seen.size < MOST_FILES; next = toRead.shift()) {
    if (seen.has(next)) continue;
    const text = headOf(next);
    if (text === undefined) continue;
    seen.add(next);
    for (const [word] of text.matchAll(WORD)) {
      if (hasModuleEnding(word)) modules.add(word);
      if (/\.ya?ml$/.test(word)) toRead.push(join(dirname(next), word));
    }
    for (const [, kind] of text.matchAll(NAMED)) if (isModule(kind)) modules.add(kind);
  }
  return [...modules];
}

/** The first bytes of a regular file as text; undefined if there is none, or it is not readable. */
function headOf(file: string): string | undefined {
  try {
    const descriptor = openSync(file, "r");
    try {
      if (!fstatSync(descriptor).isFile()) return undefined;
      const bytes = Buffer.alloc(READ_BYTES);
      return bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, READ_BYTES, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
