import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, describe, expect, it } from "vitest";
import { importAzureFunctions } from "../../../src/traffic/import/import-azure-functions.js";
import { importCsv } from "../../../src/traffic/import/import-csv.js";
import { importParquet } from "../../../src/traffic/import/import-parquet.js";
import { importWikipedia } from "../../../src/traffic/import/import-wikipedia.js";
import { parseRule } from "../../../src/traffic/import/label-rule.js";
import { TimestampReader } from "../../../src/traffic/import/timestamp.js";
import { readTraceCsv } from "../../../src/traffic/trace-csv.js";
import { formatTraceCsv } from "../../../src/traffic/trace-writer.js";
import { csvOptions, noRules } from "./csv-options.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-table-"));
afterAll(() => rmSync(folder, { recursive: true }));
const START_MS = Date.UTC(2026, 0, 5);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe("importCsv", () => {
  it("takes chosen columns, any case, and writes a trace that the simulator reads", async () => {
    const path = file("hits.csv", 'When,Region,Hits\n2026-01-05 00:00,"eu, west",5\n2026-01-05 00:05,"eu, west",7\n');
    const rules = { ...noRules, region: parseRule("--region", "region") };
    const { table } = await importCsv(path, csvOptions("UTC", { timestamp: "when", value: "HITS", rules }));
    const back = await readTraceCsv(file("trace.csv", formatTraceCsv(table)));
    expect(back.series).toEqual([{ region: "eu, west", format: "", segment: "" }]);
    expect([back.startMs, back.binMs, ...back.values[0]]).toEqual([START_MS, 300_000, 5, 7]);
  });

  it("counts rows where there is no value column", async () => {
    const rows = ["2026-01-05T00:00:01Z,x", "2026-01-05T00:02:01Z,y", "2026-01-05T00:00:59Z,x"];
    const { table, requests } = await importCsv(
      file("events.csv", `TIMESTAMP,Tokens\n${rows.join("\n")}\n`),
      csvOptions(),
    );
    expect([requests, ...table.values[0]]).toEqual([3, 2, 0, 1]);
  });

  it("takes absent rows and empty values for unknown", async () => {
    const rows = ["2026-01-05T00:00:00Z,1", "2026-01-05T00:01:00Z,", "2026-01-05T00:03:00Z,4"];
    const { table } = await importCsv(file("gaps.csv", `timestamp,value\n${rows.join("\n")}\n`), csvOptions());
    expect([...table.values[0]]).toEqual([1, Number.NaN, Number.NaN, 4]);
  });

  it("takes the order of the rows for the hour that occurs twice when clocks are put back", async () => {
    for (const minutes of [60, 15]) {
      const rows = Array.from({ length: (6 * 60) / minutes }, (_, i) => {
        const utcMs = Date.UTC(2026, 9, 24, 22) + i * minutes * 60_000;
        const offset = utcMs < Date.UTC(2026, 9, 25, 1) ? 2 : 1;
        return `${new Date(utcMs + offset * 3_600_000).toISOString().slice(0, 16)},${i}\n`;
      });
      const path = file(`put-back-${minutes}.csv`, `timestamp,value\n${rows.join("")}`);
      const berlin = csvOptions("Europe/Berlin");
      const { table } = await importCsv(path, berlin);
      expect(table.startMs).toBe(Date.UTC(2026, 9, 24, 22));
      const { ambiguous, ambiguousSecond } = berlin.timestamps;
      expect([ambiguous, ambiguousSecond]).toEqual([120 / minutes, 60 / minutes]);
      expect([...table.values[0]]).toEqual(rows.map((_, i) => i));
    }
  });

  it.each([
    ["no zone", "2026-01-05 00:00:00,1\n", undefined, /2:1: the timestamp .*offset from UTC\. Name the zone/],
    [
      "unsorted",
      "2026-01-05T00:01:00Z,1\n2026-01-05T00:00:00Z,1\n2026-01-05T00:02:00Z,1\n",
      undefined,
      /4:22: .* after .*ascending/,
    ],
    ["duplicated", "2026-01-05T00:00:00Z,1\n2026-01-05T00:00:00Z,1\n", undefined, /3:22: a second row for/],
    [
      "irregular",
      "2026-01-05T00:00:00Z,1\n2026-01-05T00:01:00Z,1\n2026-01-05T00:02:30Z,1\n",
      undefined,
      /lies between the bins/,
    ],
    ["negative", "2026-01-05T00:00:00Z,-1\n", undefined, /2:22: the negative count -1/],
    ["a slip", "2026-01-05T00:00:00Z,1e308\n", undefined, /2:22: the count 1e\+308; expected a count of at most 1e/],
    ["not a number", "2026-01-05T00:00:00Z,1e\n", undefined, /2:22: the value "1e"/],
    ["a time that never was", "2026-03-29 02:30:00,1\n", "Europe/Berlin", /at an instant that the clock showed/],
    ["one row", "2026-01-05T00:00:00Z,1\n", undefined, /one row; expected at least two/],
    ["no row", "", undefined, /no row; expected at least two/],
    ["an open quote", '2026-01-05T00:00:00Z,"1\n', undefined, /CSV that cannot be read/],
  ])("refuses %s", async (name, rows, zone, message) => {
    const path = file(`${name.replaceAll(/\W/g, "-")}.csv`, `timestamp,value\n${rows}`);
    await expect(importCsv(path, csvOptions(zone))).rejects.toThrow(message);
  });

  it("names the column that was probably meant", async () => {
    const path = file("meant.csv", "timestamp,requests\n2026-01-05T00:00:00Z,1\n");
    await expect(importCsv(path, csvOptions(undefined, { value: "reqests" }))).rejects.toThrow(
      /Did you mean "requests"\?/,
    );
  });

  const minutes = (count: number, row: (minute: number) => string, header: string): string =>
    `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join("\n")}\n`;
  const at = (minute: number): string => new Date(START_MS + minute * 60_000).toISOString();

  it.each([
    ["one column with a name of its own", minutes(4, (i) => `${at(i)},${300 + i}`, "Time,viewers"), /'viewers'/],
    [
      "a column per region",
      minutes(4, (i) => `${at(i)},${300 + i},${i}`, "Time,eu,us"),
      /"eu", "us".*'eu'.*--value none/,
    ],
    [
      "rows per region",
      minutes(8, (i) => `${at(i >> 1)},${i % 2 ? "eu" : "us"},${i}`, "Time,region,viewers"),
      /viewers/,
    ],
    ["columns of one name", minutes(4, (i) => `${at(i)},1,2`, "Time,Value,Value"), /2 columns named "Value".*'#2'/],
    ["two usual names", minutes(4, (i) => `${at(i)},1,2`, "Time,count,hits"), /count, hits.*--value/],
    ["two columns of time", minutes(4, (i) => `${at(i)},${at(i)},2`, "time,timestamp,value"), /--timestamp/],
  ])("asks which column is meant where there is %s", async (name, text, message) => {
    const path = file(`asks-${name.replaceAll(" ", "-")}.csv`, text);
    await expect(importCsv(path, csvOptions())).rejects.toThrow(message);
  });

  it("takes a column by its number, and counts rows if asked to", async () => {
    const path = file(
      "numbered.csv",
      minutes(3, (i) => `${at(i)},1,${i + 5}`, "Time,Value,Value"),
    );
    const { table, readAs } = await importCsv(path, csvOptions(undefined, { value: "#3" }));
    expect([...table.values[0]]).toEqual([5, 6, 7]);
    expect(readAs).toContain('counts from "Value"');
    const rows = await importCsv(path, csvOptions(undefined, { value: "none" }));
    expect([...rows.table.values[0]]).toEqual([1, 1, 1]);
    expect(rows.readAs).toContain("each row counted as one request");
  });

  it("joins a date and a time of day that are columns of their own", async () => {
    const path = file("split.csv", "date,time,value\n2026-01-05,00:00:00,3\n2026-01-05,00:05:00,4\n");
    const { table } = await importCsv(path, csvOptions("UTC"));
    expect([table.startMs, table.binMs, ...table.values[0]]).toEqual([START_MS, 300_000, 3, 4]);
  });

  it("decides the unit of Unix time once, and refuses a number of another length at its row", async () => {
    const s = START_MS / 1000;
    const path = file("units.csv", `ts,value\n${s},1\n${s + 60},2\n${(s + 120) * 1000},3\n`);
    await expect(importCsv(path, csvOptions())).rejects.toThrow(/:4:1: the timestamp .*same unit.*--unit/);
  });

  it("counts seconds from the start of a recording only where unit and epoch are given", async () => {
    const path = file("zero.csv", "Timestamp,Model\n0,a\n5,b\n61,a\n");
    await expect(importCsv(path, csvOptions())).rejects.toThrow(/--epoch .* --unit s/);
    const timestamps = new TimestampReader(undefined, { unit: "s", epochMs: START_MS });
    const { table } = await importCsv(path, csvOptions(undefined, { timestamps }));
    expect([table.startMs, ...table.values[0]]).toEqual([START_MS, 2, 1]);
    expect(timestamps.description).toContain("s since 2026-01-05T00:00:00Z");
  });

  it("takes the most frequent distance for the width of a bin where the first bins are absent", async () => {
    const path = file(
      "first-gap.csv",
      minutes(9, (i) => `${at(i === 0 ? 0 : i + 1)},${i}`, "time,value"),
    );
    const { table } = await importCsv(path, csvOptions());
    expect(table.binMs).toBe(60_000);
    expect([...table.values[0]].slice(0, 3)).toEqual([0, Number.NaN, 1]);
  });

  it("does not take the width of a stray row for the width of all", async () => {
    const text = minutes(
      30,
      (i) => `${i === 20 ? new Date(START_MS + 20 * 60_000 + 1000).toISOString() : at(i)},1`,
      "time,value",
    );
    await expect(importCsv(file("stray.csv", text), csvOptions())).rejects.toThrow(/between the bins of 1 min/);
  });

  it.each([
    ["semicolons", "Time;Value\n2026-01-05T00:00:00Z;3\n2026-01-05T00:01:00Z;5\n"],
    ["tabs", "Time\tValue\n2026-01-05T00:00:00Z\t3\n2026-01-05T00:01:00Z\t5\n"],
    ["a sep= line", "sep=|\nTime|Value\n2026-01-05T00:00:00Z|3\n2026-01-05T00:01:00Z|5\n"],
    ["comments", "# made by x\nTime,Value\n# y\n2026-01-05T00:00:00Z,3\n2026-01-05T00:01:00Z,5\n"],
    ["the newest row first", "Time,Value\n2026-01-05T00:01:00Z,5\n2026-01-05T00:00:00Z,3\n"],
    ["a row of sums", "Time,Value\n2026-01-05T00:00:00Z,3\n2026-01-05T00:01:00Z,5\nTotal,8\n"],
    ["slashes", "Time,Value\n2026/01/05 00:00,3\n2026/01/05 00:01,5\n"],
  ])("reads %s as spreadsheets and consoles write them", async (name, text) => {
    const { table } = await importCsv(file(`office-${name.replaceAll(/\W/g, "-")}.csv`, text), csvOptions("UTC"));
    expect([table.startMs, ...table.values[0]]).toEqual([START_MS, 3, 5]);
  });

  it("asks for the order of dates and the decimal mark, and follows the answer", async () => {
    const path = file("us.csv", 'time;value\n1/5/2026 12:00:00 AM;"1.003,5"\n1/5/2026 12:01:00 AM;5\n');
    await expect(importCsv(path, csvOptions("UTC"))).rejects.toThrow(/--dates mdy or --dates dmy/);
    const timestamps = new TimestampReader("UTC", { dates: "mdy" });
    await expect(importCsv(path, csvOptions("UTC", { timestamps }))).rejects.toThrow(/"1.003,5".*--decimal comma/);
    const { table } = await importCsv(path, csvOptions("UTC", { timestamps, decimal: "comma" }));
    expect([table.startMs, ...table.values[0]]).toEqual([START_MS, 1003.5, 5]);
  });

  it("takes 10⁹ requests a bin", async () => {
    const rows = ["2026-01-05T00:00:00Z,1000000000", "2026-01-05T00:01:00Z,1e9"];
    const { table } = await importCsv(file("huge.csv", `timestamp,value\n${rows.join("\n")}\n`), csvOptions());
    expect([...table.values[0]]).toEqual([1e9, 1e9]);
  });
});

describe("importParquet", () => {
  it("reads counts with dates as timestamps, and refuses a cut file", async () => {
    const at = (minute: number): Date => new Date(START_MS + minute * 60_000);
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: "timestamp", data: [at(0), at(1), at(3)], type: "TIMESTAMP" },
        { name: "value", data: [1.5, 2, 4], type: "DOUBLE" },
      ],
    });
    const { table } = await importParquet(file("t.parquet", new Uint8Array(buffer)), csvOptions());
    expect([table.startMs, ...table.values[0]]).toEqual([START_MS, 1.5, 2, Number.NaN, 4]);
    const cut = file("cut.parquet", new Uint8Array(buffer).subarray(0, 60));
    await expect(importParquet(cut, csvOptions())).rejects.toThrow(/Parquet that cannot be read/);
  });
});

describe("a Parquet timestamp without a zone", () => {
  const naive = (): Uint8Array => {
    const micros = [0, 1, 2].map((minute) => BigInt(START_MS + minute * 60_000) * 1000n);
    const logical_type = { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" } as const;
    return new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "timestamp", data: micros },
          { name: "value", data: [1, 2, 4] },
        ],
        schema: [
          { name: "root", num_children: 2 },
          { name: "timestamp", type: "INT64", repetition_type: "REQUIRED", logical_type },
          { name: "value", type: "INT32", repetition_type: "REQUIRED" },
        ],
      }),
    );
  };

  it("is in the zone given, and refused without one, as in a CSV", async () => {
    const path = file("naive.parquet", naive());
    const { table } = await importParquet(path, csvOptions("Europe/Berlin"));
    expect(table.startMs).toBe(START_MS - 3_600_000);
    await expect(importParquet(path, csvOptions())).rejects.toThrow(
      /the timestamp "2026-01-05T00:00:00.000".*--timezone/,
    );
  });
});

const dayHow = { rules: noRules, binMs: 3_600_000, onProgress: () => undefined, signal: new AbortController().signal };

describe("importAzureFunctions", () => {
  const header = [
    "HashOwner",
    "HashApp",
    "HashFunction",
    "Trigger",
    ...Array.from({ length: 1440 }, (_, i) => i + 1),
  ].join(",");
  const row = (trigger: string, first: string): string =>
    ["o", "a", "f", trigger, first, ...Array(1439).fill("0")].join(",");

  it("sums functions minute by minute, and leaves days without a file unknown", async () => {
    const one = file(
      "az/invocations_per_function_md.anon.d01.csv",
      `${header}\n${row("http", "3")}\n${row("timer", "2")}\n`,
    );
    const three = file("az/invocations_per_function_md.anon.d03.csv", `${header}\n${row("http", "7")}\n`);
    const { table, requests } = await importAzureFunctions([one, three], START_MS, dayHow);
    expect(requests).toBe(12);
    expect([table.values[0][0], table.values[0][1], table.values[0][24], table.values[0][48]]).toEqual([
      5,
      0,
      Number.NaN,
      7,
    ]);
  });

  it("refuses a negative count at its column", async () => {
    const path = file("az/invocations_per_function_md.anon.d02.csv", `${header}\n${row("http", "-3")}\n`);
    await expect(importAzureFunctions([path], START_MS, dayHow)).rejects.toThrow(/d02\.csv:2:12: the count "-3"/);
  });
});

describe("importWikipedia", () => {
  it("takes a pageviews file for the hour before its name, one project, missing hours unknown", async () => {
    const one = file("pageviews-20260105-010000", "de Main 5 0\nde Other 2 0\nen Main 100 0\n");
    const two = file("pageviews-20260105-030000", "de Main 3 0\n");
    const { table } = await importWikipedia([one, two], { ...dayHow, project: "de" });
    expect(table.startMs).toBe(START_MS);
    expect([...table.values[0]]).toEqual([7, Number.NaN, 3]);
  });
});
