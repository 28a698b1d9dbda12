import { civilFromDays } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import type { CalendarEvent } from "../control/forecast/calendar-events.js";
import { type OptionalPackage, withPackage } from "./optional-package.js";

const DAY_MS = 86_400_000;
/** It takes 45 MB with its dependencies. */
const HOLIDAYS: OptionalPackage = {
  name: "date-holidays",
  neededBy: "--holidays",
  remedy: "npm install date-holidays@3, or give the days as --events FILE",
};

/**
 * Public holidays of a country ("DE", or with state and region: "DE.BY") between two instants,
 * from midnight to midnight there, through date-holidays. Each has its English name, and also the
 * shared name "public holiday", so that a first Easter Monday has a known effect. Throws
 * InputError for an unknown place.
 */
export async function countryHolidays(place: string, fromMs: number, toMs: number): Promise<CalendarEvent[]> {
  const { default: Holidays } = await withPackage(HOLIDAYS, () => import("date-holidays"));
  const [country, state, region] = place.toUpperCase().split(".");
  const holidays = new Holidays();
  const has = (list: unknown, code: string | undefined): boolean =>
    code === undefined || Object.hasOwn((list ?? {}) as object, code);
  const known =
    has(holidays.getCountries(), country) &&
    has(holidays.getStates(country), state) &&
    (state === undefined || has(holidays.getRegions(country, state), region));
  if (!known) {
    throw new InputError({
      code: "HR1005",
      where: "--holidays",
      got: `"${place}"`,
      expected: "a country by its ISO code such as DE, US or GB; with a state: DE.BY",
    });
  }
  if (state === undefined) holidays.init(country);
  else if (region === undefined) holidays.init(country, state);
  else holidays.init(country, state, region);
  const events: CalendarEvent[] = [];
  const lastYear = civilFromDays(Math.floor(toMs / DAY_MS)).year;
  for (let year = civilFromDays(Math.floor(fromMs / DAY_MS)).year; year <= lastYear; year++) {
    for (const { start, end, type, name } of holidays.getHolidays(year, "en")) {
      if (type !== "public" || end.getTime() <= fromMs || start.getTime() >= toMs) continue;
      for (const word of [name, "public holiday"]) {
        events.push({ name: word, startMs: start.getTime(), endMs: end.getTime() });
      }
    }
  }
  return events;
}
