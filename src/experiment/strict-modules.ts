import Module from "node:module";
import { sep } from "node:path";

type Compile = (this: unknown, code: string, file: string, ...others: unknown[]) => unknown;

/**
 * Runs `load` so that the user's CommonJS modules are strict code, as ECMAScript modules always
 * are: an assignment to a locked object then throws at its line, instead of having no effect.
 * Packages are unchanged.
 */
export async function inStrictMode<T>(load: () => Promise<T>): Promise<T> {
  // Node's internal method that compiles CommonJS (pirates and tsx rely on it, too).
  const prototype = Module.prototype as unknown as { _compile: Compile };
  const { _compile: compile } = prototype;
  prototype._compile = function (code, file, ...others) {
    const isOfUser = !file.includes(`${sep}node_modules${sep}`) && !code.startsWith("#!");
    return compile.call(this, isOfUser ? `"use strict";${code}` : code, file, ...others);
  };
  try {
    return await load();
  } finally {
    prototype._compile = compile;
  }
}
