import {
  closeSync,
  copyFileSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { InputError } from "../base/errors.js";
import { hashText } from "../base/hash.js";
import { z } from "../base/zod.js";
import type { HistoryLog } from "../control/trainer/series-history.js";
import type { Series } from "../ports/forecaster.js";

/** Number of the file's format; another one is refused. */
const FORMAT = 1;

const headerOfAnyFormat = z.looseObject({ headrace: z.literal("history"), version: z.number() });

/** The first line of the file. `startMs`: start of bin 0, ms since 1970 (UTC). */
const header = headerOfAnyFormat.extend({
  version: z.literal(FORMAT),
  startMs: z.number(),
  binMs: z.number().positive(),
});

/**
 * After a gap of more bins than this the history starts afresh: two years of five-minute bins.
 */
const MOST_BINS = 210_240;

/**
 * The bins of one series on disk, append-only: a header line, then `index value checksum` per
 * bin, flushed to the disk bin by bin. On opening, a line cut short by a crash is dropped.
 * Missing bins are unknown. The caller makes sure that only one process writes a file at a time.
 */
export class HistoryFile implements HistoryLog {
  private constructor(
    private readonly descriptor: number,
    /** What the file held when it was opened. */
    readonly past: Series,
    /** Numbers of the lines that were damaged; they are skipped. */
    readonly damaged: readonly number[],
    /** Length of the file. */
    private bytes: number,
  ) {}

  /**
   * Opens or creates the file; `startMs` is used for a new one only. Lines that are damaged are
   * skipped, the whole file is kept as `FILE.bad`, and the file is written anew without them.
   * Throws InputError if it is no such file, or has other bins.
   */
  static open(file: string, startMs: number, binMs: number): HistoryFile {
    if (!existsSync(file)) return HistoryFile.create(file, startMs, binMs);
    const text = readFileSync(file, "utf8");
    const headerEnd = text.indexOf("\n") + 1;
    // A crash while the header was written leaves no bin behind.
    if (headerEnd === 0 && isStartOfHeader(text)) return HistoryFile.create(file, startMs, binMs);
    const { startMs: firstMs, binMs: written } = parseHeader(file, text.slice(0, headerEnd));
    if (written !== binMs)
      throw new InputError({
        code: "HR1802",
        where: file,
        got: `bins of ${written} ms`,
        expected: `bins of ${binMs} ms`,
      });
    const { values, whole, damaged, length } = readBins(text, headerEnd);
    if (damaged.length > 0) setDamagedAside(file, `${text.slice(0, headerEnd)}${whole.join("")}`);
    const bytes = damaged.length > 0 ? statSync(file).size : Buffer.byteLength(text.slice(0, length));
    truncateSync(file, bytes);
    const past = { startMs: firstMs, binMs, values };
    return new HistoryFile(openSync(file, "a", 0o600), past, damaged, bytes);
  }

  /**
   * Throws the system's error if the line cannot be written whole (a full disk), after removing
   * the part that was written.
   */
  append(index: number, value: number): void {
    const line = Buffer.from(lineOf(index, value));
    try {
      const written = writeSync(this.descriptor, line);
      if (written < line.length) throw Object.assign(new Error("no space is left"), { code: "ENOSPC" });
      fdatasyncSync(this.descriptor);
    } catch (error) {
      ftruncateSync(this.descriptor, this.bytes);
      throw error;
    }
    this.bytes += line.length;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private static create(file: string, startMs: number, binMs: number): HistoryFile {
    const descriptor = openSync(file, "w", 0o600);
    const fields: z.infer<typeof header> = { headrace: "history", version: FORMAT, startMs, binMs };
    const line = `${JSON.stringify(fields)}\n`;
    writeSync(descriptor, line);
    fdatasyncSync(descriptor);
    return new HistoryFile(descriptor, { startMs, binMs, values: new Float64Array(0) }, [], Buffer.byteLength(line));
  }
}

function lineOf(index: number, value: number): string {
  const text = `${index} ${Number.isNaN(value) ? "" : value}`;
  return `${text} ${hashText(text)}\n`;
}

function parseHeader(file: string, line: string): z.infer<typeof header> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    // Not JSON: the same fault as for JSON without a header.
  }
  const found = header.safeParse(json);
  if (found.success) return found.data;
  const other = headerOfAnyFormat.safeParse(json);
  if (other.success && other.data.version !== FORMAT) throw otherFormat(file, other.data.version);
  throw new InputError({
    code: "HR1115",
    where: { file, line: 1 },
    got: "no header of a history",
    expected: "a file that headrace wrote",
    remedy: "Name another file, or move this one away",
  });
}

/** The error for a history of an older or newer format: its bins are never guessed. */
function otherFormat(file: string, version: number): InputError {
  const age = version > FORMAT ? "a newer" : "an older";
  return new InputError({
    code: "HR1114",
    where: { file, line: 1 },
    got: `a history of format ${version}, which ${age} version of headrace wrote`,
    expected: `format ${FORMAT}`,
    remedy: "Use that version, or move the file away: a new history begins",
  });
}

/** True of a header that a crash may have cut short; any other file belongs to somebody else. */
function isStartOfHeader(text: string): boolean {
  const start = '{"headrace":"history",';
  return text.startsWith(start) || start.startsWith(text);
}

/** A copy of the file as it was, then its whole lines in its place. */
function setDamagedAside(file: string, whole: string): void {
  copyFileSync(file, `${file}.bad`);
  writeFileSync(`${file}.tmp`, whole, { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

interface ReadBins {
  readonly values: Float64Array;
  /** The undamaged lines, with their ends. */
  readonly whole: readonly string[];
  readonly damaged: readonly number[];
  /** The position of a last line that a crash cut short; the text's length if there is none. */
  readonly length: number;
}

/** Each line that is whole; a damaged one hides no other. */
function readBins(text: string, from: number): ReadBins {
  const values: number[] = [];
  const whole: string[] = [];
  const damaged: number[] = [];
  let at = from;
  for (let number = 2, end = text.indexOf("\n", at); end >= 0; number++, end = text.indexOf("\n", at)) {
    const line = text.slice(at, end + 1);
    at = end + 1;
    const match = /^(\d+) (\S*) ([0-9a-f]{16})\n$/.exec(line);
    const index = Number(match?.[1]);
    const isWhole = match !== null && hashText(`${match[1]} ${match[2]}`) === match[3];
    if (!isWhole || index < values.length || index > MOST_BINS + values.length) {
      damaged.push(number);
      continue;
    }
    while (values.length < index) values.push(Number.NaN);
    values.push(match[2] === "" ? Number.NaN : Number(match[2]));
    whole.push(line);
  }
  return { values: Float64Array.from(values), whole, damaged, length: at };
}
