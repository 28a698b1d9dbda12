import { formatInstant, parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { type ZoneOffset, zoneOffset } from "../base/time-zone.js";
import { formatDuration, parseQuantity } from "../base/units.js";
import type { Scenario } from "../world/scenario/scenario.js";

const DAY_MS = 86_400_000;
const FORMS =
  "a time of day such as 19:42, an instant such as 2026-01-05T19:42:00Z, or a time since the start such as 90min; " +
  "with a zone such as Europe/Berlin or +02:00 behind it, and two of them as a range: 19:30..19:45";

/** The largest offset of a time zone: +14:00. */
const MOST_OFFSET_MINUTES = 14 * 60;

/** A span of a run in ms since its start; both ends are equal for a single instant. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The zone in which times are read and shown. */
export interface Zone {
  readonly name: string;
  readonly offsetMs: ZoneOffset;
}

const UTC: Zone = { name: "UTC", offsetMs: () => 0 };

/**
 * An instant or a range of a run as a user writes it, in ms since the run's start, with the zone
 * of its times. `19:42` is the first such time in the run; UTC unless a zone follows it. Throws
 * InputError for any other text, and outside the run.
 */
export function spanOf(text: string, scenario: Scenario, option: string): Span & { readonly zone: Zone } {
  const { times, zone } = withZone(text.trim(), option);
  const [first, last = first, ...more] = times.split("..").map((one) => one.trim());
  if (more.length > 0 || first === "" || last === "") throw malformed(text, option);
  const fromMs = instantOf(first, scenario, option, zone);
  const toMs = instantOf(last, scenario, option, zone);
  if (toMs >= fromMs) return { fromMs, toMs, zone };
  throw new InputError({
    code: "HR1008",
    where: option,
    got: `"${text}", whose end comes before its start`,
    expected: "the earlier instant first",
  });
}

/** One instant of a run, in ms since its start. */
export function instantOf(text: string, scenario: Scenario, option: string, zone: Zone = UTC): number {
  const atMs = timeOfDay(text, scenario, zone) ?? isoInstant(text, scenario, zone) ?? sinceStart(text);
  if (atMs === undefined) throw malformed(text, option);
  if (atMs >= 0 && atMs <= scenario.durationMs) return atMs;
  throw new InputError({
    code: "HR1008",
    where: option,
    got: `"${text}", which is not within the run`,
    expected:
      `an instant within the ${formatDuration(scenario.durationMs)} that ` +
      `are simulated, from ${formatInstant(scenario.traffic.epochMs)} on`,
  });
}

function malformed(text: string, option: string): InputError {
  return new InputError({ code: "HR1005", where: option, got: `"${text.slice(0, 80)}"`, expected: FORMS });
}

/** The zone written after the times: +02:00, UTC or Europe/Berlin. */
function withZone(text: string, option: string): { readonly times: string; readonly zone: Zone } {
  const fixed = /^(.*\d)\s*([+-])(\d{2}):(\d{2})$/.exec(text);
  if (fixed !== null) {
    const minutes = Number(fixed[3]) * 60 + Number(fixed[4]);
    const offset = (fixed[2] === "-" ? -minutes : minutes) * 60_000;
    refuseOtherRange(text, option);
    if (minutes > MOST_OFFSET_MINUTES || Number(fixed[4]) > 59) throw malformed(text, option);
    return { times: fixed[1], zone: { name: `UTC${fixed[2]}${fixed[3]}:${fixed[4]}`, offsetMs: () => offset } };
  }
  const named = /^(.*\S)\s+([A-Za-z][\w+-]*(?:\/[\w+-]+)*)$/.exec(text);
  if (named === null) return { times: text, zone: UTC };
  const offsetMs = zoneOffset(named[2]);
  if (offsetMs !== undefined) return { times: named[1], zone: { name: named[2], offsetMs } };
  throw new InputError({
    code: "HR1005",
    where: option,
    got: `the zone "${named[2]}"`,
    expected: "an IANA zone such as Europe/Berlin, or an offset such as +02:00",
  });
}

/** By 19:30-19:45 a user means a range, not 19:30 in the zone −19:45, which does not exist. */
function refuseOtherRange(text: string, option: string): void {
  const range = /^(\d{1,2}:\d{2}(?::\d{2})?)-(\d{2}:\d{2})$/.exec(text);
  if (range === null) return;
  throw new InputError({
    code: "HR1005",
    where: option,
    got: `"${text}", which can be a range or a time with an offset`,
    expected: `"${range[1]}..${range[2]}" for the range, "${range[1]} -${range[2]}" for the offset`,
  });
}

/** The instant (UTC) at which clocks of the zone show a local time, both in ms since 1970. */
function utcOf(localMs: number, { offsetMs }: Zone): number {
  return localMs - offsetMs(localMs - offsetMs(localMs));
}

function timeOfDay(text: string, scenario: Scenario, zone: Zone): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ofDayMs = ((hour * 60 + minute) * 60 + second) * 1000;
  const { epochMs } = scenario.traffic;
  const firstDay = Math.floor((epochMs + zone.offsetMs(epochMs)) / DAY_MS);
  const onDay = (day: number): number => utcOf(day * DAY_MS + ofDayMs, zone) - epochMs;
  return onDay(firstDay) >= 0 ? onDay(firstDay) : onDay(firstDay + 1);
}

/** With Z it is UTC; without, it is a time in the zone. */
function isoInstant(text: string, scenario: Scenario, zone: Zone): number | undefined {
  const isLocal = /T[\d:.]+$/.test(text);
  const writtenMs = parseInstant(isLocal ? `${text}Z` : text);
  if (Number.isNaN(writtenMs)) return undefined;
  const atMs = text.endsWith("Z") ? writtenMs : utcOf(writtenMs, zone);
  return atMs - scenario.traffic.epochMs;
}

function sinceStart(text: string): number | undefined {
  const quantity = parseQuantity("duration", text);
  return typeof quantity === "number" ? quantity : undefined;
}
