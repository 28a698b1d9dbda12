import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type BuildContext, context } from "esbuild";
import { allTimelines } from "./all-timelines.js";
import type { Library } from "./timeline.js";

const require = createRequire(import.meta.url);
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

/** The first timeline that does not hold once the mutation is made; undefined = all hold. */
export async function broken(mutation: Mutation | undefined): Promise<string | undefined> {
  const library = await libraryWith(mutation);
  return allTimelines.find(({ check }) => fails(() => check(library)))?.sentence;
}

function fails(check: () => void): boolean {
  try {
    check();
    return false;
  } catch {
    return true;
  }
}

let current: Mutation | undefined;
let bundler: BuildContext | undefined;

/**
 * One bundler for all: what is not changed is parsed once. Mutations are made one after another.
 */
async function libraryWith(mutation: Mutation | undefined): Promise<Library> {
  current = mutation;
  bundler ??= await context({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    external: ["zod", "seedrandom"],
    logLevel: "silent",
    plugins: [
      {
        name: "mutant",
        setup(bundle) {
          bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const text = readFileSync(path, "utf8");
            const changed = current !== undefined && path === source + current.file;
            return { contents: changed ? (current as Mutation).mutate(text) : text, loader: "ts" };
          });
        },
      },
    ],
  });
  const { outputFiles } = await bundler.rebuild();
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles?.[0].text ?? "")(module, module.exports, require);
  return module.exports as Library;
}

export async function stopBundling(): Promise<void> {
  await bundler?.dispose();
}
