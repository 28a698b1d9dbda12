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

  it("refuses a first line of data, even where the columns are named by number", async () => {
    const path = file("bare.csv", "2026-01-05 00:00,1\n2026-01-05 00:05,2\n");
    await expect(importCsv(path, csvOptions("UTC", { timestamp: "#1", value: "#2" }))).rejects.toThrow(
      /bare\.csv:1:1: a first line with a time in it .*Write one above it/,
    );
  });

  it("names UTF-16, and how to convert it", async () => {
    const path = file("wide.csv", Buffer.from("\ufefftimestamp,value\n", "utf16le"));
    await expect(importCsv(path, csvOptions())).rejects.toThrow(/wide\.csv: a text in UTF-16; .*iconv/);
  });
});
