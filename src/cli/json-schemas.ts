import { z } from "../base/zod.js";
import { attackDocumentSchema } from "../experiment/attack/attack-document.js";
import { checkDocumentSchema } from "../experiment/check/check-document.js";
import { planDocumentSchema } from "../experiment/plan/plan-document.js";
import { resultSchema } from "../experiment/result-schema.js";
import { calibrationSchema } from "../experiment/spawn-profile.js";
import { sweepDocumentSchema } from "../experiment/sweep/sweep-document.js";
import { runLogLine } from "../live/log/run-log-schema.js";
import { workloadSchema } from "../traffic/workload-model.js";
import { scenarioJsonSchema } from "../world/scenario/json-schema.js";

/**
 * The JSON Schemas (draft 2020-12) that ship in schema/, by file name: `npm run schema` writes
 * them.
 */
export function jsonSchemas(): Record<string, Record<string, unknown>> {
  const titled = (title: string, schema: z.ZodType) => ({ title, ...z.toJSONSchema(schema, { io: "input" }) });
  return {
    "scenario.schema.json": scenarioJsonSchema(),
    "result.schema.json": titled("Headrace result", resultSchema),
    "attack.schema.json": titled("Headrace attack", attackDocumentSchema),
    "check.schema.json": titled("Headrace check", checkDocumentSchema),
    "sweep.schema.json": titled("Headrace sweep", sweepDocumentSchema),
    "plan.schema.json": titled("Headrace plan", planDocumentSchema),
    "run-log.schema.json": titled("One line of a Headrace run log (JSONL)", runLogLine),
    "workload.schema.json": titled("Headrace workload model", workloadSchema),
    "calibration.schema.json": titled("Headrace calibration", calibrationSchema),
  };
}
