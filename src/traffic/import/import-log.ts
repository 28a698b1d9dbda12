import { stat } from "node:fs/promises";
import { InputError, type SourcePlace } from "../../base/errors.js";
import { formatCount } from "../../base/units.js";
import type { TraceTable } from "../../world/scenario/resources.js";
import { Binner } from "./binner.js";
import type { LabelRules } from "./label-rule.js";
import { readLines } from "./line-reader.js";
import { metricField, OneMetric } from "./one-metric.js";
import { quietNotes } from "./quiet-stretch.js";
import type { RecordFault, RecordFormat } from "./record-format.js";

/**
 * With a larger share of broken lines than this, the layout is more likely wrong than the log.
 */
const MAX_BROKEN_SHARE = 0.01;

export interface LogImport {
  readonly format: RecordFormat;
  readonly binMs: number;
  readonly rules: LabelRules;
  /** Only requests in [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
  /** Broken lines are counted, however many there are. */
  readonly lenient: boolean;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** The result of an import. */
export interface Imported {
  readonly table: TraceTable;
  readonly requests: number;
  readonly broken: number;
  /** The first broken line, as `file:line: text`; undefined when there is none. */
  readonly firstBroken: string | undefined;
  /** How the input was read, in words. */
  readonly readAs: string;
  /** Notes for the user, a sentence each. */
  readonly notes?: readonly string[];
}

/**
 * Counts the requests of access logs, in any order, over any number of files. Throws InputError;
 * memory does not grow with the files.
 */
export async function importLogs(files: readonly string[], how: LogImport): Promise<Imported> {
  const { format } = how;
  const binner = new Binner(files.join(", "), how.binMs, how.rules);
  const field = (name: string): string | undefined => format.field(name);
  const sizes = await Promise.all(files.map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const metrics = new OneMetric();
  let requests = 0;
  let broken = 0;
  let firstBroken: string | undefined;
  let why: RecordFault | undefined;
  let before = 0;
  for (let f = 0; f < files.length; f++) {
    format.startFile?.();
    for await (const { lines, firstLine, bytesRead } of readLines(files[f])) {
      how.signal.throwIfAborted();
      for (let i = 0; i < lines.length; i++) {
        const line = lines[i];
        if (line === "" || line === "\r" || format.isComment?.(line) === true) continue;
        if (format.parse(line)) {
          if (format.keys !== undefined)
            metrics.add(field(metricField(format.keys, how.rules) ?? ""), place(files[f], firstLine + i));
          if (format.atMs < how.fromMs || format.atMs >= how.toMs) continue;
          requests++;
          binner.add(format.atMs, 1, field);
        } else if (line.trim() !== "") {
          broken++;
          why ??= format.fault;
          firstBroken ??= `${files[f]}:${firstLine + i}: ${printable(line)}`;
        }
      }
      how.onProgress((before + bytesRead) / Math.max(1, total));
    }
    before += sizes[f];
  }
  checkBroken(how, requests, broken, firstBroken, why);
  const table = binner.table();
  return { table, requests, broken, firstBroken, readAs: format.readAs, notes: quietNotes(table) };
}

function checkBroken(
  how: LogImport,
  requests: number,
  broken: number,
  firstBroken: string | undefined,
  why: RecordFault | undefined,
): void {
  if (how.lenient || firstBroken === undefined || broken <= MAX_BROKEN_SHARE * (broken + requests)) return;
  const reason = why === undefined ? "" : ` (${why.got})`;
  throw new InputError({
    code: "HR1412",
    got:
      `${formatCount(broken)} of ${formatCount(broken + requests)} lines are not ` +
      `of the layout ${how.format.name}; the first is ${firstBroken}${reason}`,
    expected: `at most ${MAX_BROKEN_SHARE * 100} % broken lines`,
    remedy: why?.remedy ?? "Name the layout with --as, or take the rest with --lenient",
  });
}

function place(file: string, line: number): SourcePlace {
  return { file, line, column: 1 };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    // The reader reports the fault.
    return 0;
  }
}

/** A line for display: without control characters, and shortened. */
function printable(line: string): string {
  const shown = line.slice(0, 120).replaceAll(/[^\x20-\x7e]/g, "?");
  return line.length > 120 ? `${shown}…` : shown;
}
