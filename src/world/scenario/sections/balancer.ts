import { z } from "zod";
import { type BalancerKind, balancerKinds } from "../../../control/balancers/built-in.js";
import { defaultScoreWeights } from "../../../control/balancers/weighted-score.js";
import { isModule, modulePath } from "../module-path.js";
import type { Resources } from "../resources.js";
import { byKind } from "../schema/by-kind.js";
import type { Fact, FactWords } from "../section.js";

export interface BalancerSpec {
  /** A built-in kind, or the path of a module as the scenario gives it. */
  readonly kind: string;
  /** Absolute path, where the kind is a module. */
  readonly module?: string;
  readonly knobs: Readonly<Record<string, unknown>>;
}

const weight = (value: number) => z.number().min(0).default(value);

/** The knobs of each built-in balancer. */
const knobs: Readonly<Record<BalancerKind, z.ZodRawShape>> = {
  "least-connections": {},
  "weighted-round-robin": {},
  "weighted-score": {
    load: weight(defaultScoreWeights.load),
    distance: weight(defaultScoreWeights.distance),
    format: weight(defaultScoreWeights.format),
  },
  "power-of-two": {},
  packing: {},
};

const entry = byKind(
  balancerKinds.map((kind) => z.strictObject({ kind: z.literal(kind), ...knobs[kind] })),
  z.looseObject({ kind: modulePath }),
);

/** A balancer by its kind alone, or an object with the kind and its knobs. */
const schema = z.union([z.union([z.enum(balancerKinds), modulePath]).transform((kind) => ({ kind })), entry]);

interface World {
  readonly balancer: BalancerSpec;
}

export const balancerSection = {
  schema,
  off: { kind: "least-connections", knobs: {} },
  normalise: (written: z.infer<typeof schema>, resources: Resources): BalancerSpec => {
    const { kind, ...rest } = written as { readonly kind: string };
    if (isModule(kind)) return { kind, module: resources.modulePath(kind), knobs: rest };
    return { kind, knobs: kind === "weighted-score" ? { ...defaultScoreWeights, ...rest } : rest };
  },
  facts: ({ balancer }: World, words: FactWords): Fact[] => {
    const weights = Object.entries(balancer.knobs).map(
      ([name, value]) => `${name} ${typeof value === "number" ? words.number(value) : JSON.stringify(value)}`,
    );
    return [["Balancer", [balancer.kind, ...weights].join(", ")]];
  },
  rules: [],
};
