import type { z } from "zod";

/** The keys that a schema knows at a path: what a misspelt one is compared with. */
export function knownKeys(schema: z.ZodType, path: readonly (string | number)[]): readonly string[] {
  let level = spread(schema);
  for (const step of path) {
    level = level.flatMap((one) => {
      const def = definition(one);
      if (def.type === "array" && def.element !== undefined) return spread(def.element);
      if (def.type === "object" && def.shape?.[step] !== undefined) return spread(def.shape[step]);
      return [];
    });
  }
  return Array.from(new Set(level.flatMap((one) => Object.keys(definition(one).shape ?? {}))));
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

function definition(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** Looks through optional, transformed and alternative schemas. */
function spread(schema: z.ZodType): z.ZodType[] {
  const def = definition(schema);
  if (def.innerType !== undefined) return spread(def.innerType);
  if (def.type === "pipe" && def.in !== undefined) return spread(def.in);
  if (def.type === "union") return (def.options ?? []).flatMap(spread);
  return [schema];
}
