import { z } from "zod";
import type { Dimension } from "../../../base/units.js";
import { quantity } from "./quantity.js";

/** A law as written; files are read later. `profile` names a calibration profile. */
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

/** The dimension of an empirical law's values goes with it: its file is read later. */
function withDimension<T extends { readonly kind: string }>(dimension: Dimension) {
  type Named = T extends { readonly kind: "empirical" } ? T & { dimension: Dimension } : T;
  return (written: T) => (written.kind === "empirical" ? { ...written, dimension } : written) as Named;
}

/**
 * The objects of a law whose values have this dimension; `extra` keys may stand beside the law's
 * own (a spawn's contention).
 */
function lawObjects<E extends z.ZodRawShape>(dimension: Dimension, extra: E) {
  const value = quantity(dimension);
  const positive = quantity(dimension, { positive: true });
  return [
    z.strictObject({ kind: z.literal("constant"), value, ...extra }),
    z.strictObject({ kind: z.literal("exponential"), mean: positive, ...extra }),
    z.strictObject({
      kind: z.literal("lognormal"),
      mean: positive.optional(),
      cv: z.number().min(0).optional(),
      median: positive.optional(),
      p99: positive.optional(),
      ...extra,
    }),
    z.strictObject({ kind: z.literal("pareto"), mean: positive, shape: z.number().gt(1), ...extra }),
    z.strictObject({
      kind: z.literal("empirical"),
      file: z.string().optional(),
      values: z.array(value).min(1).optional(),
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

const contention = z.number().min(0).optional();

/** A spawn law, with `contention`; or `{profile: file}` from `headrace calibrate`. */
export const spawnLaw = z.union([
  quantity("duration"),
  z
    .discriminatedUnion("kind", lawObjects("duration", { contention }))
    .superRefine(checkLognormal)
    .transform(withDimension("duration")),
  z.strictObject({ profile: z.string().min(1), contention }),
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
