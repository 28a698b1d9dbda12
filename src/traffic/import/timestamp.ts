import { daysFromCivil, formatInstant } from "../../base/calendar.js";
import { InputError } from "../../base/errors.js";
import { fixedOffsetMs, type ZoneClock, zoneClock } from "./zone-clock.js";

const MINUTE_MS = 60_000;
const WRITTEN =
  /^(\d{4})(?:-?(\d{2})-?(\d{2})|\/(\d{1,2})\/(\d{1,2}))(?:[T ](\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/;
/** Month and day in an ambiguous order: 3/2/2026 10:00:00 AM. */
const SHORT =
  /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?([AP]M))?)?$/i;
/** As web servers write it: 02/Mar/2026:10:00:00 +0000; HAProxy leaves the offset out. */
const SERVER = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?: ([+-]\d{4}))?$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NUMBER = /^\d{1,19}(?:\.\d+)?$/;

/** The units of numbers that count time, and how many ms one of them is. */
const timeUnits = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type TimeUnit = keyof typeof timeUnits;

/** Digits before the point of a Unix time between 2001 and 2286. */
const UNIX_DIGITS = new Map<number, TimeUnit>([
  [10, "s"],
  [13, "ms"],
  [16, "us"],
  [19, "ns"],
]);

/**
 * The user's options for the times of a file. What is left out is inferred from the file, or
 * refused.
 */
export interface TimeOptions {
  /** Unit of times that are numbers. */
  readonly unit?: TimeUnit | undefined;
  /** Instant that such numbers count from, ms since 1970; 1970 if left out. */
  readonly epochMs?: number | undefined;
  /** Order of dates such as 3/2/2026. */
  readonly dates?: "mdy" | "dmy" | undefined;
}

/** Why a text was no timestamp. */
export interface TimestampFault {
  readonly expected: string;
  readonly remedy: string;
}

const FAULTS = {
  other: {
    expected: "ISO-8601 or Unix time",
    remedy: "Mend it at that place, or name another column with --timestamp",
  },
  zone: {
    expected: "one with its offset from UTC",
    remedy: "Name the zone with --timezone, for example UTC or Europe/Berlin",
  },
  skipped: {
    expected: "a time at an instant that the clock showed: that zone's clocks were put forward past it",
    remedy: "Is it another zone's? Name the right one with --timezone",
  },
  otherOrder: {
    expected: "a date in the order of --dates, whose month is at most 12",
    remedy: "Say the other order: --dates mdy for 3/13/2026, --dates dmy for 13/3/2026",
  },
  order: { expected: "a date whose order is known", remedy: "Say --dates mdy or --dates dmy" },
  number: {
    expected: "Unix time between 2001 and 2286 in s, ms, us or ns (10, 13, 16 or 19 digits)",
    remedy: "If time counts from the start of a recording, give the start: --epoch 2026-01-05T00:00:00Z --unit s",
  },
  unit: {
    expected: "Unix time of the same unit as in the rows before",
    remedy: "Mend it at that place, or name the unit with --unit s, ms, us or ns",
  },
} as const satisfies Record<string, TimestampFault>;

/** Instants are in UTC by themselves: this zone is true of them, though they do not need it. */
const UTC_NAMES = /^(?:(?:Etc\/)?UTC|Z|[+-]00(?::?00)?)$/;

/** How the times of a file were written. */
type Wording = "ISO-8601" | "dates" | "server" | TimeUnit;

/**
 * Reads timestamps: ISO-8601 with or without an offset, "YYYY-MM-DD HH:MM:SS", dates, a web
 * server's dates, and Unix time. The first number of a file decides the unit of its Unix times; a
 * number of another length is a fault. A time without an offset is in the given zone; without a
 * zone it is refused. When clocks are put back, a time that occurs twice is the first one, unless
 * the caller states that rows ascend. Such times are counted. When clocks are put forward, a
 * skipped time is no timestamp.
 */
export class TimestampReader {
  /** Local times that the clock showed twice, and how many of them were taken as the second. */
  ambiguous = 0;
  ambiguousSecond = 0;
  /** Why the last text that was read is no timestamp. */
  fault: TimestampFault = FAULTS.other;
  private readonly wordings = new Set<Wording>();
  private zoneUsed = false;
  private fileUnit: TimeUnit | undefined;
  private zone: ZoneClock | undefined;
  private readonly zoneIsUtc: boolean;

  /** `zone`: "UTC", "+02:00" or an IANA name. Throws InputError for anything else. */
  constructor(
    zone: string | undefined,
    readonly options: TimeOptions = {},
  ) {
    this.zone = zone === undefined ? undefined : zoneClock(zone);
    this.zoneIsUtc = zone !== undefined && UTC_NAMES.test(zone);
  }

  /** The next file may have another unit. */
  startFile(): void {
    this.fileUnit = undefined;
  }

  /** A reader of single texts with the same rules; it does not change this reader's state. */
  probe(): (text: string) => number {
    const reader = new TimestampReader(undefined, this.options);
    reader.zone = this.zone;
    return (text) => reader.read(text);
  }

  /** How the times were written, in words; empty before the first. */
  get description(): string {
    const { epochMs } = this.options;
    const words = [...this.wordings].map((wording) => {
      if (wording === "ISO-8601") return "ISO-8601";
      if (wording === "dates") return this.options.dates === "dmy" ? "day/month/year" : "month/day/year";
      if (wording === "server") return "web server dates";
      return epochMs === undefined ? `Unix time in ${wording}` : `${wording} since ${formatInstant(epochMs)}`;
    });
    return `${words.join(" and ")}${this.zoneUsed ? ", local times in the zone given" : ""}`;
  }

  /** Throws InputError for an option that no time of the input needed. */
  checkUsed(): void {
    const unused = (option: string, got: string): InputError =>
      new InputError({ code: "HR1006", where: option, got, expected: `no ${option}`, remedy: "Leave it out" });
    const { unit, dates } = this.options;
    if (this.wordings.size === 0) return;
    if (this.zone !== undefined && !this.zoneUsed && !this.zoneIsUtc)
      throw unused("--timezone", "times that are instants by themselves: each has its offset, or is Unix time");
    if (unit !== undefined && !this.wordings.has(unit)) throw unused("--unit", "times that are no numbers");
    if (dates !== undefined && !this.wordings.has("dates"))
      throw unused("--dates", "times that are no dates such as 3/2/2026");
  }

  /**
   * ms since 1970 (UTC); NaN if it is no timestamp, and `fault` has the reason. Of a time that
   * occurs twice, the first instant later than `laterThanMs`, else the first.
   */
  read(text: string, laterThanMs = Number.NEGATIVE_INFINITY): number {
    const trimmed = text.trim();
    if (NUMBER.test(trimmed) && !(this.options.unit === undefined && /^(?:19|20)\d{6}$/.test(trimmed)))
      return this.number(trimmed);
    const iso = WRITTEN.exec(trimmed);
    if (iso !== null) {
      const [year, month, day] = [iso[1], iso[2] ?? iso[4], iso[3] ?? iso[5]].map(Number);
      return this.civil({ year, month, day, ...clockOf(iso, 6) }, iso[10], "ISO-8601", laterThanMs);
    }
    const server = SERVER.exec(trimmed);
    if (server !== null) {
      const date = { year: Number(server[3]), month: MONTHS.indexOf(server[2]) + 1, day: Number(server[1]) };
      return this.civil({ ...date, ...clockOf(server, 4) }, server[8], "server", laterThanMs);
    }
    const short = SHORT.exec(trimmed);
    return short === null ? this.refused(FAULTS.other) : this.short(short, laterThanMs);
  }

  private short(match: RegExpExecArray, laterThanMs: number): number {
    const { dates } = this.options;
    if (dates === undefined) return this.refused(FAULTS.order);
    const [first, second, year] = match.slice(1, 4).map(Number);
    const [month, day] = dates === "mdy" ? [first, second] : [second, first];
    if (month > 12 && day <= 12) return this.refused(FAULTS.otherOrder);
    const clock = clockOf(match, 4);
    const half = match[8]?.toUpperCase();
    if (half !== undefined && (clock.hour < 1 || clock.hour > 12)) return this.refused(FAULTS.other);
    const hour = half === undefined ? clock.hour : (clock.hour % 12) + (half === "PM" ? 12 : 0);
    return this.civil({ ...clock, year, month, day, hour }, undefined, "dates", laterThanMs);
  }

  private number(text: string): number {
    const { unit = this.fileUnit, epochMs = 0 } = this.options;
    const digits = text.split(".", 1)[0].length;
    if (this.options.unit === undefined) {
      const meant = UNIX_DIGITS.get(digits);
      if (meant === undefined) return this.refused(FAULTS.number);
      if (unit !== undefined && unit !== meant) return this.refused(FAULTS.unit);
      this.fileUnit = meant;
    }
    const known = unit ?? (this.fileUnit as TimeUnit);
    this.wordings.add(known);
    return epochMs + Number(text) * timeUnits[known];
  }

  private civil(time: CivilTime, offset: string | undefined, wording: Wording, laterThanMs: number): number {
    const wallMs = wallOf(time);
    if (Number.isNaN(wallMs)) return this.refused(FAULTS.other);
    this.wordings.add(wording);
    if (offset !== undefined) return wallMs - fixedOffsetMs(offset);
    if (this.zone === undefined) return this.refused(FAULTS.zone);
    this.zoneUsed = true;
    const { atMs, againMs } = this.zone(wallMs);
    if (!Number.isNaN(againMs)) this.ambiguous++;
    if (Number.isNaN(atMs)) return this.refused(FAULTS.skipped);
    if (!(againMs > laterThanMs && atMs <= laterThanMs)) return atMs;
    this.ambiguousSecond++;
    return againMs;
  }

  private refused(fault: TimestampFault): number {
    this.fault = fault;
    return Number.NaN;
  }
}

interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly fraction: string | undefined;
}

/** Hour, minute, second and fraction, from group `at` of a match on. */
function clockOf(match: RegExpExecArray, at: number): Pick<CivilTime, "hour" | "minute" | "second" | "fraction"> {
  const [hour, minute, second] = match.slice(at, at + 3).map((part) => (part === undefined ? 0 : Number(part)));
  return { hour, minute, second, fraction: match[at + 3] };
}

/** ms since 1970 as if the time were UTC; NaN when there is no such date or time of day. */
function wallOf({ year, month, day, hour, minute, second, fraction }: CivilTime): number {
  const days = daysFromCivil(year, month, day);
  const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
  if (month < 1 || month > 12 || day < 1 || days >= next || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const fractionMs = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000;
  return ((days * 24 + hour) * 60 + minute) * MINUTE_MS + second * 1000 + fractionMs;
}
