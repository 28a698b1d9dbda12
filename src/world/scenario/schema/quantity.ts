import { z } from "zod";
import { type Dimension, formatDuration, parseQuantity } from "../../../base/units.js";

/** A quantity with its unit, in base units after parsing (ms, bytes, bits/s, per second). */
export function quantity(
  dimension: Dimension,
  options: { readonly infinite?: boolean; readonly positive?: boolean; readonly least?: number } = {},
) {
  return z.union([z.string(), z.number()]).transform((input, context): number => {
    const value = parseQuantity(dimension, input, options.infinite ?? false);
    if (typeof value !== "number") {
      context.addIssue({
        code: "custom",
        message: value.got,
        params: { expected: value.expected, remedy: value.remedy },
      });
      return z.NEVER;
    }
    if (options.positive === true && value === 0) {
      context.addIssue({
        code: "custom",
        message: "0",
        params: { expected: "more than 0", remedy: "Give a positive value" },
      });
      return z.NEVER;
    }
    if (options.least !== undefined && value < options.least) {
      const least = dimension === "duration" ? formatDuration(options.least) : String(options.least);
      context.addIssue({
        code: "custom",
        message: describeInput(input),
        params: { expected: `at least ${least}`, remedy: "Give a larger value" },
      });
      return z.NEVER;
    }
    return value;
  });
}

function describeInput(input: string | number): string {
  return typeof input === "string" ? `"${input.slice(0, 60)}"` : String(input);
}

export const duration = quantity("duration");
export const positiveDuration = quantity("duration", { positive: true });
/** How often something recurs, "infinite" and "never" included: below a millisecond a day of it would never end. */
export const openPeriod = quantity("duration", { infinite: true, positive: true, least: 1 });
export const count = z.number().int().min(0);
export const positiveCount = z.number().int().min(1);
export const ratio = z.number().min(0).max(1);

/** A whole number or "infinite". */
export const openCount = z.union([z.number(), z.string()]).transform((input, context): number => {
  const value = parseQuantity("number", input, true);
  if (typeof value === "number" && (value === Number.POSITIVE_INFINITY || Number.isInteger(value))) return value;
  const remedy = typeof value === "number" ? "Give a whole number" : value.remedy;
  context.addIssue({
    code: "custom",
    message: String(input),
    params: { expected: "a whole number, or infinite", remedy },
  });
  return z.NEVER;
});
