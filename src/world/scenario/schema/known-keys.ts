import { z } from "../../../base/zod.js";

/** Keys that belong elsewhere and are often written at this object, each with its remedy. */
export const keysElsewhere = z.registry<ReadonlyMap<string, string>, z.ZodType>();

/** Keys of one form that an object has besides those it names, such as startLatencyP99 and P95. */
interface KeyFamily {
  readonly pattern: RegExp;
  readonly examples: readonly string[];
}
export const keyFamilies = z.registry<KeyFamily, z.ZodType>();

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly values?: readonly unknown[];
}

export function definition(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** The keys that a schema has at a path of a document, for the suggestion on a misspelt one. */
export function knownKeys(
  schema: z.ZodType,
  path: readonly (string | number)[],
  document?: unknown,
): readonly string[] {
  const keys = schemasAt(schema, path, document).flatMap((one) => [
    ...(keyFamilies.get(one)?.examples ?? []),
    ...Object.keys(definition(one).shape ?? {}),
  ]);
  return Array.from(new Set(keys));
}

/**
 * The schemas that may apply to the value at a path. Of alternatives that a literal distinguishes
 * (`kind`, `source`), those that match the document's own literal; without a document, all.
 */
export function schemasAt(
  schema: z.ZodType,
  path: readonly (string | number)[],
  document?: unknown,
): readonly z.ZodType[] {
  let value = document;
  let level = alternatives(schema).filter((one) => fits(one, value));
  for (const step of path) {
    value = value !== null && typeof value === "object" ? (value as Record<string | number, unknown>)[step] : undefined;
    level = level.flatMap((one) => {
      const { type, element, shape } = definition(one);
      const next = type === "array" ? element : type === "object" ? shape?.[step] : undefined;
      return next === undefined ? [] : alternatives(next).filter((other) => fits(other, value));
    });
  }
  return level;
}

/** Looks through optional, transformed and alternative schemas. */
export function alternatives(schema: z.ZodType): z.ZodType[] {
  const { type, innerType, in: input, options = [] } = definition(schema);
  if (innerType !== undefined) return alternatives(innerType);
  if (type === "pipe" && input !== undefined) return alternatives(input);
  if (type === "union") return options.flatMap(alternatives);
  return [schema];
}

/**
 * The key and literal that distinguish an object from its alternatives, such as kind and "poisson".
 */
export function discriminatorOf(schema: z.ZodType): readonly [key: string, value: unknown] | undefined {
  for (const [key, one] of Object.entries(definition(schema).shape ?? {})) {
    const { type, values = [] } = definition(one);
    if (type === "literal") return [key, values[0]];
  }
  return undefined;
}

function fits(schema: z.ZodType, value: unknown): boolean {
  const discriminator = discriminatorOf(schema);
  if (discriminator === undefined || value === null || typeof value !== "object") return true;
  const written = (value as Record<string, unknown>)[discriminator[0]];
  return written === undefined || written === discriminator[1];
}
