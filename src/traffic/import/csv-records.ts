import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CsvError, parse } from "csv-parse";
import { InputError } from "../../base/errors.js";
import type { CsvDialect } from "./csv-dialect.js";
import { readLines } from "./line-reader.js";

/** One record and the line on which it ends. */
export interface CsvRecord {
  readonly line: number;
  readonly record: string[];
}

/**
 * Streams the records of a CSV, gzip or not, the header first. Lines that begin with # are
 * comments. Throws InputError.
 */
export async function* csvRecords(file: string, dialect: CsvDialect): AsyncGenerator<CsvRecord> {
  // The first batch finds a missing, binary or broken file, with its own message.
  const probe = await readLines(file).next();
  const gzip = !probe.done && (await isGzip(file));
  const parser = parse({
    bom: true,
    comment: "#",
    comment_no_infix: true,
    delimiter: dialect.separator,
    from_line: dialect.headLines + 1,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const raw = createReadStream(file);
  const source = gzip ? raw.pipe(createGunzip()) : raw;
  source.on("error", (error: Error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      yield { line: info.lines, record };
    }
  } catch (error) {
    if (error instanceof CsvError) {
      const line = typeof error.lines === "number" ? error.lines : 1;
      throw new InputError({
        code: "HR1112",
        where: { file, line, column: 1 },
        got: `CSV that cannot be read (${error.code})`,
        expected: "separated values, quotes closed",
      });
    }
    if ((error as NodeJS.ErrnoException).code === "Z_BUF_ERROR")
      throw new InputError({ code: "HR1105", where: file, got: "gzip that ends too early", expected: "a whole file" });
    throw error;
  } finally {
    raw.destroy();
  }
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 1 }) as AsyncIterable<Buffer>)
    return chunk[0] === 0x1f && chunk[1] === 0x8b;
  return false;
}
