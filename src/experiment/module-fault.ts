import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { SourcePlace } from "../base/errors.js";
import { textOfThrown } from "../control/policy-failure.js";

/** Checking the syntax of one file takes some 50 ms. */
const CHECK_TIMEOUT_MS = 5000;

/** Why a module could not be loaded, and where as precisely as can be known. */
export interface LoadingFault {
  readonly where: SourcePlace;
  readonly text: string;
}

/**
 * Reads the place of a loading fault from the error. esbuild names it in its message; a thrown
 * error has it in its stack. A syntax error of JavaScript lacks it when caught, so Node checks the
 * file once more and prints it.
 */
export function loadingFault(file: string, error: unknown): LoadingFault {
  const fromEsbuild = /^(.+?):(\d+):(\d+): ERROR: (.*)$/m.exec(messageOf(error));
  if (fromEsbuild !== null) {
    const [, , line, column, text] = fromEsbuild;
    return { where: { file, line: Number(line), column: Number(column) + 1 }, text };
  }
  const text = textOfThrown(error);
  const place = placeInStack(file, error) ?? (error instanceof SyntaxError ? checkedPlace(file) : undefined);
  return { where: { file, ...place }, text };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function placeInStack(file: string, error: unknown): Place | undefined {
  const { stack } = (error ?? {}) as { readonly stack?: unknown };
  if (typeof stack !== "string") return undefined;
  const name = file.split("/").at(-1) ?? file;
  const frame = stack
    .split("\n")
    .slice(1)
    .find((line) => line.includes(`/${name}`));
  const place = frame === undefined ? null : /:(\d+):(\d+)\)?$/.exec(frame);
  return place === null ? undefined : { line: Number(place[1]), column: Number(place[2]) };
}

/** What `node --check` prints: `[stdin]:LINE`, the line, and a caret below the column. */
function checkedPlace(file: string): Place | undefined {
  if (/\.[cm]?ts$/.test(file)) return undefined;
  const checked = spawnSync(process.execPath, ["--check", "--input-type=module", "-"], {
    input: readFileSync(file),
    encoding: "utf8",
    timeout: CHECK_TIMEOUT_MS,
  });
  const [head, ...rest] = (checked.stderr ?? "").split("\n");
  const line = /^\[stdin\]:(\d+)$/.exec(head ?? "");
  if (line === null) return undefined;
  const caret = rest.find((one) => /^\s*\^+\s*$/.test(one));
  return { line: Number(line[1]), column: caret === undefined ? 1 : caret.indexOf("^") + 1 };
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === "string" ? message : "";
}
