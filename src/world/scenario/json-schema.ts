import { z } from "../../base/zod.js";
import { writtenScenario } from "./schema/document.js";

/**
 * The JSON Schema (draft 2020-12) of a scenario as written; editors complete and check with it.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(writtenScenario, { io: "input", unrepresentable: "any", reused: "ref" });
  return { title: "Headrace scenario", ...(schema as Record<string, unknown>) };
}
