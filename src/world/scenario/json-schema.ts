import { z } from "zod";
import { policySchema } from "./normalise-policy.js";
import { documentSchema } from "./schema/document.js";
import { commonKnobs } from "./schema/policies/common.js";
import { policyKindSchemas } from "./schema/policies/kinds.js";

/** The JSON Schema (draft 2020-12) of a scenario as written: what editors complete and check with. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const builtIn = Object.entries(policyKindSchemas).map(([kind, schema]) => policySchema(kind, schema));
  const modulePolicy = z.looseObject({ kind: z.string().regex(/[/\\]|\.[cm]?[jt]s$/), ...commonKnobs });
  const schema = z.toJSONSchema(documentSchema(z.union([...builtIn, modulePolicy])), {
    io: "input",
    unrepresentable: "any",
    reused: "ref",
  });
  return { title: "Headrace scenario", ...(schema as Record<string, unknown>) };
}
