import { parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { formatDuration, parseQuantity } from "../base/units.js";
import type { Scenario } from "../world/scenario/scenario.js";

const DAY_MS = 86_400_000;

/**
 * An instant of a run as a user writes it, in ms since the run's start: a time of day ("19:42", UTC, the first in the run), an ISO-8601 instant, or a
 * duration since the start ("90min"). Throws InputError where it is none of these, or not within the run.
 */
export function instantOf(text: string, scenario: Scenario, option: string): number {
  const atMs = timeOfDay(text, scenario) ?? isoInstant(text, scenario) ?? sinceStart(text);
  if (atMs === undefined) {
    throw new InputError({
      code: "HR1005",
      where: option,
      got: `"${text}"`,
      expected:
        "a time of day such as 19:42, an instant such as 2026-01-05T19:42:00Z, or a time since the start such as 90min",
    });
  }
  if (atMs >= 0 && atMs <= scenario.durationMs) return atMs;
  throw new InputError({
    code: "HR1008",
    where: option,
    got: `"${text}", which is not within the run`,
    expected: `an instant within the ${formatDuration(scenario.durationMs)} that are simulated`,
  });
}

function timeOfDay(text: string, scenario: Scenario): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ofDayMs = ((hour * 60 + minute) * 60 + second) * 1000;
  const startOfDayMs = scenario.traffic.epochMs - (((scenario.traffic.epochMs % DAY_MS) + DAY_MS) % DAY_MS);
  const atMs = startOfDayMs + ofDayMs - scenario.traffic.epochMs;
  return atMs < 0 ? atMs + DAY_MS : atMs;
}

function isoInstant(text: string, scenario: Scenario): number | undefined {
  const instantMs = parseInstant(text.trim());
  return Number.isNaN(instantMs) ? undefined : instantMs - scenario.traffic.epochMs;
}

function sinceStart(text: string): number | undefined {
  const quantity = parseQuantity("duration", text);
  return typeof quantity === "number" ? quantity : undefined;
}
