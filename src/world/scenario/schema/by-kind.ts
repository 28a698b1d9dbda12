import { z } from "../../../base/zod.js";

/**
 * An entry that its key `kind` describes: one of the built-in kinds, or (where `module` is given)
 * the path of a module, whose knobs are its own.
 */
export function byKind(kinds: readonly z.ZodObject[], module?: z.ZodObject): z.ZodType<{ readonly kind: string }> {
  const builtIn = z.discriminatedUnion("kind", kinds as [z.ZodObject, ...z.ZodObject[]]);
  const schema = module === undefined ? builtIn : z.union([builtIn, module]);
  return schema as unknown as z.ZodType<{ readonly kind: string }>;
}
