import type { Dimension } from "../../../base/units.js";
import { z } from "../../../base/zod.js";
import { multiple, quantity } from "./quantity.js";

/** A distribution as written; files are read later. `profile` names a calibration profile. */
export type WrittenLaw =
  | number
  | { kind: "constant"; value: number }
  | { kind: "exponential"; mean: number }
  | {
      kind: "lognormal";
      mean?: number | undefined;
      cv?: number | undefined;
      median?: number | undefined;
      p99?: number | undefined;
    }
  | { kind: "pareto"; mean: number; shape: number }
  | { kind: "empirical"; file?: string | undefined; values?: number[] | undefined; dimension: Dimension };

/** The dimension of an empirical distribution's values is kept, since its file is read later. */
function withDimension<T extends { readonly kind: string }>(dimension: Dimension) {
  type Named = T extends { readonly kind: "empirical" } ? T & { dimension: Dimension } : T;
  return (written: T) => (written.kind === "empirical" ? { ...written, dimension } : written) as Named;
}

/**
 * The schemas of a distribution whose values have this dimension; `extra` keys may stand beside
 * its own (a spawn's contention).
 */
function lawObjects<E extends z.ZodRawShape>(dimension: Dimension, extra: E) {
  const value = quantity(dimension);
  const positive = quantity(dimension, { positive: true });
  return [
    z.strictObject({
      kind: z.literal("constant").describe("constant: always the same value."),
      value: value.describe("The value."),
      ...extra,
    }),
    z.strictObject({
      kind: z.literal("exponential").describe("exponential: memoryless with this mean."),
      mean: positive.describe("The mean."),
      ...extra,
    }),
    z.strictObject({
      kind: z.literal("lognormal").describe("lognormal: given by mean and cv, or by median and p99."),
      mean: positive.optional().describe("The mean."),
      cv: multiple.optional().describe("Standard deviation as a multiple of the mean."),
      median: positive.optional().describe("The median."),
      p99: positive.optional().describe("The value that 99 % do not exceed."),
      ...extra,
    }),
    z.strictObject({
      kind: z.literal("pareto").describe("pareto: a heavy tail."),
      mean: positive.describe("The mean."),
      shape: z.number().gt(1).max(1e6).describe("How fast the tail falls; the smaller, the heavier."),
      ...extra,
    }),
    z.strictObject({
      kind: z.literal("empirical").describe("empirical: drawn from measured values."),
      file: z.string().optional().describe("File with one value a line."),
      values: z.array(value).min(1).optional().describe("The values themselves."),
      ...extra,
    }),
  ] as const;
}

/** A bare quantity (constant), or an object by kind. */
export function law(dimension: Dimension) {
  return z.union([
    quantity(dimension),
    z
      .discriminatedUnion("kind", lawObjects(dimension, {}))
      .superRefine(checkLognormal)
      .transform(withDimension(dimension)),
  ]);
}

/** As `law("duration")`, "infinite" included. */
export const openDurationLaw = z.union([
  quantity("duration", { infinite: true }),
  z
    .discriminatedUnion("kind", lawObjects("duration", {}))
    .superRefine(checkLognormal)
    .transform(withDimension("duration")),
]);

const contention = multiple.optional().describe("Each spawn under way at once lengthens a spawn by this share.");

/**
 * A distribution of spawn times, with `contention`; or `{profile: file}` from `headrace
 * calibrate`.
 */
export const spawnLaw = z.union([
  quantity("duration"),
  z
    .discriminatedUnion("kind", lawObjects("duration", { contention }))
    .superRefine(checkLognormal)
    .transform(withDimension("duration")),
  z.strictObject({
    profile: z.string().min(1).describe("A profile that headrace calibrate wrote on the machine in question."),
    contention,
  }),
]);

function checkLognormal(value: { kind: string } & Record<string, unknown>, context: z.RefinementCtx): void {
  if (value.kind === "lognormal") {
    const byMean =
      value.mean !== undefined && value.cv !== undefined && value.median === undefined && value.p99 === undefined;
    const byMedian =
      value.median !== undefined && value.p99 !== undefined && value.mean === undefined && value.cv === undefined;
    if (!byMean && !byMedian) {
      context.addIssue({
        code: "custom",
        message: "a lognormal law without its two parameters",
        params: {
          expected: "mean and cv, or median and p99",
          remedy: "For example {kind: lognormal, mean: 10min, cv: 1.5}",
        },
      });
    }
    if (byMedian && Number(value.p99) < Number(value.median)) {
      context.addIssue({
        code: "custom",
        message: "p99 below the median",
        params: { expected: "p99 ≥ median", remedy: "Swap them" },
      });
    }
  }
  if (value.kind === "empirical" && (value.file === undefined) === (value.values === undefined)) {
    context.addIssue({
      code: "custom",
      message: "an empirical law with neither or both of file and values",
      params: {
        expected: "one of file and values",
        remedy: "For example {kind: empirical, values: [9min, 10min, 14min]}",
      },
    });
  }
}
