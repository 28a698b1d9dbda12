import { InputError } from "../base/errors.js";
import { z } from "../base/zod.js";
import { faultsOf } from "../world/scenario/schema/issues.js";
import { multiple, positiveMultiple } from "../world/scenario/schema/quantity.js";
import type { SourceText } from "./yaml-text.js";

const seriesModel = z.strictObject({
  region: z.string().optional(),
  format: z.string().optional(),
  segment: z.string().optional(),
  /** Mean requests per second over an average week. */
  meanPerSecond: positiveMultiple,
  /**
   * Relative level by hour of the day in UTC, 24 values, for weekdays and for weekends; joined by a
   * smooth curve.
   */
  weekday: z.array(multiple).length(24),
  weekend: z.array(multiple).length(24),
});

/** A workload model as written. */
export const workloadSchema = z.strictObject({
  kind: z.literal("workload"),
  binSeconds: z.number().int().min(1).max(86_400),
  seed: z.number().int(),
  series: z.array(seriesModel).min(1).max(1000),
  /**
   * Noise of the level, in logarithms, shared by all series: standard deviation and correlation
   * from bin to bin. `white` is the standard deviation of the part independent from bin to bin,
   * beyond Poisson (0 if left out).
   */
  noise: z.strictObject({
    sigma: z.number().min(0).max(2),
    correlation: z.number().min(0).lt(1),
    white: z.number().min(0).max(2).optional(),
  }),
  /** One factor per day, lognormal with this standard deviation. */
  dayToDaySigma: z.number().min(0).max(2),
  /** Growth of the level per week, e.g. 0.01. */
  trendPerWeek: z.number().gt(-1).max(1),
  /**
   * Flash crowds: how many a week, how high (× the level), how long until they have decayed to 1/e.
   */
  flashCrowds: z.strictObject({
    perWeek: multiple,
    height: multiple,
    decayMinutes: positiveMultiple,
  }),
  /** How long streams hold, where it is known. */
  holding: z.strictObject({ meanSeconds: z.number().gt(0).max(1e9), cv: multiple }).optional(),
});

/**
 * A compact description of traffic, from which `generate` makes traces. It can be shared without
 * the data.
 */
export type WorkloadModel = z.infer<typeof workloadSchema>;

/**
 * Checks a parsed JSON document. An InputError names every fault, with its `place` if that is
 * given, else with the file.
 */
export function parseWorkloadModel(file: string, document: unknown, place?: SourceText["place"]): WorkloadModel {
  const parsed = workloadSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const faults = faultsOf(parsed.error.issues, document, workloadSchema).map(
    ({ path, atKey, code, got, expected, remedy }) => ({
      code: code ?? "HR1203",
      where: place?.(path, atKey) ?? file,
      got: atKey === true || path.length === 0 ? got : `${path.join(".")}: ${got}`,
      expected: expected ?? "a workload model",
      remedy: remedy ?? "headrace trace fit writes one",
    }),
  );
  throw new InputError(faults[0], faults.slice(1));
}
