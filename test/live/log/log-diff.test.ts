import { beforeAll, describe, expect, it } from "vitest";
import { packageVersion } from "../../../src/experiment/version.js";
import { diffLogs } from "../../../src/live/log/log-diff.js";
import { parseRunLog } from "../../../src/live/log/run-log-reader.js";
import { shortRunLog } from "../logged-bench.js";

let log = "";
beforeAll(async () => {
  log = await shortRunLog();
});

const read = (text: string, file: string) => parseRunLog(text, file, packageVersion());

describe("the difference of two run logs", () => {
  it("is none between a log and itself", () => {
    const { rows, firstDivergence, paths, noise } = diffLogs(read(log, "a"), read(log, "b"));
    expect(rows.every((row) => row.word === "same")).toBe(true);
    expect(rows.find((row) => row.metric === "requests")?.a).toBeGreaterThan(0);
    expect([firstDivergence, noise]).toEqual([null, "none: one run each"]);
    for (const { a, b } of paths) expect(a).toEqual(b);
  });

  it("names the first decision that differs, and gives no verdict on counts of one run each", () => {
    const lines = log.split("\n");
    const at = lines.findLastIndex((line) => line.includes('"kind":"decided"'));
    const record = JSON.parse(lines[at]);
    lines[at] = JSON.stringify({ ...record, desired: record.desired + 5, reason: "another-reason" });
    const dropped = lines.findIndex((line) => line.includes('"kind":"assigned"'));
    lines[dropped] = lines[dropped].replace('"assigned"', '"abandoned"');
    const { rows, firstDivergence, reasons } = diffLogs(read(log, "a"), read(lines.join("\n"), "b"));
    expect(firstDivergence).toMatchObject({ atMs: record.at, to: record.desired + 5 });
    expect(firstDivergence?.reasons[1]).toBe("another-reason");
    expect(rows.find((row) => row.metric === "abandoned")).toMatchObject({
      delta: 1,
      halfWidth: null,
      word: "cannot tell",
    });
    expect(reasons.some(({ reason, b }) => reason === "another-reason" && b === 1)).toBe(true);
  });
});
