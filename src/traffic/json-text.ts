import { InputError, type SourcePlace } from "../base/errors.js";
import { parseYaml, type SourceText } from "./yaml-text.js";

/**
 * Parses a JSON text; a syntax error is an InputError at its line and column. It uses the YAML
 * reader, which knows the position of each value.
 */
export function parseJson(file: string, text: string): SourceText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError({
      code: "HR1110",
      where: placeOfFault(file, text, message),
      got: `JSON that cannot be read (${message.replace(/ in JSON at position.*$|,? \(line.*$/s, "").slice(0, 80)})`,
      expected: "valid JSON",
      remedy: "Mend it at that place",
    });
  }
  return { value, place: (path, atKey) => placeIn(file, text, path, atKey) };
}

function placeOfFault(file: string, text: string, message: string): SourcePlace {
  const position = /at position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split("\n");
  return { file, line: before.length, column: before[before.length - 1].length + 1 };
}

function placeIn(file: string, text: string, path: readonly (string | number)[], atKey?: boolean): SourcePlace {
  try {
    return parseYaml(file, text).place(path, atKey);
  } catch {
    // JSON allows tabs, YAML does not: the file as a whole is named instead.
    return { file };
  }
}
