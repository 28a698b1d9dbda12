import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CsvImport, importCsv } from "../../../src/traffic/import/import-csv.js";
import { csvOptions } from "./csv-options.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("a CSV that could be misread", () => {
  it("refuses a row with more cells than the header, as a number with bare thousands makes it", async () => {
    const rows = "timestamp,value\n2026-01-05T00:00:00Z,999\n2026-01-05T00:05:00Z,1,300\n";
    await expect(importCsv(file("thousands.csv", rows), csvOptions())).rejects.toThrow(
      /thousands\.csv:3:24: a row of 3 cells under a header of 2; .*Quote values with a ","/,
    );
    const path = file("comma-at-end.csv", "timestamp,value\n2026-01-05T00:00:00Z,1,\n2026-01-05T00:05:00Z,999,\n");
    const { requests } = await importCsv(path, csvOptions());
    expect(requests).toBe(1000);
  });

  it("asks what 1.300 is between semicolons, and follows the answer", async () => {
    const path = file("dots.csv", "timestamp;value\n2026-01-05T00:00:00Z;999\n2026-01-05T00:05:00Z;1.300\n");
    await expect(importCsv(path, csvOptions())).rejects.toThrow(/dots\.csv:3:22: the value "1\.300".*--decimal comma/);
    const sums = ["comma", "point"].map(async (decimal) => {
      return (await importCsv(path, csvOptions(undefined, { decimal } as Partial<CsvImport>))).requests;
    });
    expect(await Promise.all(sums)).toEqual([2299, 1000.3]);
  });

  it("refuses numbers with units or blanks, with the way to write them", async () => {
    for (const value of ["1 234", "1\u00a0234", "1'234", "1.5 K", "12 req/s", "3%"]) {
      const path = file("dressed.csv", `timestamp,value\n2026-01-05T00:00:00Z,${value}\n2026-01-05T00:05:00Z,2\n`);
      await expect(importCsv(path, csvOptions())).rejects.toThrow(/dressed\.csv:2:22: .*Write numbers without units/);
    }
  });

  it("refuses days of 23 hours and months as bins, with the reason", async () => {
    const days = file("days.csv", `date,requests\n2026-03-27,1\n2026-03-28,2\n2026-03-29,3\n2026-03-30,4\n`);
    await expect(importCsv(days, csvOptions("Europe/Berlin"))).rejects.toThrow(/a day has 23 or 25 h: count by hours/);
    expect((await importCsv(days, csvOptions("UTC"))).requests).toBe(10);
    const months = file("months.csv", `date,requests\n2026-01-01,1\n2026-02-01,2\n2026-03-01,3\n`);
    await expect(importCsv(months, csvOptions("UTC"))).rejects.toThrow(/Months differ in length/);
  });

  it("refuses a first line of data, even where the columns are named by number", async () => {
    const path = file("bare.csv", "2026-01-05 00:00,1\n2026-01-05 00:05,2\n");
    await expect(importCsv(path, csvOptions("UTC", { timestamp: "#1", value: "#2" }))).rejects.toThrow(
      /bare\.csv:1:1: a first line with a time in it .*Write one above it/,
    );
  });

  it.each([
    "req/s",
    "Requests per second",
    "requestsPerSecond",
    "rps",
    "peak_qps",
    "rate",
    "req/min",
    "sum(rate(http_requests_total[1m]))",
  ])("asks what the values of %s are, and takes rates times the width of a bin", async (name) => {
    const path = file("rates.csv", `timestamp,"${name}"\n2026-01-05T00:00:00Z,2\n2026-01-05T00:05:00Z,4\n`);
    const read = (values?: CsvImport["values"]) => importCsv(path, csvOptions(undefined, { value: "#2", values }));
    await expect(read()).rejects.toThrow(/rates\.csv:1:1: values from ".*", which looks like a rate.*--values count/);
    const [second, minute, count] = await Promise.all([read("per-second"), read("per-minute"), read("count")]);
    expect([...second.table.values[0], second.requests]).toEqual([600, 1200, 1800]);
    expect([minute.requests, count.requests]).toEqual([30, 6]);
    expect(second.readAs).toContain(`requests per second, times the width of a bin, from "${name}"`);
  });

  it.each(["hits", "rated", "separate", "ms/slot", "persons", "generated"])("takes %s for counts", async (name) => {
    const path = file("counts.csv", `timestamp,${name}\n2026-01-05T00:00:00Z,2\n2026-01-05T00:05:00Z,4\n`);
    expect((await importCsv(path, csvOptions(undefined, { value: name }))).requests).toBe(6);
  });

  it("refuses to say what values are where each row is one request", async () => {
    const path = file("single.csv", "timestamp,x\n2026-01-05T00:00:00Z,a\n2026-01-05T00:05:00Z,b\n");
    await expect(importCsv(path, csvOptions(undefined, { value: "none", values: "count" }))).rejects.toThrow(
      /--values where each row is one request/,
    );
  });

  it("names UTF-16, and how to convert it", async () => {
    const path = file("wide.csv", Buffer.from("\ufefftimestamp,value\n", "utf16le"));
    await expect(importCsv(path, csvOptions())).rejects.toThrow(/wide\.csv: a text in UTF-16; .*iconv/);
  });
});
