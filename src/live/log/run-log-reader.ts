import { InputError } from "../../base/errors.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { isOutside, type LoggedEvent, loggedRecord } from "./logged-event.js";
import { type RunHeader, readHeader } from "./scenario-record.js";

/** A run log that was read and checked. */
export interface LoggedRun {
  readonly file: string;
  readonly header: RunHeader;
  /** All lines, the header's included. */
  readonly lines: readonly string[];
  /** What came from outside, in order; the last is the end. */
  readonly events: readonly LoggedEvent[];
  readonly endMs: number;
}

/**
 * Checks the text of a run log: whole lines of known records, instants that never decrease,
 * requests numbered in order and of known series, an end, and the version that wrote it. Throws
 * an InputError with the line. Only a replay finds decisions that were changed by hand.
 */
export function parseRunLog(text: string, file: string, version: string): LoggedRun {
  const lines = text.split("\n");
  if (lines.length === 1 && lines[0] === "")
    throw new InputError({ code: "HR1109", where: file, got: "an empty file", expected: "a run log" });
  const header = readHeader(lines[0], file);
  const at = (line: number) => ({ file, line, column: 1 });
  if (header.version !== version) {
    throw new InputError({
      code: "HR1114",
      where: at(1),
      got: `a log of headrace ${header.version}`,
      expected: `one of ${version}, which is running: another version may decide differently`,
      remedy: `Replay it with headrace ${header.version}`,
    });
  }
  const rest = lines.pop() ?? "";
  if (rest !== "") lines.push(rest);
  const events: LoggedEvent[] = [];
  let lastMs = 0;
  let lastRequest = 0;
  for (let number = 2; number <= lines.length; number++) {
    const record = loggedRecord(lines[number - 1], file, number);
    if (!isOutside(record)) continue;
    if (record.at < lastMs) {
      throw new InputError({
        code: "HR1512",
        where: at(number),
        got: `an event at ${record.at} ms after one at ${lastMs} ms`,
        expected: "instants that never decrease",
        remedy: "Use the log as it was written",
      });
    }
    if (events.at(-1)?.kind === "end")
      throw new InputError({
        code: "HR1512",
        where: at(number),
        got: "an event after the run's end",
        expected: "nothing",
      });
    if (record.kind === "request") {
      checkRequest(record, lastRequest, header.scenario, at(number));
      lastRequest = record.request;
    }
    lastMs = record.at;
    events.push(record);
  }
  if (events.at(-1)?.kind !== "end") {
    throw new InputError({
      code: "HR1513",
      where: at(lines.length),
      got: "a log that is cut off here",
      expected: 'a last line {"at": …, "kind": "end"}',
      remedy: `What is whole can be replayed: end it with {"at":${lastMs},"kind":"end"}`,
    });
  }
  return { file, header, lines, events, endMs: lastMs };
}

function checkRequest(
  record: Extract<LoggedEvent, { kind: "request" }>,
  last: number,
  { traffic }: Scenario,
  where: { file: string; line: number; column: number },
): void {
  const { request, series, region, format } = record;
  const wrong =
    request <= last
      ? `request ${request} after request ${last}`
      : series >= traffic.series.length
        ? `series ${series} of ${traffic.series.length}`
        : region >= traffic.regions.length
          ? `region ${region} of ${traffic.regions.length}`
          : format >= traffic.formats.length
            ? `format ${format} of ${traffic.formats.length}`
            : "";
  if (wrong === "") return;
  throw new InputError({
    code: "HR1512",
    where,
    got: wrong,
    expected: "requests in order, with the regions and formats of line 1",
    remedy: "Use the log as it was written",
  });
}
