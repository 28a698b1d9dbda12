import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { InputError } from "../base/errors.js";
import { hashText } from "../base/hash.js";
import type { HistoryLog } from "../control/trainer/series-history.js";
import type { Series } from "../ports/forecaster.js";

/** A gap of more bins than this starts the history anew: two years of five-minute bins. */
const MOST_BINS = 210_240;

/**
 * The bins of one series on disk, append-only: a header line, then `index value checksum` per bin, flushed to the disk bin by bin. A line that a
 * crash cut short is dropped when the file is opened; bins that are missing are unknown. One process writes a file at a time.
 */
export class HistoryFile implements HistoryLog {
  private constructor(
    private readonly descriptor: number,
    /** What the file held when it was opened. */
    readonly past: Series,
  ) {}

  /** Opens or creates the file; `startMs` is used for a new one only. Throws InputError if it is no such file, or has other bins. */
  static open(file: string, startMs: number, binMs: number): HistoryFile {
    if (!existsSync(file)) return HistoryFile.create(file, startMs, binMs);
    const bytes = readFileSync(file);
    const text = bytes.toString("utf8");
    const headerEnd = text.indexOf("\n") + 1;
    // A crash while the header was written leaves no bin behind.
    if (headerEnd === 0 && text.length < 200) return HistoryFile.create(file, startMs, binMs);
    const header = parseHeader(file, text.slice(0, headerEnd));
    if (header.binMs !== binMs)
      throw new InputError({ where: file, got: `bins of ${header.binMs} ms`, expected: `bins of ${binMs} ms` });
    const { values, length } = readBins(text, headerEnd);
    const descriptor = openSync(file, "r+");
    ftruncateSync(descriptor, Buffer.byteLength(text.slice(0, length)));
    closeSync(descriptor);
    return new HistoryFile(openSync(file, "a"), { startMs: header.startMs, binMs, values });
  }

  append(index: number, value: number): void {
    writeSync(this.descriptor, lineOf(index, value));
    fdatasyncSync(this.descriptor);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private static create(file: string, startMs: number, binMs: number): HistoryFile {
    const descriptor = openSync(file, "w");
    writeSync(descriptor, `${JSON.stringify({ headrace: "history", version: 1, startMs, binMs })}\n`);
    fdatasyncSync(descriptor);
    return new HistoryFile(descriptor, { startMs, binMs, values: new Float64Array(0) });
  }
}

function lineOf(index: number, value: number): string {
  const text = `${index} ${Number.isNaN(value) ? "" : value}`;
  return `${text} ${hashText(text)}\n`;
}

function parseHeader(file: string, line: string): { readonly startMs: number; readonly binMs: number } {
  try {
    const { headrace, version, startMs, binMs } = JSON.parse(line) as Record<string, unknown>;
    if (headrace === "history" && version === 1 && typeof startMs === "number" && typeof binMs === "number")
      return { startMs, binMs };
  } catch {
    // Not JSON: the same complaint as for JSON that is something else.
  }
  throw new InputError({
    where: { file, line: 1 },
    got: "no header of a history",
    expected: "a file that headrace wrote",
    remedy: "Name another file, or move this one away",
  });
}

/** The bins up to the first line that is not whole; `length` is where that one starts. */
function readBins(text: string, from: number): { readonly values: Float64Array; readonly length: number } {
  const values: number[] = [];
  let at = from;
  for (;;) {
    const end = text.indexOf("\n", at);
    if (end < 0) break;
    const match = /^(\d+) (\S*) ([0-9a-f]{16})$/.exec(text.slice(at, end));
    if (match === null || hashText(`${match[1]} ${match[2]}`) !== match[3]) break;
    const index = Number(match[1]);
    if (index < values.length || index > MOST_BINS + values.length) break;
    while (values.length < index) values.push(Number.NaN);
    values.push(match[2] === "" ? Number.NaN : Number(match[2]));
    at = end + 1;
  }
  return { values: Float64Array.from(values), length: at };
}
