import { InputError } from "../../base/errors.js";
import { zoneOffset } from "../../base/time-zone.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** "Z", "UTC", "+02:00", "-0700" or "+02" as ms. */
export function fixedOffsetMs(offset: string): number {
  if (offset === "Z" || offset === "UTC") return 0;
  const digits = offset.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (offset[0] === "-" ? -minutes : minutes) * MINUTE_MS;
}

/**
 * Converts wall time, as if it were UTC, to the instant (NaN if the clock never showed it), and
 * to the second instant if it showed the time twice (else NaN).
 */
export type ZoneClock = (wallMs: number) => { readonly atMs: number; readonly againMs: number };

/** The clock of "UTC", "+02:00" or an IANA zone; throws InputError for anything else. */
export function zoneClock(zone: string): ZoneClock {
  if (/^(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$/.test(zone)) {
    const offsetMs = fixedOffsetMs(zone === "GMT" ? "Z" : zone);
    return (wallMs) => ({ atMs: wallMs - offsetMs, againMs: Number.NaN });
  }
  const offsetAt = zoneOffset(zone);
  if (offsetAt === undefined) {
    throw new InputError({
      code: "HR1005",
      where: "--timezone",
      got: `"${zone}"`,
      expected: "UTC, an offset such as +02:00, or a zone such as Europe/Berlin",
    });
  }
  return (wallMs) => {
    // An offset change lies within a day: the right offset is that of the day before or of the
    // day after.
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
