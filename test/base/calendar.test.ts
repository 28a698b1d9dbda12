import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { civilFromDays, daysFromCivil, formatInstant, parseInstant } from "../../src/base/calendar.js";
import { canonicalJson, hashText } from "../../src/base/hash.js";

describe("the calendar", () => {
  it("counts days as the host's own calendar does, and back again, over 4,000 years", () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_000, max: 700_000 }), (days) => {
        const { year, month, day } = civilFromDays(days);
        const host = new Date(days * 86_400_000);
        expect([year, month, day]).toEqual([host.getUTCFullYear(), host.getUTCMonth() + 1, host.getUTCDate()]);
        expect(daysFromCivil(year, month, day)).toBe(days);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("reads and writes instants as ISO 8601 does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (atMs) => {
        const iso = new Date(atMs).toISOString();
        expect(parseInstant(iso)).toBe(atMs);
        expect(formatInstant(atMs)).toBe(iso.replace(".000Z", "Z"));
        expect(parseInstant(formatInstant(atMs))).toBe(atMs);
      }),
      { seed: 1, numRuns: 2000 },
    );
    expect(parseInstant("2026-01-05")).toBe(Date.UTC(2026, 0, 5));
    expect(parseInstant("2026-01-05T19:30Z")).toBe(Date.UTC(2026, 0, 5, 19, 30));
  });

  it.each([
    "2026-02-29",
    "1900-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "2026-01-00",
    "2026-01-05T24:00:00Z",
    "2026-01-05T10:60:00Z",
    "2026-01-05T10:00:60Z",
    "2026-01-05T10:00:00",
    "2026-01-05T10:00:00+02:00",
    "05/01/2026",
    "yesterday",
    "",
  ])("does not take %s for an instant", (text) => expect(parseInstant(text)).toBeNaN());

  it("knows leap days", () => {
    expect(parseInstant("2024-02-29")).toBe(Date.UTC(2024, 1, 29));
    expect(parseInstant("2000-02-29")).toBe(Date.UTC(2000, 1, 29));
  });
});

describe("a hash", () => {
  it("is the same for the same data, whatever the order of its keys, and another for other data", () => {
    const one = canonicalJson({ b: [1, Float64Array.of(2, 3)], a: { y: undefined, x: Number.POSITIVE_INFINITY } });
    expect(one).toBe(canonicalJson({ a: { x: Number.POSITIVE_INFINITY }, b: [1, [2, 3]] }));
    expect(hashText(one)).toMatch(/^[0-9a-f]{16}$/);
    const hashes = new Set(Array.from({ length: 20_000 }, (_, i) => hashText(`{"seed":${i}}`)));
    expect(hashes.size).toBe(20_000);
  });
});
