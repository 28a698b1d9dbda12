import { type Dimension, formatDuration, parseQuantity } from "../../../base/units.js";
import { z } from "../../../base/zod.js";

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
/**
 * A mean time between events, "infinite" and "never" included. Below a millisecond a simulated
 * day would not end.
 */
export const openPeriod = quantity("duration", { infinite: true, positive: true, least: 1 });
export const count = z.number().int().min(0);
export const positiveCount = z.number().int().min(1);
/**
 * A weight, a factor or a multiple. Above a million it is a typing error; below, a sum over a
 * year and a product of two stay finite.
 */
export const multiple = z.number().min(0).max(1e6);
export const positiveMultiple = z.number().gt(0).max(1e6);
/** A factor that never shrinks. */
export const growth = z.number().min(1).max(1e6);
/**
 * The price of an hour, in any currency: bounded, so that a fleet's cost of a year stays finite.
 */
export const price = z.number().min(0).max(1e9);
export const ratio = z.number().min(0).max(1);

/** A share of 0 to 1, or per cent with the sign: 0.001 or "0.1%". */
export const share = z.union([z.number(), z.string()]).transform((input, context): number => {
  const value = typeof input === "number" ? input : percent(input);
  if (value >= 0 && value <= 1) return value;
  const got = describeInput(input);
  const remedy = value > 1 ? `Write ${value}% if that is meant` : "Write 0.001 or 0.1%";
  context.addIssue({
    code: "custom",
    message: got,
    params: { expected: "a share from 0 to 1, or 0% to 100%", remedy },
  });
  return z.NEVER;
});

/** NaN where it is not written as per cent. */
function percent(text: string): number {
  const digits = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1];
  return digits === undefined ? Number.NaN : Number(digits) / 100;
}

/** A share of the minutes, or a duration: {share} or {minutes}. */
export const minuteBudget = z
  .union([z.number(), z.string()])
  .transform((input, context): { readonly share: number } | { readonly minutes: number } => {
    const share = typeof input === "number" ? input : percent(input);
    if (share >= 0 && share <= 1) return { share };
    const durationMs = typeof input === "number" ? Number.NaN : parseQuantity("duration", input);
    if (typeof durationMs === "number" && durationMs >= 0) return { minutes: durationMs / 60_000 };
    const params = {
      expected: "a share of the minutes such as 0.1% or 0.001, or a duration such as 3min",
      remedy: "Give the share with % or the duration with its unit",
    };
    context.addIssue({ code: "custom", message: describeInput(input), params });
    return z.NEVER;
  });

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
