import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError } from "../../base/errors.js";

/**
 * How streamlets of a class run: as a Node process, as the small static C program, or as that
 * program forked by a zygote.
 */
export type Runtime = "node" | "native" | "zygote";

/**
 * A spawn takes 21 ms, and 55 or more with an inherited NODE_EXTRA_CA_CERTS or NODE_OPTIONS. So
 * only variables that a process needs are passed on.
 */
const KEPT_ENVIRONMENT = ["PATH", "LANG", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"];

export function scrubbedEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const name of KEPT_ENVIRONMENT) if (from[name] !== undefined) kept[name] = from[name];
  return kept;
}

/** Paths of entries are written from the folder `live`. */
const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The compiled entry, also if this file runs from its TypeScript source (tests). */
export function compiledEntry(path: string): string {
  const built = here(path);
  return existsSync(built) ? built : built.replace(/\/src\/live\//, "/dist/live/");
}

/**
 * The C program; HEADRACE_STREAMLET names another build of it (in tests, one with sanitizers).
 */
export const nativeStreamlet = (): string =>
  process.env.HEADRACE_STREAMLET ?? compiledEntry("./native/streamlet").replace("/src/live/", "/dist/live/");

/**
 * The command of one streamlet, which limits itself to this many bits per second (0 = no limit).
 * Throws an InputError if the native one was not built.
 */
export function streamletCommand(
  runtime: Runtime,
  beatMs: number,
  formats: readonly string[],
  bitsPerSecond: number,
  isolation: string,
): string[] {
  const rest = [String(beatMs), formats.join(","), String(bitsPerSecond), isolation];
  if (runtime === "node") return [process.execPath, compiledEntry("./streamlet/main.js"), ...rest];
  const program = nativeStreamlet();
  if (!existsSync(program)) {
    throw new InputError({
      code: "HR1502",
      got: "streamlets of the ultra-light class, whose program was not built",
      expected: program,
      remedy: "Build it with `headrace doctor --build-native` (needs a C compiler), or take the Node runtime",
    });
  }
  return [program, ...rest];
}
