import { z } from "../../../../base/zod.js";
import { builtInPolicies, kindsWithin } from "../../../../control/policies/registry.js";
import { modulePath } from "../../module-path.js";
import { byKind } from "../by-kind.js";
import { keysElsewhere } from "../known-keys.js";
import { commonKnobs } from "./common.js";
import { type PolicyKindSchema, policyKindSchemas } from "./kinds.js";

/** The reactive part of a hybrid: its kind, its own tick and scrape, its knobs. */
const reactive = byKind(
  kindsWithin("hybrid").map((kind) => {
    const { tick, scrapeLag } = commonKnobs;
    const idle = new Map([
      ["idleReplicaCount", "Leave it out: it lies below min, and the floor never goes below the hybrid's min"],
    ]);
    return inner(kind, { tick, scrapeLag }, "Move it one level up: it is a knob of the whole hybrid", idle);
  }),
);

/** The policy that scales the hosts of all elastic regions; it sees them without scrape lag. */
export const hostPolicy = byKind(
  kindsWithin("hosts").map((kind) =>
    inner(
      kind,
      { tick: commonKnobs.tick },
      "Leave it out: min and max of hosts stand beside policy, and nothing else",
      new Map([
        ["warmPool", "Leave it out: hosts have no warm pool"],
        ["challengers", "Leave it out: hosts have no trainer"],
        ["manifest", "Write its knobs here: a manifest scales streamlets"],
        ["metricNames", "Leave it out: it goes with a manifest"],
      ]),
    ),
  ),
);

/**
 * The schema of a policy inside another section. Keys that only a policy of its own takes are
 * refused with `remedy`, and each knob that cannot act here with the knob's own remedy.
 */
function inner(
  kind: string,
  taken: z.ZodRawShape,
  remedy: string,
  idle: ReadonlyMap<string, string> = new Map(),
): z.ZodObject {
  const knobs = Object.entries(policyKindSchemas[kind].knobs).filter(([key]) => !idle.has(key));
  const schema = z.strictObject({ kind: kindLiteral(kind), ...taken, ...Object.fromEntries(knobs) });
  const others = Object.keys(commonKnobs).filter((key) => !Object.hasOwn(taken, key));
  keysElsewhere.add(schema, new Map([...others.map((key) => [key, remedy] as const), ...idle]));
  return schema;
}

/** The kind's name, with what it imitates. */
function kindLiteral(kind: string) {
  return z.literal(kind).describe(`${kind}: ${builtInPolicies.get(kind)?.docs.imitates ?? "a policy"}.`);
}

/** The schema of one policy of a built-in kind in the scenario. */
export function policySchema(kind: string, { knobs }: PolicyKindSchema): z.ZodObject {
  const within = Object.entries(builtInPolicies.get(kind)?.knobs ?? {})
    .filter(([, knob]) => knob.type === "policy")
    .map(([key, { about }]) => [key, reactive.optional().describe(about)] as const);
  const schema = z.strictObject({ kind: kindLiteral(kind), ...commonKnobs, ...knobs, ...Object.fromEntries(within) });
  if (!Object.hasOwn(knobs, "manifest")) keysElsewhere.add(schema, new Map([["manifest", withoutManifest(kind)]]));
  return schema;
}

/** The remedy where a manifest is given to a kind that does not read any. */
function withoutManifest(kind: string): string {
  if (kind === "kpa")
    return (
      "Write Knative's annotations as knobs: target as concurrencyTarget, target-utilization-percentage " +
      "as targetUtilisation, min-scale as min, max-scale as max, window as stableWindow"
    );
  return "Manifests are read for hpa and keda: write the knobs of this kind here";
}

/** One entry of `policies`: a built-in kind, or the path of a module, whose knobs are its own. */
export const policyEntry = byKind(
  Object.entries(policyKindSchemas).map(([kind, schema]) => policySchema(kind, schema)),
  z.looseObject({ kind: modulePath.describe("The path of your own policy."), ...commonKnobs }),
);
