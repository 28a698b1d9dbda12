import { readFile } from "node:fs/promises";
import { InputError } from "../base/errors.js";

/** Reads a text that the user names; `expected` says what it should be ("a scenario file (YAML)"). Throws InputError. */
export async function readTextFile(file: string, expected: string, maxBytes = 64_000_000): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const got =
      code === "ENOENT" || code === "ENOTDIR"
        ? "no such file"
        : code === "EISDIR"
          ? "a directory"
          : `a file that cannot be read (${code})`;
    throw new InputError({ where: file, got, expected, remedy: "Check the path" });
  }
  if (bytes.length > maxBytes)
    throw new InputError({ where: file, got: `${bytes.length} bytes`, expected: `${expected} of at most ${maxBytes}` });
  if (bytes.subarray(0, 4096).includes(0)) throw new InputError({ where: file, got: "a binary file", expected });
  return bytes.toString("utf8");
}
