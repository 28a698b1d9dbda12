import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allTimelines } from "./all-timelines.js";
import { SourceModules } from "./source-modules.js";
import type { Library } from "./timeline.js";

const modules = new SourceModules();
const entry = fileURLToPath(new URL("./policy-library.ts", import.meta.url));
const source = fileURLToPath(new URL("../../../src/", import.meta.url));

/** One change to one source file, by its path below src/. */
export interface Mutation {
  readonly file: string;
  readonly what: string;
  readonly mutate: (text: string) => string;
}

export function sourceOf(file: string): string {
  return readFileSync(source + file, "utf8");
}

/**
 * Timelines in the order in which they are tried. The last one that failed comes first: mutations
 * of one file fail the same few of the 154, and the timelines take most of the time.
 */
let order = allTimelines;

/** A timeline that does not hold once the mutation is made; undefined = all hold. */
export function broken(mutation: Mutation | undefined): string | undefined {
  const library = libraryWith(mutation);
  const first = order.find(({ check }) => fails(() => check(library)));
  if (first !== undefined) order = [first, ...order.filter((one) => one !== first)];
  return first?.sentence;
}

function fails(check: () => void): boolean {
  try {
    check();
    return false;
  } catch {
    return true;
  }
}

function libraryWith(mutation: Mutation | undefined): Library {
  const exports =
    mutation === undefined
      ? modules.load(entry)
      : modules.load(entry, source + mutation.file, mutation.mutate(sourceOf(mutation.file)));
  return exports as unknown as Library;
}
