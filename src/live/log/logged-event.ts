import { InputError } from "../../base/errors.js";
import { z } from "../../base/zod.js";
import { isOutsideKind, type OutsideEvent, outsideRecord } from "./outside-event.js";

const at = z.number().min(0).describe("Instant on the run's clock, ms since t = 0");

/**
 * The control plane's reaction to it. Only the frame is checked, since a replay compares the
 * bytes.
 */
export const decisionRecord = z.looseObject({
  at,
  kind: z.enum(["rejected", "abandoned", "waiting", "assigned", "streamlet", "decided"]),
});

export type LoggedEvent = { readonly at: number } & OutsideEvent;

/**
 * The record of a line; throws an InputError, with the line's number, if it is no record of a
 * run.
 */
export function loggedRecord(line: string, file: string, number: number): z.infer<typeof decisionRecord> | LoggedEvent {
  const fault = (got: string, remedy: string): InputError =>
    new InputError({
      code: "HR1115",
      where: { file, line: number, column: 1 },
      got,
      expected: '{"at": …, "kind": …}, as `headrace live` writes it',
      remedy,
    });
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw fault("a line that is no record of a run", "Was the log cut off? Remove what follows the last whole line");
  }
  const { kind } = (value ?? {}) as { kind?: unknown };
  const outside = isOutsideKind(kind);
  const parsed = (outside ? outsideRecord : decisionRecord).safeParse(value);
  if (parsed.success) return parsed.data as z.infer<typeof decisionRecord> | LoggedEvent;
  const [issue] = parsed.error.issues;
  const where = issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw fault(
    `a record that no run writes (${issue.message}${where})`,
    "Was the log edited, or written by another version?",
  );
}

export function isOutside(record: z.infer<typeof decisionRecord> | LoggedEvent): record is LoggedEvent {
  return isOutsideKind(record.kind);
}
