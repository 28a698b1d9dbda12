import { z } from "zod";

const atMs = z.number().min(0).describe("On the run's clock");

/** The first line: what ran. */
export const runLogHeader = z.looseObject({
  kind: z.literal("run"),
  version: z.string().describe("Of headrace"),
  scenario: z.record(z.string(), z.unknown()).describe("As written, with its files' contents resolved"),
  hash: z.string(),
  seed: z.number().int(),
  policy: z.string(),
  startedAt: z.string().describe("Wall time of the run's t = 0, ISO-8601 in UTC"),
});

/** Something that came from outside and was injected: a request, a readiness, an end, a sample. Its own facts stand beside. */
export const runLogEvent = z.looseObject({ kind: z.literal("event"), atMs, event: z.string() });

/** What a policy wanted of one pool, why, and whether it was refused. */
export const runLogDecision = z.looseObject({
  kind: z.literal("decision"),
  atMs,
  pool: z.number().int().min(0),
  desired: z.number().int().min(0),
  reason: z.string(),
  refusal: z.string().optional(),
});

/** One line of a run log (JSONL). */
export const runLogLine = z.discriminatedUnion("kind", [runLogHeader, runLogEvent, runLogDecision]);
