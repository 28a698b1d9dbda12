import { resolve } from "node:path";
import { parseInstant } from "../../base/calendar.js";
import type { ErrorCode } from "../../base/error-codes/all.js";
import { InputError } from "../../base/errors.js";
import { closest } from "../../base/spelling.js";
import { type Dimension, parseQuantity } from "../../base/units.js";
import { type Option, single } from "./option.js";
import { userPath } from "./user-path.js";

/** Any text, as it was written. */
export function text(describe: string): Option<string | undefined> {
  return single(describe, (written) => written);
}

/**
 * A file or folder, relative to the user's folder. `also` is a word that is no path, such as "-".
 */
export function path(describe: string, also?: string): Option<string | undefined> {
  return single(describe, (written, place) => {
    if (written === "") throw fault("HR1005", place, '""', "a path");
    return written === also ? written : userPath(written);
  });
}

/**
 * A policy: a name or a kind as written; a module, which `isPath` recognises, as an absolute path.
 */
export function policy(describe: string, isPath = /[/\\]/): Option<string | undefined> {
  return single(describe, (written) => (isPath.test(written) ? resolve(userPath(written)) : written));
}

interface NumberBounds {
  readonly above?: number;
  readonly below?: number;
  readonly least?: number;
  readonly most?: number;
}

/** A whole number within bounds; without bounds, any that a double holds exactly. */
export function whole(describe: string, bounds: NumberBounds = {}): Option<number | undefined> {
  const expected = `a whole number${boundsText(bounds)}`;
  return single(describe, (written, place) => {
    const value = Number(written);
    if (written.trim() !== "" && Number.isSafeInteger(value) && isWithin(value, bounds)) return value;
    throw fault("HR1004", place, shown(written), expected);
  });
}

/** A finite number within bounds. */
export function number(describe: string, bounds: NumberBounds): Option<number | undefined> {
  const expected = `a number${boundsText(bounds)}`;
  return single(describe, (written, place) => {
    const value = Number(written);
    if (written.trim() !== "" && Number.isFinite(value) && isWithin(value, bounds)) return value;
    throw fault("HR1004", place, shown(written), expected);
  });
}

/** One of a few words; a misspelt one is compared with them. */
export function choice<const T extends string>(describe: string, choices: readonly T[]): Option<T | undefined> {
  const option = single(describe, (written, place): T => {
    const found = choices.find((one) => one === written);
    if (found !== undefined) return found;
    const meant = closest(written, choices);
    throw new InputError({
      code: "HR1003",
      where: place,
      got: `"${written.slice(0, 40)}"`,
      expected: `one of ${choices.map((one) => `"${one}"`).join(", ")}`,
      ...(meant === undefined ? {} : { remedy: `Did you mean ${meant}?` }),
    });
  });
  // Yargs would check them, too, but before a repeated option is refused.
  return { ...option, choices, help: { ...option.help, describe: `${describe} [${choices.join(", ")}]` } };
}

/** A quantity with its unit, in base units (ms, bytes). */
export function quantity(
  describe: string,
  dimension: Dimension,
  bounds: NumberBounds = {},
): Option<number | undefined> {
  return single(describe, (written, place) => inUnits(written, place, dimension, bounds));
}

/** A quantity with its unit, checked and handed on as it was written. */
export function quantityText(
  describe: string,
  dimension: Dimension,
  bounds: NumberBounds = {},
): Option<string | undefined> {
  return single(describe, (written, place) => {
    inUnits(written, place, dimension, bounds);
    return written;
  });
}

function inUnits(written: string, place: string, dimension: Dimension, bounds: NumberBounds): number {
  const value = parseQuantity(dimension, written);
  if (typeof value !== "number") throw new InputError({ code: "HR1005", where: place, ...value });
  if (isWithin(value, bounds)) return value;
  throw fault("HR1004", place, written, `a ${dimension}${boundsText(bounds)}`);
}

/** An instant in UTC, in ms since 1970. */
export function instant(describe: string): Option<number | undefined> {
  return single(describe, (written, place) => {
    const atMs = parseInstant(written);
    if (!Number.isNaN(atMs)) return atMs;
    throw fault("HR1005", place, written, "ISO-8601 in UTC such as 2026-01-05T00:00:00Z");
  });
}

function isWithin(value: number, { above, below, least, most }: NumberBounds): boolean {
  return (
    value > (above ?? Number.NEGATIVE_INFINITY) &&
    value < (below ?? Number.POSITIVE_INFINITY) &&
    value >= (least ?? Number.NEGATIVE_INFINITY) &&
    value <= (most ?? Number.POSITIVE_INFINITY)
  );
}

function boundsText({ above, below, least, most }: NumberBounds): string {
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (above !== undefined && below !== undefined) return ` between ${above} and ${below}`;
  const low = least !== undefined ? ` of at least ${least}` : above !== undefined ? ` above ${above}` : "";
  const high = most !== undefined ? `at most ${most}` : below !== undefined ? `below ${below}` : "";
  return high === "" ? low : low === "" ? ` of ${high}` : `${low}, ${high}`;
}

function shown(written: string): string {
  return Number.isNaN(Number(written)) || written.trim() === "" ? `"${written.slice(0, 40)}"` : written;
}

function fault(code: ErrorCode, where: string, got: string, expected: string): InputError {
  return new InputError({ code, where, got, expected });
}
