import { InputError, type SourcePlace } from "../base/errors.js";
import { type Dimension, parseQuantity } from "../base/units.js";
import type { PlainValue, WrittenRange } from "../world/scenario/schema/value-range.js";

/** A range with more values than this is refused before it is spelled out. */
const MOST_VALUES = 10_000;
const DIMENSIONS: readonly Dimension[] = ["number", "duration", "bytes", "bitrate", "rate"];
/** Digits that are kept: 0.1 + 2 · 0.1 is to be 0.3. */
const DIGITS = 12;

/**
 * The values of a range in order, with `to` if a step reaches it. Values of `{from, to, step}`
 * have the unit of `step`. `name` is used in messages. Throws InputError at `where` for
 * incompatible units, an empty range, or too many values.
 */
export function valuesOfRange(range: WrittenRange, name: string, where: SourcePlace | string): readonly PlainValue[] {
  const refuse = (got: string, expected: string, remedy: string): InputError =>
    new InputError({ code: "HR1207", where, got: `${name}: ${got}`, expected, remedy });
  if (!("from" in range)) {
    const twice = range.find((value, i) => range.indexOf(value) !== i);
    if (twice !== undefined) throw refuse(`${String(twice)} twice`, "values that differ", "Remove one of them");
    return range;
  }
  const read = readBounds(range);
  if (read === undefined) {
    const written = `from ${range.from} to ${range.to} by ${range.step}`;
    throw refuse(written, "three quantities of one kind", "For example {from: 10s, to: 1min, step: 10s}");
  }
  const { from, to, step, unit, factor } = read;
  if (!(step > 0)) throw refuse(`a step of ${range.step}`, "more than 0", "Give a positive step, or a list");
  if (from > to)
    throw refuse(`from ${range.from} to ${range.to}, which is empty`, "from ≤ to", "Exchange them, or give a list");
  // 1e-9 of a step: 0.1 … 0.5 by 0.1 has five values in spite of binary fractions.
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > MOST_VALUES) throw refuse(`${count} values`, `at most ${MOST_VALUES}`, "Give a larger step");
  return Array.from({ length: count }, (_, i) => {
    const value = Number(((from + i * step) / factor).toPrecision(DIGITS));
    return unit === "" ? value : `${value}${unit}`;
  });
}

/** The bounds in base units of the first dimension that reads all three. */
function readBounds(range: Extract<WrittenRange, { readonly from: unknown }>) {
  const unit = /[a-zA-Zµ/].*$/.exec(String(range.step).replace(/^[-+\d._]+(?:[eE][-+]?\d+)?/, ""))?.[0] ?? "";
  for (const dimension of DIMENSIONS) {
    const [from, to, step] = [range.from, range.to, range.step].map((bound) => parseQuantity(dimension, bound));
    if (typeof from !== "number" || typeof to !== "number" || typeof step !== "number") continue;
    const factor = unit === "" ? 1 : parseQuantity(dimension, `1${unit}`);
    if (typeof factor === "number" && factor > 0) return { from, to, step, unit, factor };
  }
  return undefined;
}

/**
 * A value in base units, for comparison with others of its kind; undefined for words and for true
 * and false.
 */
export function baseValue(value: PlainValue): number | undefined {
  if (typeof value === "boolean") return undefined;
  for (const dimension of DIMENSIONS) {
    const read = parseQuantity(dimension, value, true);
    if (typeof read === "number") return read;
  }
  return undefined;
}
