import { z } from "../../../../base/zod.js";
import type { Knob, KnobShape, ObjectKnob } from "../../../../control/policies/kinds/knob.js";
import { openDurationLaw } from "../law.js";
import { duration, positiveDuration } from "../quantity.js";

/**
 * The zod schemas of a kind's knobs. Lone durations share one schema, so that the JSON Schema names
 * it once.
 */
export function knobSchemas(shape: KnobShape): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(shape).map(([key, knob]) => {
      const schema = schemaOf(knob);
      return [key, (knob.optional === true ? schema.optional() : schema).describe(knob.about)];
    }),
  );
}

function schemaOf(knob: Knob): z.ZodType {
  switch (knob.type) {
    case "number":
      return numberSchema(knob);
    case "duration":
      return knob.positive === true ? positiveDuration : duration;
    case "duration-law":
      return openDurationLaw;
    case "boolean":
      return z.boolean();
    case "choice":
      return z.enum(knob.of);
    case "literal":
      return z.literal(knob.value);
    case "text":
      return textSchema(knob);
    case "utc-offset":
      return utcOffset;
    case "list":
      return listSchema(knob);
    case "map":
      return z.record(z.string(), schemaOf(knob.of));
    case "object":
      return objectSchema(knob);
    case "variants":
      return variantsSchema(knob);
    case "policy":
      return z.looseObject({ kind: z.string().min(1) });
  }
}

/** Minutes east of Greenwich as +HH:MM, in ms. */
const utcOffset = z
  .string()
  .regex(/^[+-]\d{2}:[0-5]\d$/, "an offset such as +02:00")
  .transform((text) => {
    const sign = text.startsWith("-") ? -1 : 1;
    return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(4))) * 60_000;
  });

/** For knobs without bounds of their own: products of two stay finite and above rounding. */
const MOST_KNOB = 1e12;

function numberSchema({ above, least, below, most, whole }: Extract<Knob, { type: "number" }>): z.ZodType {
  let schema = whole === true ? z.number().int() : z.number();
  if (above !== undefined) schema = schema.gt(above);
  if (least !== undefined) schema = schema.min(least);
  if (below !== undefined) return schema.lt(below);
  return schema.max(most ?? MOST_KNOB);
}

function textSchema({ least, check }: Extract<Knob, { type: "text" }>): z.ZodType {
  const text = least === undefined ? z.string() : z.string().min(least);
  return check === undefined ? text : text.superRefine((written, context) => refine(check(written), context));
}

function listSchema({ of, least, most }: Extract<Knob, { type: "list" }>): z.ZodType {
  let schema = z.array(schemaOf(of));
  if (least !== undefined) schema = schema.min(least);
  if (most !== undefined) schema = schema.max(most);
  return schema;
}

function objectSchema({ keys, check }: ObjectKnob): z.ZodObject {
  const schema = z.strictObject(knobSchemas(keys));
  return check === undefined ? schema : schema.superRefine((written, context) => refine(check(written), context));
}

function variantsSchema({ by, of }: Extract<Knob, { type: "variants" }>): z.ZodType {
  const [first, ...others] = of;
  const schemas = [objectSchema(first), ...others.map(objectSchema)] as const;
  return by === undefined ? z.union(schemas) : z.discriminatedUnion(by, schemas);
}

function refine(fault: ReturnType<NonNullable<ObjectKnob["check"]>>, context: z.RefinementCtx): void {
  if (fault === undefined) return;
  const { got, expected, remedy } = fault;
  context.addIssue({ code: "custom", message: got, params: { expected, ...(remedy === undefined ? {} : { remedy }) } });
}
