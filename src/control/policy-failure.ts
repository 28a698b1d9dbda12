/** A policy failed to decide: it threw, or its answer cannot be read. */
export class PolicyFailure extends Error {
  override readonly name = "PolicyFailure";

  constructor(
    /** A word out of a closed set. */
    readonly kind: "policy-threw" | "policy-returned-no-list" | "policy-returned-nonsense",
    message: string,
    /** file:line:column in the user's module; undefined if the error has none. */
    readonly at: string | undefined,
  ) {
    super(message);
  }
}

/** Longest text that is kept of an error. */
const MAX_LENGTH = 200;
const NO_TEXT = "an error without text";

/**
 * The text of a thrown value, on one line. Reading it may run the user's code, which may throw
 * again.
 */
export function textOfThrown(thrown: unknown): string {
  try {
    const isObject = typeof thrown === "object" && thrown !== null;
    const text = isObject && "message" in thrown ? thrown.message : isObject ? undefined : thrown;
    const line = typeof text === "symbol" || text === undefined || text === null ? "" : String(text);
    const short = line.split("\n", 1)[0].slice(0, MAX_LENGTH).trim();
    return short === "" ? NO_TEXT : short;
  } catch {
    return NO_TEXT;
  }
}

/**
 * Where in `module` a value was thrown, as file:line:column: the first frame of its stack that
 * names that file.
 */
export function placeOfThrown(thrown: unknown, module: string): string | undefined {
  try {
    const { stack } = (thrown ?? {}) as { readonly stack?: unknown };
    if (typeof stack !== "string") return undefined;
    const name = module.split("/").at(-1) ?? module;
    for (const line of stack.split("\n").slice(1)) {
      const place = /((?:file:\/\/)?\/[^()]*?)(?:\?[^():]*)?:(\d+):(\d+)\)?$/.exec(line.trim());
      if (place?.[1].endsWith(`/${name}`)) return `${module}:${place[2]}:${place[3]}`;
    }
    return undefined;
  } catch {
    return undefined;
  }
}
