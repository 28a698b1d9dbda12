const QUARTER_MS = 900_000;

/** The offset from UTC of a zone at an instant (ms since 1970), in ms. */
export type ZoneOffset = (atMs: number) => number;

/**
 * Offsets of an IANA zone such as Europe/Berlin, looked up once per quarter of an hour: zones
 * change at no other time. Undefined if there is no such zone.
 */
export function zoneOffset(zone: string): ZoneOffset | undefined {
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  const known = new Map<number, number>();
  return (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    let offsetMs = known.get(quarter);
    if (offsetMs === undefined) {
      const parts = format.formatToParts(quarter * QUARTER_MS);
      offsetMs = offsetMsOf(parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT");
      known.set(quarter, offsetMs);
    }
    return offsetMs;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
}

/** "GMT", or "GMT+05:30". */
function offsetMsOf(name: string): number {
  const match = /^GMT([+-])(\d{2}):?(\d{2})?/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}
