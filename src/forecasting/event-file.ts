import { parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import type { CalendarEvent } from "../control/forecast/calendar-events.js";
import { readTextFile } from "../traffic/text-file.js";

const MAX_BYTES = 10_000_000;
const EXPECTED =
  'a list such as [{"name": "final", "start": "2026-07-19T19:00:00Z", ' +
  '"end": "2026-07-19T22:00:00Z", "multiplier": 2.5}]';

/**
 * Reads the user's events: a JSON list of name, start, end, and the multiplier if known. Throws
 * InputError for anything else.
 */
export async function readEvents(file: string): Promise<CalendarEvent[]> {
  const text = await readTextFile(file, "a list of events (JSON)", MAX_BYTES);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new InputError({
      code: "HR1110",
      where: file,
      got: error instanceof Error ? error.message : String(error),
      expected: "JSON",
    });
  }
  if (!Array.isArray(list)) throw new InputError({ code: "HR1115", where: file, got: typeof list, expected: EXPECTED });
  return list.map((entry: unknown, i) => eventOf(file, i, entry));
}

function eventOf(file: string, i: number, entry: unknown): CalendarEvent {
  const { name, start, end, multiplier } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const refuse = (got: string): InputError =>
    new InputError({ code: "HR1115", where: `${file}, event ${i + 1}`, got, expected: EXPECTED });
  if (typeof name !== "string" || name === "") throw refuse("no name");
  const startMs = typeof start === "string" ? parseInstant(start) : Number.NaN;
  const endMs = typeof end === "string" ? parseInstant(end) : Number.NaN;
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) throw refuse(`start ${String(start)}, end ${String(end)}`);
  if (endMs <= startMs) throw refuse("an end that is not after its start");
  if (multiplier === undefined) return { name, startMs, endMs };
  if (typeof multiplier !== "number" || !(multiplier >= 0 && multiplier <= 1000))
    throw refuse(`the multiplier ${String(multiplier)}`);
  return { name, startMs, endMs, multiplier };
}
