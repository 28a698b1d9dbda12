import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { AccessLog } from "../../../src/traffic/import/access-log.js";
import { importLogs, type LogImport } from "../../../src/traffic/import/import-log.js";
import { JsonLog } from "../../../src/traffic/import/json-log.js";
import { parseRule } from "../../../src/traffic/import/label-rule.js";
import { TimestampReader } from "../../../src/traffic/import/timestamp.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function how(more: Partial<LogImport> = {}): LogImport {
  return {
    format: new AccessLog(),
    binMs: 60_000,
    rules: { region: undefined, format: undefined, segment: undefined },
    fromMs: Number.NEGATIVE_INFINITY,
    toMs: Number.POSITIVE_INFINITY,
    lenient: false,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  };
}

const line = (clock: string, path = "/a", zone = "+0000"): string =>
  `10.0.0.1 - frank [05/Jan/2026:${clock} ${zone}] "GET ${path} HTTP/1.1" 200 2326 "http://x/" "Mozilla/5.0 \\"y\\""`;
const START_MS = Date.UTC(2026, 0, 5, 12);

describe("importLogs", () => {
  it("counts Common, Combined and vhost lines per minute, in any order, with their offsets", async () => {
    const lines = [
      line("12:02:10"),
      line("12:00:01"),
      `10.0.0.1 - - [05/Jan/2026:13:00:59 +0100] "GET /b HTTP/1.0" 304 -`,
      `www.example.org:443 ${line("12:02:59")}`,
    ];
    const { table, requests, broken } = await importLogs([file("mixed.log", lines.join("\n"))], how());
    expect([requests, broken]).toEqual([4, 0]);
    expect(table.startMs).toBe(START_MS);
    expect([...table.values[0]]).toEqual([2, 0, 2]);
  });

  it("reads gzip, carriage returns and several files as one", async () => {
    const one = file("one.log.gz", gzipSync(`${line("12:00:00")}\r\n${line("12:00:30")}\r\n`));
    const two = file("two.log", `${line("12:01:00")}\n`);
    const { table } = await importLogs([one, two], how());
    expect([...table.values[0]]).toEqual([2, 1]);
  });

  it("takes days and offsets that do not exist for broken, and names the offsets that it read", async () => {
    const read = (date: string): number => {
      const format = new AccessLog();
      return format.parse(`10.0.0.1 - - [${date}] "GET / HTTP/1.1" 200 1`) ? format.atMs : Number.NaN;
    };
    for (const date of ["30/Feb/2026:00:01:00 +0000", "29/Feb/2026:00:01:00 +0000", "31/Dec/2025:23:51:10 +9999"])
      expect(read(date), date).toBeNaN();
    expect(read("29/Feb/2028:00:00:00 +0000")).toBe(Date.UTC(2028, 1, 29));
    expect(read("01/Jan/2026:00:30:00 +1400")).toBe(Date.UTC(2025, 11, 31, 10, 30));
    expect(read("31/Dec/2016:23:59:60.250 +0000")).toBe(Date.UTC(2017, 0, 1) + 250);
    const zones = file("zones.log", `${line("12:00:00")}\n\n  \t\n${line("13:01:00", "/a", "+0100")}\n`);
    const { readAs, broken } = await importLogs([zones], how());
    expect(readAs).toBe("time with the offset of its line (+0000, +0100), each line counted as one request");
    expect(broken).toBe(0);
  });

  it("says where a log has no request for long, which may be a file that is missing", async () => {
    const busy = (hour: number): string =>
      Array.from({ length: 120 }, (_, i) => line(`${hour}:${String(i % 60).padStart(2, "0")}:30`)).join("\n");
    const { notes } = await importLogs([file("hole.log", `${busy(10)}\n${busy(14)}\n`)], how());
    expect(notes).toEqual([
      "no request from 2026-01-05T11:00:00Z to 2026-01-05T14:00:00Z " +
        "(3 h): counted as 0; if a log file is missing there, add it",
    ]);
    const whole = await importLogs([file("whole.log", `${busy(10)}\n${busy(11)}\n`)], how());
    expect(whole.notes).toEqual([]);
  });

  it("refuses gzip that is followed by plain lines", async () => {
    const whole = gzipSync(`${line("12:00:00")}\n`);
    const mixed = file("mixed.log.gz", Buffer.concat([whole, Buffer.from(`${line("12:01:00")}\n`)]));
    await expect(importLogs([mixed], how())).rejects.toThrow(/followed by other data.*separate file/);
  });

  it("derives region and segment by rules; what does not match is other", async () => {
    const lines = [
      line("12:00:00", "/eu/x.ts"),
      line("12:00:01", "/us/x.ts"),
      line("12:01:00", "/x"),
      "",
      line("12:01:01", "/eu/y"),
    ];
    const rules = {
      region: parseRule("--region", "path/^\\/(eu|us)\\//"),
      format: undefined,
      segment: parseRule("--segment", "user"),
    };
    const { table } = await importLogs([file("rules.log", lines.join("\n"))], how({ rules }));
    expect(table.series).toEqual([
      { region: "eu", format: "", segment: "frank" },
      { region: "other", format: "", segment: "frank" },
      { region: "us", format: "", segment: "frank" },
    ]);
    expect(table.values.map((column) => [...column])).toEqual([
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
  });

  it("counts up to 1 % broken lines and shows the first; refuses more, unless lenient", async () => {
    const good = Array.from({ length: 199 }, (_, i) => line(`12:0${i % 10}:00`));
    const fine = file("fine.log", [...good.slice(0, 3), "rubbish \u0001", ...good.slice(3)].join("\n"));
    const found = await importLogs([fine], how());
    expect(found.broken).toBe(1);
    expect(found.firstBroken).toBe(`${fine}:4: rubbish ?`);
    const bad = file("bad.log", ["a", "b", "c", ...good].join("\n"));
    await expect(importLogs([bad], how())).rejects.toThrow(
      /3 of 202 lines are not of the layout access-log; the first is .*bad\.log:1: a/,
    );
    expect((await importLogs([bad], how({ lenient: true }))).requests).toBe(199);
  });

  it("takes only what lies between --from and --to", async () => {
    const lines = [line("12:00:00"), line("12:01:00"), line("12:02:00"), line("12:03:00")];
    const bounds = { fromMs: START_MS + 60_000, toMs: START_MS + 180_000 };
    const { table, requests } = await importLogs([file("bounds.log", lines.join("\n"))], how(bounds));
    expect([requests, table.startMs]).toEqual([2, START_MS + 60_000]);
  });

  it.each([
    ["gone.log", undefined, /no such file/],
    ["empty.log", "", /an empty file/],
    ["binary.log", new Uint8Array([1, 2, 0, 3]), /a binary file/],
    ["cut.log.gz", gzipSync("x".repeat(10_000)).subarray(0, 40), /gzip that ends too early/],
    ["one-bin.log", line("12:00:00"), /requests in one bin only/],
    ["long.log", "x".repeat(1_200_000), /a line of more than/],
  ])("says what is wrong with %s", async (name, content, message) => {
    const path = content === undefined ? join(folder, name) : file(name, content);
    await expect(importLogs([path], how({ lenient: true }))).rejects.toThrow(message);
  });

  it("refuses instants that are centuries apart instead of filling the memory", async () => {
    const lines = [line("12:00:00"), line("12:00:00").replace("2026", "1970")];
    await expect(importLogs([file("apart.log", lines.join("\n"))], how())).rejects.toThrow(/instants as far apart as/);
  });

  it("refuses a rule that takes an address", async () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      line("12:00:00").replace("10.0.0.1", `10.0.${i >> 8}.${i & 255}`),
    );
    const rules = { region: parseRule("--region", "host"), format: undefined, segment: undefined };
    await expect(importLogs([file("hosts.log", lines.join("\n"))], how({ rules }))).rejects.toThrow(
      /more than 200 combinations/,
    );
  });
});

describe("JsonLog", () => {
  it("reads nginx's names, other servers' names, and nested keys", async () => {
    const lines = [
      { time_iso8601: "2026-01-05T12:00:00+00:00", request_uri: "/a", geo: { country: "de" } },
      { msec: 1767614461.5, geo: { country: "fr" } },
      { "@timestamp": "2026-01-05T12:01:01Z", geo: { country: "de" } },
    ];
    const path = file("nginx.json", lines.map((one) => JSON.stringify(one)).join("\n"));
    const rules = { region: parseRule("--region", "geo.country"), format: undefined, segment: undefined };
    const format = new JsonLog(new TimestampReader(undefined), undefined);
    const { table } = await importLogs([path], how({ format, rules }));
    expect(table.series.map((one) => one.region)).toEqual(["de", "fr"]);
    expect(table.values.map((column) => [...column])).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });

  it("takes a line without a time for broken", () => {
    const format = new JsonLog(new TimestampReader(undefined), undefined);
    expect(format.parse('{"a":1}')).toBe(false);
    expect(format.parse("[1]")).toBe(false);
    expect(format.parse('{"time":')).toBe(false);
  });
});
