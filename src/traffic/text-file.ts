import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { InputError } from "../base/errors.js";
import { checkRegularFile } from "./regular-file.js";
import { isUtf16, utf16 } from "./utf16.js";

/**
 * Reads a text that the user names, gzip or not. `expected` names what it should be ("a scenario
 * file (YAML)"). Throws InputError.
 */
export async function readTextFile(file: string, expected: string, maxBytes = 64_000_000): Promise<string> {
  checkRegularFile(file, expected);
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
    throw new InputError({ code: "HR1101", where: file, got, expected, remedy: "Check the path" });
  }
  if (bytes.length > maxBytes)
    throw new InputError({
      code: "HR1104",
      where: file,
      got: `${bytes.length} bytes`,
      expected: `${expected} of at most ${maxBytes}`,
    });
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = unzipped(file, bytes, expected, maxBytes);
  if (isUtf16(bytes)) throw utf16(file);
  if (bytes.subarray(0, 4096).includes(0))
    throw new InputError({ code: "HR1103", where: file, got: "a binary file", expected });
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}

function unzipped(file: string, bytes: Buffer, expected: string, maxBytes: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got =
      code === "Z_BUF_ERROR"
        ? "gzip that ends too early"
        : code === "ERR_BUFFER_TOO_LARGE"
          ? `gzip of more than ${maxBytes} bytes`
          : "gzip that is broken";
    throw new InputError({ code: "HR1105", where: file, got, expected, remedy: "Copy it again, or try it with zcat" });
  }
}
