import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { importCsv } from "../../../src/traffic/import/import-csv.js";
import { importLogs } from "../../../src/traffic/import/import-log.js";
import { importJsonCounts } from "../../../src/traffic/import/json-counts.js";
import { JsonLog } from "../../../src/traffic/import/json-log.js";
import { parseRule } from "../../../src/traffic/import/label-rule.js";
import { TimestampReader } from "../../../src/traffic/import/timestamp.js";
import { countOptions } from "./count-options.js";
import { csvOptions, noRules } from "./csv-options.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-metric-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join("\n"));
  return path;
}

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 0, 0, second)).toISOString();
const names = ["http_reqs", "http_req_duration"];

/** What `k6 run --out csv=FILE` writes, shortened. */
const k6Csv = (metrics: readonly string[]) => [
  "metric_name,timestamp,metric_value,method",
  ...[0, 0, 1, 90].flatMap((second) => metrics.map((name) => `${name},${Date.parse(at(second)) / 1000},1.5,GET`)),
];
/** What `k6 run --out json=FILE` writes. */
const k6Json = (metrics: readonly string[]) =>
  [0, 0, 1, 90].flatMap((second) =>
    metrics.map((metric) => JSON.stringify({ metric, type: "Point", data: { time: at(second), value: 1 } })),
  );
const jsonLog = () => new JsonLog(new TimestampReader(undefined), "data.time");
const logOptions = { ...countOptions(), format: jsonLog(), lenient: false };

describe("records of several metrics", () => {
  it("are refused in a CSV of k6, which has several rows for each request", async () => {
    await expect(importCsv(file("k6.csv", k6Csv(names)), csvOptions())).rejects.toThrow(
      /k6\.csv:3:1: the metric "http_req_duration" after "http_reqs"; .*\(head -1 FILE; grep -w http_reqs FILE\) > one-metric\.csv/,
    );
    const { requests } = await importCsv(file("one.csv", k6Csv(["http_reqs"])), csvOptions());
    expect(requests).toBe(4);
  });

  it("are refused in JSON lines, single requests and counts alike", async () => {
    const both = file("k6.json", k6Json(names.toReversed()));
    const message = /k6\.json:2:1: the metric "http_reqs" after "http_req_duration"; .*\(grep -w http_reqs FILE\)/;
    await expect(importLogs([both], logOptions)).rejects.toThrow(message);
    await expect(importJsonCounts([both], jsonLog(), "data.value", countOptions())).rejects.toThrow(message);
    const { requests } = await importLogs([file("one.json", k6Json(["http_reqs"]))], logOptions);
    expect(requests).toBe(4);
  });

  it("are read where a rule keeps them apart", async () => {
    const rules = { ...noRules, segment: parseRule("--segment", "metric_name") };
    const { table } = await importCsv(file("apart.csv", k6Csv(names)), csvOptions(undefined, { rules }));
    expect(table.series.map(({ segment }) => segment)).toEqual(names.toSorted());
  });
});

describe("a file that is no list of lines", () => {
  it("is named by its keys, with the command that makes lines of it", async () => {
    const answer = { Label: "RequestCount", Datapoints: [{ Timestamp: at(0), Sum: 5 }] };
    const path = file("cloudwatch.json", [JSON.stringify(answer)]);
    const format = new JsonLog(new TimestampReader(undefined), undefined);
    await expect(importLogs([path], { ...logOptions, format })).rejects.toThrow(
      /one object whose "Datapoints" is a list.*jq -c '\.Datapoints\[\]' FILE/,
    );
  });

  it("proposes a nested key with the time", async () => {
    const format = new JsonLog(new TimestampReader(undefined), undefined);
    const nested = importLogs([file("nested.json", k6Json(["http_reqs"]))], { ...logOptions, format });
    await expect(nested).rejects.toThrow(/--timestamp data\.time/);
  });
});
