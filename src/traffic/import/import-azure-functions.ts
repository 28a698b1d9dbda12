import { basename } from "node:path";
import { formatInstant } from "../../base/calendar.js";
import { InputError } from "../../base/errors.js";
import { Binner } from "./binner.js";
import type { Imported } from "./import-log.js";
import type { LabelRules } from "./label-rule.js";
import { readLines } from "./line-reader.js";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** HashOwner, HashApp, HashFunction, Trigger, then one column per minute of the day. */
const FIXED = ["HashOwner", "HashApp", "HashFunction", "Trigger"];
const MINUTES = 1440;

export interface DayFilesImport {
  readonly rules: LabelRules;
  readonly binMs: number;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Azure Functions 2019 (Shahrad et al., USENIX ATC 2020):
 * `invocations_per_function_md.anon.dNN.csv`, a row per function, a column per minute. The day's
 * number comes from the file's name; `firstDayMs` is the date of day 01. Throws InputError.
 */
export async function importAzureFunctions(
  files: readonly string[],
  firstDayMs: number,
  how: DayFilesImport,
): Promise<Imported> {
  const binner = new Binner(files.join(", "), how.binMs, how.rules);
  let requests = 0;
  for (let f = 0; f < files.length; f++) {
    const dayMs = dayOf(files[f], firstDayMs);
    binner.cover(dayMs, dayMs + DAY_MS);
    for await (const { lines, firstLine } of readLines(files[f])) {
      how.signal.throwIfAborted();
      for (let i = 0; i < lines.length; i++) {
        const number = firstLine + i;
        const text = lines[i].trimEnd();
        if (number === 1) checkHeader(files[f], text);
        else if (text !== "") requests += addFunction(binner, files[f], number, text, dayMs);
      }
    }
    how.onProgress((f + 1) / files.length);
  }
  const readAs = `day 01 is ${formatInstant(firstDayMs).slice(0, 10)}, counts of minutes`;
  return { table: binner.table(), requests, broken: 0, firstBroken: undefined, readAs };
}

function dayOf(file: string, firstDayMs: number): number {
  const match = /\.d(\d{2})\b/.exec(basename(file));
  if (match !== null && Number(match[1]) >= 1) return firstDayMs + (Number(match[1]) - 1) * DAY_MS;
  throw new InputError({
    code: "HR1411",
    where: file,
    got: "a name without its day",
    expected: "invocations_per_function_md.anon.dNN.csv, NN from 01",
  });
}

function checkHeader(file: string, text: string): void {
  const names = text.split(",");
  if (FIXED.every((name, i) => names[i] === name) && names.length === FIXED.length + MINUTES) return;
  throw new InputError({
    code: "HR1403",
    where: { file, line: 1, column: 1 },
    got: `the header ${text.slice(0, 60)}`,
    expected: `${FIXED.join(",")},1,…,${MINUTES}`,
  });
}

function addFunction(binner: Binner, file: string, line: number, text: string, dayMs: number): number {
  const cells = text.split(",");
  if (cells.length !== FIXED.length + MINUTES)
    throw new InputError({
      code: "HR1403",
      where: { file, line, column: 1 },
      got: `${cells.length} columns`,
      expected: String(FIXED.length + MINUTES),
    });
  const field = (name: string): string | undefined =>
    cells[FIXED.findIndex((one) => one.toLowerCase() === name.toLowerCase())];
  let sum = 0;
  for (let minute = 0; minute < MINUTES; minute++) {
    const cell = cells[FIXED.length + minute];
    if (cell === "0") continue;
    const count = Number(cell);
    if (!/^\d+(\.\d+)?$/.test(cell))
      throw new InputError({
        code: "HR1404",
        where: { file, line, column: cells.slice(0, FIXED.length + minute).join(",").length + 2 },
        got: `the count "${cell.slice(0, 40)}"`,
        expected: "a number that is not negative",
      });
    sum += count;
    binner.add(dayMs + minute * MINUTE_MS, count, field);
  }
  return sum;
}
