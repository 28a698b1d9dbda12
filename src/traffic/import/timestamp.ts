import { daysFromCivil } from "../../base/calendar.js";
import { InputError } from "../../base/errors.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WRITTEN =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/;
/** Unix time in s, ms, µs or ns: before 2001 and after 2286 the digits would be fewer or more. */
const UNIX = /^\d{9,19}(?:\.\d+)?$/;

/**
 * Reads timestamps: ISO-8601 with or without an offset, "YYYY-MM-DD HH:MM:SS", dates, and Unix time in s, ms, µs or ns. One without an offset is taken
 * in the zone that was given; without a zone it is refused. Where clocks were put back, a time that came twice is taken as the first unless
 * the reader is told that rows ascend, and is counted; where they were put forward, one that never was is no timestamp.
 */
export class TimestampReader {
  /** Local times that came twice, and some that had no offset while no zone was given. */
  ambiguous = 0;
  lackedZone = false;
  /** The last time that was read is one that the clocks of the zone skipped. */
  neverWas = false;
  private readonly zone: ZoneClock | undefined;

  /** `zone`: "UTC", "+02:00" or an IANA name. Throws InputError for anything else. */
  constructor(zone: string | undefined) {
    this.zone = zone === undefined ? undefined : zoneClock(zone);
  }

  /** ms since 1970 (UTC); NaN when it is no timestamp. Of a time that came twice, the first instant that is later than `laterThanMs`, or else the first. */
  read(text: string, laterThanMs = Number.NEGATIVE_INFINITY): number {
    const trimmed = text.trim();
    if (UNIX.test(trimmed)) return unixMs(trimmed);
    const match = WRITTEN.exec(trimmed);
    if (match === null) return Number.NaN;
    const wallMs = wallOf(match);
    const offset = match[8];
    if (Number.isNaN(wallMs)) return Number.NaN;
    if (offset !== undefined) return wallMs - fixedOffsetMs(offset);
    if (this.zone === undefined) {
      this.lackedZone = true;
      return Number.NaN;
    }
    this.neverWas = false;
    const { atMs, againMs } = this.zone(wallMs);
    if (!Number.isNaN(againMs)) this.ambiguous++;
    this.neverWas = Number.isNaN(atMs);
    return againMs > laterThanMs && atMs <= laterThanMs ? againMs : atMs;
  }
}

function wallOf(match: RegExpExecArray): number {
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? 0 : Number(part)));
  const days = daysFromCivil(year, month, day);
  const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
  if (month < 1 || month > 12 || day < 1 || days >= next || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const fractionMs = match[7] === undefined ? 0 : Number(`0.${match[7]}`) * 1000;
  return ((days * 24 + hour) * 60 + minute) * MINUTE_MS + second * 1000 + fractionMs;
}

function unixMs(text: string): number {
  const whole = text.split(".", 1)[0].length;
  const scale = whole <= 10 ? 1000 : whole <= 13 ? 1 : whole <= 16 ? 1e-3 : 1e-6;
  return Number(text) * scale;
}

function fixedOffsetMs(offset: string): number {
  if (offset === "Z" || offset === "UTC") return 0;
  const digits = offset.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (offset[0] === "-" ? -minutes : minutes) * MINUTE_MS;
}

/** From wall time, as if it were UTC, to the instant (NaN where the clock never showed it), and to the one at which it showed it again (NaN = it did not). */
type ZoneClock = (wallMs: number) => { readonly atMs: number; readonly againMs: number };

function zoneClock(zone: string): ZoneClock {
  if (/^(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$/.test(zone)) {
    const offsetMs = fixedOffsetMs(zone === "GMT" ? "Z" : zone);
    return (wallMs) => ({ atMs: wallMs - offsetMs, againMs: Number.NaN });
  }
  const offsetAt = offsetTable(zone);
  return (wallMs) => {
    // An offset lies within a day: whichever held the day before or holds the day after is the one, or both.
    const candidates = [offsetAt(wallMs - 24 * HOUR_MS), offsetAt(wallMs + 24 * HOUR_MS)];
    const instants = candidates
      .map((offsetMs) => wallMs - offsetMs)
      .filter((atMs, i) => offsetAt(atMs) === candidates[i]);
    if (instants.length === 0) return { atMs: Number.NaN, againMs: Number.NaN };
    const atMs = Math.min(...instants);
    const lastMs = Math.max(...instants);
    return { atMs, againMs: lastMs > atMs ? lastMs : Number.NaN };
  };
}

/** Offsets of a zone, looked up once per quarter of an hour: no zone changes at any other time. */
function offsetTable(zone: string): (atMs: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    throw new InputError({
      where: "--timezone",
      got: `"${zone}"`,
      expected: "UTC, an offset such as +02:00, or a zone such as Europe/Berlin",
    });
  }
  const known = new Map<number, number>();
  return (atMs) => {
    const quarter = Math.floor(atMs / (15 * MINUTE_MS));
    let offsetMs = known.get(quarter);
    if (offsetMs === undefined) {
      const name =
        format.formatToParts(quarter * 15 * MINUTE_MS).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
      offsetMs = name === "GMT" ? 0 : fixedOffsetMs(name.replace("GMT", ""));
      known.set(quarter, offsetMs);
    }
    return offsetMs;
  };
}
