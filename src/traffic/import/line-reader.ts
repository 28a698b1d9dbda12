import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "../../base/errors.js";
import { checkRegularFile } from "../regular-file.js";
import { isUtf16, utf16 } from "../utf16.js";

/**
 * A line of 1 MiB is no line of a log: the file is something else, and must not fill the memory.
 */
const MAX_LINE = 1_048_576;
const CHUNK_BYTES = 1_048_576;

/**
 * Lines of a file, a batch at a time, and how many of its bytes (compressed ones, for gzip) have
 * been read.
 */
export interface LineBatch {
  readonly lines: readonly string[];
  /** Number of the batch's first line, from 1. */
  readonly firstLine: number;
  readonly bytesRead: number;
}

/**
 * Streams the lines of a text file, gzip or not (recognised by its first bytes). Bytes are read as
 * Latin-1: fields keep their bytes, and no byte sequence is an error. Throws InputError for a
 * missing, empty or binary file, and for gzip that ends too early.
 */
export async function* readLines(file: string): AsyncGenerator<LineBatch> {
  checkRegularFile(file, "a text file or gzip of one");
  const isGzip = await looksLikeGzip(file);
  const raw = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const source: Readable = isGzip ? raw.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : raw;
  raw.on("error", (error) => source.destroy(error));
  let rest = "";
  let firstLine = 1;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (firstLine === 1 && rest === "" && chunk.subarray(0, 4096).includes(0))
        throw isUtf16(chunk) ? utf16(file) : binary(file);
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() as string;
      if (rest.length > MAX_LINE) throw tooLong(file, firstLine + lines.length);
      yield { lines, firstLine, bytesRead: raw.bytesRead };
      firstLine += lines.length;
    }
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(file, firstLine, error);
  } finally {
    raw.destroy();
  }
  if (rest !== "") yield { lines: [rest], firstLine, bytesRead: raw.bytesRead };
  else if (firstLine === 1)
    throw new InputError({ code: "HR1109", where: file, got: "an empty file", expected: "lines of a log" });
}

async function looksLikeGzip(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, 1, error);
  }
}

function unreadable(file: string, line: number, error: unknown): InputError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR")
    return new InputError({ code: "HR1101", where: file, got: "no such file", remedy: "Check the path" });
  if (code === "EISDIR")
    return new InputError({
      code: "HR1102",
      where: file,
      got: "a directory",
      expected: "a file",
      remedy: "Name the files in it",
    });
  if (code === "Z_BUF_ERROR")
    return new InputError({
      code: "HR1105",
      where: { file, line },
      got: "gzip that ends too early",
      expected: "a whole file",
      remedy: "Copy it again, or import the part that zcat decompresses",
    });
  if (code === "Z_DATA_ERROR")
    return new InputError({
      code: "HR1105",
      where: { file, line },
      got: "gzip that is broken, or followed by other data",
      expected: "gzip from beginning to end",
      remedy: "Copy it again; if plain lines were appended, import them as a separate file",
    });
  return new InputError({
    code: "HR1101",
    where: { file, line },
    got: `a file that cannot be read (${code})`,
    expected: "a text or gzip",
  });
}

function binary(file: string): InputError {
  return new InputError({
    code: "HR1103",
    where: file,
    got: "a binary file",
    expected: "a log of text lines, or gzip of one",
    remedy: "Parquet is read with --as parquet",
  });
}

function tooLong(file: string, line: number): InputError {
  return new InputError({
    code: "HR1104",
    where: { file, line },
    got: `a line of more than ${MAX_LINE} bytes`,
    expected: "lines of a log",
  });
}
