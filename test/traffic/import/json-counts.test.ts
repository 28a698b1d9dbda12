import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { countKeyOf, importJsonCounts } from "../../../src/traffic/import/json-counts.js";
import { JsonLog } from "../../../src/traffic/import/json-log.js";
import { TimestampReader } from "../../../src/traffic/import/timestamp.js";
import { countOptions } from "./count-options.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-json-counts-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function lines(...records: readonly object[]): string {
  const path = join(folder, `${files++}.jsonl`);
  writeFileSync(path, records.map((one) => JSON.stringify(one)).join("\n"));
  return path;
}

const log = () => new JsonLog(new TimestampReader(undefined), undefined);
const keyOf = (path: string, value?: string) => countKeyOf(path, log(), value);
const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 2, 2, 10, minute, second)).toISOString();
const counts = (path: string, key: string, region?: string) =>
  importJsonCounts([path], log(), key, countOptions(region));

describe("JSON lines", () => {
  it("that hold counts are read as counts where the key has a usual name", async () => {
    const path = lines({ ts: at(0), requests: 5 }, { ts: at(5), requests: null }, { ts: at(10), requests: 9.5 });
    expect(await keyOf(path)).toBe("requests");
    const { table, requests, readAs } = await counts(path, "requests");
    expect([table.binMs, requests, [...table.values[0]]]).toEqual([300_000, 14.5, [5, Number.NaN, 9.5]]);
    expect(readAs).toBe('time from "ts", counts from "requests"');
  });

  it("that look like counts under another name are asked for, and read once they are named", async () => {
    const path = lines(
      ...[0, 5, 10].flatMap((minute) => [
        { time: at(minute), region: "eu", viewers: 3 + minute },
        { time: at(minute), region: "us", viewers: 1 },
      ]),
    );
    await expect(keyOf(path)).rejects.toThrow(
      /numbers in "viewers": they look like counts.*--value viewers, or --value none/,
    );
    expect(await keyOf(path, "none")).toBeUndefined();
    expect((await counts(path, "viewers", "region")).table.values.map((one) => [...one])).toEqual([
      [3, 8, 13],
      [1, 1, 1],
    ]);
  });

  it("that are single requests stay so, numbers or not", async () => {
    const path = lines(
      { ts: at(0, 3), path: "/a", status: 200, bytes: 17 },
      { ts: at(0, 4), path: "/b", status: 404, bytes: 0 },
      { ts: at(0, 9), path: "/a", status: 200, bytes: 17 },
    );
    expect(await keyOf(path)).toBeUndefined();
  });

  it("with a count but without a grid are asked for, since either reading may be meant", async () => {
    const path = lines({ ts: at(0, 3), path: "/a", count: 2 }, { ts: at(1, 7), path: "/b", count: 1 });
    await expect(keyOf(path)).rejects.toThrow(/numbers in "count", but lines that are no table of counts/);
  });

  it("whose count is no number, or a key that is not there, are refused at their place", async () => {
    const path = lines({ ts: at(0), count: 2 }, { ts: at(1), count: "many" });
    await expect(counts(path, "count")).rejects.toThrow(/:2:1: the value "many"; expected a number of requests/);
    await expect(counts(path, "cuont")).rejects.toThrow(/no key "cuont" \(--value\); expected one of count/);
    const broken = lines({ ts: at(0), count: 2 }, { count: 2 });
    await expect(counts(broken, "count")).rejects.toThrow(/:2:1: none of the keys count holds a time.*--timestamp/);
  });
});
