import { z } from "../../base/zod.js";
import { decisionRecord } from "./logged-event.js";
import { outsideRecord } from "./outside-event.js";
import { RUN_LOG_FORMAT } from "./scenario-record.js";

/** The first line: what ran. */
const runLogHeader = z.looseObject({
  kind: z.literal("run"),
  format: z.literal(RUN_LOG_FORMAT).describe("Of the run log"),
  version: z.string().describe("Of headrace"),
  scenario: z
    .looseObject({ name: z.string(), hash: z.string(), seed: z.number().int() })
    .describe(
      "Normalised, with its files' contents; {$number} is a number that JSON lacks, {$floats} base64 of doubles",
    ),
  policy: z.looseObject({ name: z.string(), kind: z.string() }),
  startedAt: z.number().describe("Wall time of t = 0, ms since 1970 (UTC)"),
  past: z.looseObject({ binMs: z.number() }).optional().describe("What was counted before t = 0, where it was kept"),
  room: z.number().int().min(1).describe("Most streamlets at once on the machine"),
  hash: z.string().length(16).describe("Of the line without it: an edited one is refused"),
});

/** One line of a run log (JSONL). */
export const runLogLine = z.union([runLogHeader, outsideRecord, decisionRecord]);
