import { civilFromDays } from "../../base/calendar.js";

const MINUTE_MS = 60_000;
const MINUTES_IN_DAY = 1440;
const DAY_MS = MINUTES_IN_DAY * MINUTE_MS;
/** 29 February recurs after at most eight years (1900 was not a leap year). */
const MOST_DAYS_BACK = 8 * 366;
/** 1970-01-01 was a Thursday. */
const EPOCH_DAY_OF_WEEK = 4;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * Whose rules apply. "vixie": Sunday is 0 or 7; a day field that begins with * restricts no day by
 * itself. "robfig" (robfig/cron v3, which KEDA uses; rules of its parser.go and spec.go): Sunday is
 * 0 only; ? means *; a day field with * and a step above 1 does restrict the days.
 */
export type CronDialect = "vixie" | "robfig";

/** A cron expression with five fields: minute, hour, day of month, month, day of week. */
export interface CronSchedule {
  /** Minutes of the day at which it fires, ascending. */
  readonly minutes: readonly number[];
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** If both kinds of day are restricted, either one suffices (Vixie cron). */
  readonly eitherDay: boolean;
}

/**
 * Reads an expression, or returns a text about the fault in it. Allows lists, ranges, steps, and
 * English names of months and days.
 */
export function parseCron(text: string, dialect: CronDialect): CronSchedule | string {
  const isRobfig = dialect === "robfig";
  const fields = text
    .trim()
    .split(/\s+/)
    .map((field) => (isRobfig ? field.replaceAll("?", "*") : field));
  if (fields.length !== 5) return `${fields.length} fields instead of 5`;
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  const minutes = parseField(minute, 0, 59, []);
  const hours = parseField(hour, 0, 23, []);
  const daysOfMonth = parseField(dayOfMonth, 1, 31, []);
  const months = parseField(month, 1, 12, MONTHS);
  const daysOfWeek = parseField(dayOfWeek, 0, isRobfig ? 6 : 7, DAYS);
  for (const parsed of [minutes, hours, daysOfMonth, months]) if (typeof parsed === "string") return parsed;
  if (typeof daysOfWeek === "string")
    return isRobfig && dayOfWeek.includes("7") ? `${daysOfWeek}; Sunday is 0 in KEDA's cron` : daysOfWeek;
  return {
    minutes: [...(hours as Set<number>)]
      .flatMap((h) => [...(minutes as Set<number>)].map((m) => h * 60 + m))
      .sort(ascending),
    daysOfMonth: daysOfMonth as Set<number>,
    months: months as Set<number>,
    daysOfWeek: new Set([...daysOfWeek].map((day) => day % 7)),
    eitherDay: [dayOfMonth, dayOfWeek].every((field) => (isRobfig ? !namesEveryDay(field) : !field.startsWith("*"))),
  };
}

/**
 * The last instant at or before `atMs` (ms since 1970) at which it fires; undefined = never within
 * eight years.
 */
export function lastFiring(schedule: CronSchedule, atMs: number): number | undefined {
  const today = Math.floor(atMs / DAY_MS);
  let untilMinute = Math.floor((atMs - today * DAY_MS) / MINUTE_MS);
  for (let day = today; day > today - MOST_DAYS_BACK; day--) {
    if (firesOn(schedule, day)) {
      const minute = schedule.minutes.findLast((one) => one <= untilMinute);
      if (minute !== undefined) return day * DAY_MS + minute * MINUTE_MS;
    }
    untilMinute = MINUTES_IN_DAY - 1;
  }
  return undefined;
}

function firesOn(schedule: CronSchedule, day: number): boolean {
  const { month, day: dayOfMonth } = civilFromDays(day);
  if (!schedule.months.has(month)) return false;
  const byMonth = schedule.daysOfMonth.has(dayOfMonth);
  const byWeek = schedule.daysOfWeek.has((((day + EPOCH_DAY_OF_WEEK) % 7) + 7) % 7);
  return schedule.eitherDay ? byMonth || byWeek : byMonth && byWeek;
}

function parseField(field: string, low: number, high: number, names: readonly string[]): Set<number> | string {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(part);
    if (match === null) return `"${part}"`;
    const [, from, to, step] = match;
    const first = from === "*" ? low : numberOf(from, low, names);
    const last = from === "*" || (to === undefined && step !== undefined) ? high : numberOf(to ?? from, low, names);
    const stride = step === undefined ? 1 : Number(step);
    if (from === "*" && to !== undefined) return `"${part}"`;
    if (!(first >= low && last <= high && first <= last && stride >= 1)) return `"${part}" outside ${low}–${high}`;
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return values;
}

/** One part of the list is *, or * with a step of 1. */
function namesEveryDay(field: string): boolean {
  return field.split(",").some((part) => /^\*(?:\/0*1)?$/.test(part));
}

function numberOf(text: string, low: number, names: readonly string[]): number {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + low;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function ascending(a: number, b: number): number {
  return a - b;
}
