import { z } from "../../../base/zod.js";

/** One value of a variable as a scenario writes it. */
const plainValue = z.union([z.number(), z.string().min(1), z.boolean()]);
const bound = z.union([z.number(), z.string().min(1)]);

/** The values of a variable of a plan or a sweep: from, to and step with their units, or a list. */
export const valueRange = z.union([
  z.array(plainValue).min(1).max(10_000),
  z.strictObject({
    from: bound.describe("First value."),
    to: bound.describe("Last value."),
    step: bound.describe("Distance between two values."),
  }),
]);

export type WrittenRange = z.infer<typeof valueRange>;
export type PlainValue = z.infer<typeof plainValue>;
