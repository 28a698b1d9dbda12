import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/base/errors.js";
import { TimestampReader } from "../../../src/traffic/import/timestamp.js";

const NOON = Date.UTC(2026, 0, 5, 12);

describe("TimestampReader", () => {
  it.each([
    ["2026-01-05T12:00:00Z", undefined],
    ["2026-01-05 13:00:00+01:00", undefined],
    ["2026-01-05T07:00-05", undefined],
    ["20260105T120000Z", undefined],
    ["2026-01-05 12:00:00 UTC", undefined],
    ["1767614400", undefined],
    ["1767614400000", undefined],
    ["1767614400.000", undefined],
    ["1767614400000000", undefined],
    ["2026-01-05 12:00", "UTC"],
    ["2026-01-05 14:00", "+02:00"],
    ["2026-01-05 13:00", "Europe/Berlin"],
    ["2026/1/5 12:00", "UTC"],
    ["05/Jan/2026:13:00:00 +0100", undefined],
  ])("reads %j in zone %j", (text, zone) => {
    expect(new TimestampReader(zone).read(text)).toBe(NOON);
  });

  it.each([
    "",
    "yesterday",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-01-05T24:00:00Z",
    "12345",
    "600000000",
    "3/2/2026",
  ])("takes %j for no timestamp", (text) => {
    expect(new TimestampReader("UTC").read(text)).toBeNaN();
  });

  it("refuses a time without an offset while no zone is given, and remembers why", () => {
    const reader = new TimestampReader(undefined);
    expect(reader.read("2026-01-05 12:00:00")).toBeNaN();
    expect(reader.fault.remedy).toContain("--timezone");
  });

  it("takes a time that came twice, when clocks were put back, as the first, and counts it", () => {
    const reader = new TimestampReader("Europe/Berlin");
    expect(reader.read("2026-10-25 02:30:00")).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(reader.ambiguous).toBe(1);
    expect(reader.read("2026-10-25 03:30:00")).toBe(Date.UTC(2026, 9, 25, 2, 30));
    expect(reader.ambiguous).toBe(1);
  });

  it("takes a time that never was, when clocks were put forward, for no timestamp", () => {
    expect(new TimestampReader("Europe/Berlin").read("2026-03-29 02:30:00")).toBeNaN();
    expect(new TimestampReader("America/New_York").read("2026-03-08 02:30:00")).toBeNaN();
    expect(new TimestampReader("America/New_York").read("2026-03-08 03:30:00")).toBe(Date.UTC(2026, 2, 8, 7, 30));
  });

  it("agrees with the platform's own clock over a year of hours in several zones", () => {
    for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]) {
      const reader = new TimestampReader(zone);
      const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
      let wrong = 0;
      for (let hour = 0; hour < 8760; hour += 7) {
        const atMs = Date.UTC(2026, 0, 1) + hour * 3_600_000;
        const before = reader.ambiguous;
        if (reader.read(format.format(atMs)) !== atMs && reader.ambiguous === before) wrong++;
      }
      expect(wrong).toBe(0);
    }
  });

  it("counts in the unit and from the instant that are given", () => {
    const reader = new TimestampReader(undefined, { unit: "us", epochMs: NOON });
    expect([reader.read("0"), reader.read("1500000")]).toEqual([NOON, NOON + 1500]);
  });

  it("keeps the unit of a file's first number, and forgets it with the file", () => {
    const reader = new TimestampReader(undefined);
    expect(reader.read("1767614400")).toBe(NOON);
    expect(reader.read("1767614400000")).toBeNaN();
    reader.startFile();
    expect(reader.read("1767614400000")).toBe(NOON);
  });

  it("refuses an option that no time had a use for", () => {
    const reader = new TimestampReader(undefined, { unit: "ms" });
    reader.read("2026-01-05T12:00:00Z");
    expect(() => reader.checkUsed()).toThrow(/--unit: times that are no numbers/);
    const zoned = new TimestampReader("Europe/Berlin");
    zoned.read("2026-01-05T12:00:00Z");
    zoned.read("1767614400");
    expect(() => zoned.checkUsed()).toThrow(/--timezone: times that are instants by themselves/);
    zoned.read("2026-01-05 12:00");
    expect(() => zoned.checkUsed()).not.toThrow();
  });

  it("refuses a date that only the other order can mean, and names that order", () => {
    const reader = new TimestampReader("UTC", { dates: "dmy" });
    expect(reader.read("03/13/2026 10:00")).toBeNaN();
    expect(reader.fault.remedy).toMatch(/--dates mdy for 3\/13\/2026/);
    expect(reader.read("13/03/2026 10:00")).toBe(Date.UTC(2026, 2, 13, 10));
  });

  it("takes UTC as said of instants, which have it by themselves", () => {
    for (const zone of ["UTC", "Etc/UTC", "+00:00"]) {
      const reader = new TimestampReader(zone);
      reader.read("2026-01-05T12:00:00Z");
      reader.read("1767614400");
      expect(() => reader.checkUsed()).not.toThrow();
    }
  });

  it("refuses an unknown zone by name", () => {
    expect(() => new TimestampReader("Mars/Olympus")).toThrow(InputError);
  });
});
