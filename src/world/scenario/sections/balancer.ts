import { isModule } from "../../../base/module-path.js";
import { z } from "../../../base/zod.js";
import { type BalancerKind, balancerKinds } from "../../../control/balancers/built-in.js";
import { defaultScoreWeights } from "../../../control/balancers/weighted-score.js";
import { modulePath } from "../module-path.js";
import type { Resources } from "../resources.js";
import { byKind } from "../schema/by-kind.js";
import { multiple } from "../schema/quantity.js";
import type { Fact, FactWords } from "../section.js";

export interface BalancerSpec {
  /** A built-in kind, or the path of a module as the scenario gives it. */
  readonly kind: string;
  /** Absolute path, where the kind is a module. */
  readonly module?: string;
  readonly knobs: Readonly<Record<string, unknown>>;
}

const weight = (value: number) => multiple.default(value);

/** How each built-in balancer chooses, and its knobs. */
const kinds: Readonly<Record<BalancerKind, { readonly about: string; readonly knobs: z.ZodRawShape }>> = {
  "least-connections": { about: "the streamlet with the smallest share of slots in use", knobs: {} },
  "weighted-round-robin": { about: "classes in turn, each as often as its weight says", knobs: {} },
  "weighted-score": {
    about: "the lowest weighted sum of load, distance and format fit",
    knobs: {
      load: weight(defaultScoreWeights.load).describe("Weight of the share of slots in use."),
      distance: weight(defaultScoreWeights.distance).describe(
        "Weight of the distance to the region, in units of 100 ms.",
      ),
      format: weight(defaultScoreWeights.format).describe(
        "Weight of how many other formats the streamlet could decode.",
      ),
    },
  },
  "power-of-two": { about: "the emptier of two streamlets that are drawn at random", knobs: {} },
  packing: { about: "the fullest streamlet that has a free slot, so that others can empty", knobs: {} },
};

const entry = byKind(
  balancerKinds.map((kind) => {
    const { about, knobs } = kinds[kind];
    return z.strictObject({ kind: z.literal(kind).describe(`${kind}: ${about}.`), ...knobs });
  }),
  z.looseObject({ kind: modulePath.describe("The path of your own balancer.") }),
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
