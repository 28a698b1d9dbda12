import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Dimension, formatBytes, formatCount, formatDuration, parseQuantity } from "../../src/base/units.js";

const known: readonly [Dimension, string, number][] = [
  ["duration", "ns", 1e-6],
  ["duration", "us", 1e-3],
  ["duration", "µs", 1e-3],
  ["duration", "ms", 1],
  ["duration", "s", 1000],
  ["duration", "sec", 1000],
  ["duration", "second", 1000],
  ["duration", "seconds", 1000],
  ["duration", "min", 60_000],
  ["duration", "minute", 60_000],
  ["duration", "minutes", 60_000],
  ["duration", "h", 3_600_000],
  ["duration", "hour", 3_600_000],
  ["duration", "hours", 3_600_000],
  ["duration", "d", 86_400_000],
  ["duration", "day", 86_400_000],
  ["duration", "days", 86_400_000],
  ["duration", "w", 604_800_000],
  ["duration", "week", 604_800_000],
  ["duration", "weeks", 604_800_000],
  ["bytes", "B", 1],
  ["bytes", "kB", 1e3],
  ["bytes", "MB", 1e6],
  ["bytes", "GB", 1e9],
  ["bytes", "TB", 1e12],
  ["bytes", "KiB", 1024],
  ["bytes", "MiB", 1024 * 1024],
  ["bytes", "GiB", 1024 * 1024 * 1024],
  ["bytes", "TiB", 1024 * 1024 * 1024 * 1024],
  ["bitrate", "bps", 1],
  ["bitrate", "kbps", 1e3],
  ["bitrate", "Mbps", 1e6],
  ["bitrate", "Gbps", 1e9],
  ["bitrate", "bit/s", 1],
  ["bitrate", "kbit/s", 1e3],
  ["bitrate", "Mbit/s", 1e6],
  ["bitrate", "Gbit/s", 1e9],
  ["rate", "/s", 1],
  ["rate", "/sec", 1],
  ["rate", "/second", 1],
  ["rate", "/min", 1 / 60],
  ["rate", "/minute", 1 / 60],
  ["rate", "/h", 1 / 3600],
  ["rate", "/hour", 1 / 3600],
  ["rate", "/d", 1 / 86_400],
  ["rate", "/day", 1 / 86_400],
];

describe("a quantity", () => {
  it.each(known)("%s knows the unit %s", (dimension, unit, factor) => {
    expect(parseQuantity(dimension, `3${unit}`)).toBeCloseTo(3 * factor, 12);
    expect(parseQuantity(dimension, ` 2.5 ${unit} `)).toBeCloseTo(2.5 * factor, 12);
    expect(parseQuantity(dimension, `1e3${unit}`)).toBeCloseTo(1000 * factor, 9);
  });

  it("may be written with underscores, without a leading digit, and as a bare 0", () => {
    expect(parseQuantity("rate", "1_000/s")).toBe(1000);
    expect(parseQuantity("duration", ".5s")).toBe(500);
    expect([parseQuantity("duration", 0), parseQuantity("bytes", "0")]).toEqual([0, 0]);
    expect([parseQuantity("number", "0.7"), parseQuantity("number", 12)]).toEqual([0.7, 12]);
  });

  it("may be infinite where that makes sense, and nowhere else", () => {
    for (const word of ["infinite", "Infinity", "never", "unlimited", "∞"]) {
      expect(parseQuantity("duration", word, true)).toBe(Infinity);
      expect(parseQuantity("duration", word)).toMatchObject({ expected: expect.stringContaining("a duration") });
    }
  });

  it.each([
    ["duration", "10 minuets", '"10 minuets"', "Did you mean 10minutes?"],
    ["duration", "5 secnds", '"5 secnds"', "Did you mean 5seconds?"],
    ["duration", "10m", '"10m"', "Write 10min for minutes or 10ms for milliseconds"],
    ["duration", 90, "90", "Add the unit: 250ms, 30s, 10min, 24h or 14d"],
    ["duration", "-3s", '"-3s"', "Write a number that is not negative"],
    ["duration", "soon", '"soon"', "Write 250ms, 30s, 10min, 24h or 14d"],
    ["duration", "", '""', "Write 250ms, 30s, 10min, 24h or 14d"],
    ["duration", Number.NaN, "NaN", "Write 250ms, 30s, 10min, 24h or 14d"],
    ["duration", "1e999s", '"1e999s"', "Write a finite number"],
    ["bytes", "5 MiiB", '"5 MiiB"', "Did you mean 5MiB?"],
    ["bitrate", "4 Mbits/s", '"4 Mbits/s"', "Did you mean 4Mbit/s?"],
    ["rate", "12/sek", '"12/sek"', "Did you mean 12/sec?"],
    ["number", "5 cores", '"5 cores"', "Leave the unit out"],
  ] as const)("%s refuses %s and says what to write", (dimension, input, got, remedy) => {
    expect(parseQuantity(dimension, input)).toMatchObject({ got, remedy });
  });

  it.each([
    ["bitrate", "50MBps", "Write bits a second: 400Mbps is 50MBps"],
    ["bitrate", "2 kB/s", "Write bits a second: 16kbps is 2kB/s"],
    ["bitrate", "1GBPS", "Write bits a second: 8Gbps is 1GBPS"],
    ["bytes", "96Mi", "Write 96MiB"],
    ["number", "500m", "Write 0.5"],
    ["number", "70%", "Write 0.7"],
    ["duration", "5M", "Write 5min for minutes or 5ms for milliseconds"],
    ["duration", "1h30min", "Write one number with one unit, such as 90min"],
    ["duration", "1:30:00", "Write one number with one unit, such as 90min"],
    ["rate", "1,5/s", "Write the decimal mark as a point, such as 1.5, and thousands without a mark"],
  ] as const)("%s %s is refused with what to write instead", (dimension, text, remedy) => {
    expect(parseQuantity(dimension, text)).toMatchObject({ remedy });
  });

  it("takes a unit in another case only where one unit can be meant", () => {
    expect(parseQuantity("bytes", "5mib")).toBe(5 * 1_048_576);
    expect(parseQuantity("bytes", "5gb")).toBe(5e9);
    expect(parseQuantity("duration", "5 Min")).toBe(300_000);
  });

  it("is a number from 0 up or a fault, whatever is thrown at it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Dimension>("duration", "bytes", "bitrate", "rate", "number"),
        fc.oneof(
          fc.string(),
          fc.double(),
          fc.tuple(fc.double(), fc.string({ maxLength: 4 })).map((parts) => parts.join("")),
        ),
        fc.boolean(),
        (dimension, input, infinite) => {
          const result = parseQuantity(dimension, input, infinite);
          if (typeof result === "number") return result >= 0 && (infinite || Number.isFinite(result));
          return result.got.length <= 62 && result.expected !== "" && result.remedy !== "";
        },
      ),
      { seed: 1, numRuns: 3000 },
    );
  });
});

describe("what is printed", () => {
  it.each([
    [0.5, "0.5 ms"],
    [250, "250 ms"],
    [1000, "1 s"],
    [90_000, "1 min 30 s"],
    [86_400_000, "1 d"],
    [93_600_000, "1 d 2 h"],
    [3_600_000 + 1000, "1 h 1 s"],
    [Infinity, "infinite"],
    [Number.NaN, "unknown"],
  ])("%d ms are %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [512, "512 B"],
    [96 * 1_048_576, "96 MiB"],
    [1.5 * 1_073_741_824, "1.5 GiB"],
  ])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [1_234_567.4, "1,234,567"],
  ])("%d is %s", (count, text) => expect(formatCount(count)).toBe(text));
});
