import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TwinRow } from "../../src/live/twin/twin.js";
import { childCount } from "../live/fleet-bench.js";
import { quickProfile } from "./quick-profile.js";
import { type Ended, Folder, root, run } from "./real-command.js";

const scenario = join(root, "scenarios", "live-small.yaml");

let folder: Folder;
let ended: Ended;
beforeAll(async () => {
  folder = new Folder({ "machine.json": JSON.stringify(quickProfile) });
  const options = ["--duration", "4s", "--profile", "machine.json", "--out", "out"];
  ended = await run(["twin", scenario, ...options], folder.path);
}, 120_000);
afterAll(() => folder.dispose());

describe("headrace twin", () => {
  it("prints each metric live and simulated, with its error and the repeat error of a second live run", () => {
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining("live run 2 of 2")]);
    const metrics = ["start latency, p50", "start latency, p90", "ready streamlets over time", "interrupted streams"];
    for (const metric of metrics) expect(ended.stdout).toContain(metric);
    expect(ended.stdout).toMatch(/burst of \d+ spawns, last ready +(?:[\d.,]+ ms|–) +(?:[\d.,]+ ms|–)/);
    expect(ended.stdout).toMatch(/metric +live +simulated +error +live again +repeat error/);
    expect(ended.stdout).toContain("spawn times: machine.json");
  });

  it("keeps the outcome as JSON and as a page; the errors follow from the values", () => {
    expect(folder.list()).toEqual(
      [
        "machine.json",
        ...["index.html", "live-1.jsonl", "live-2.jsonl", "twin.json"].map((name) => `out/${name}`),
      ].sort(),
    );
    const { rows } = JSON.parse(readFileSync(join(folder.path, "out/twin.json"), "utf8")) as { rows: TwinRow[] };
    expect(rows).toHaveLength(7);
    for (const { metric, live, simulated, again, error, repeatError } of rows) {
      // On a busy machine, a burst that was not ready when a run of four seconds ended has no
      // end: null.
      const values: (number | null)[] = [live, simulated, again];
      if (values.includes(null)) {
        expect(metric).toMatch(/^burst|^start latency/);
        continue;
      }
      for (const value of values) expect(value, metric).toBeGreaterThanOrEqual(0);
      if (metric.startsWith("ready") || live === 0) continue;
      expect(error, metric).toBeCloseTo((simulated - live) / live, 9);
      expect(repeatError, metric).toBeCloseTo((again - live) / live, 9);
    }
    // Four seconds at three a second, in all three runs the same clients.
    const served = rows.find((row) => row.metric === "streams served");
    expect(served?.simulated).toBeGreaterThan(3);
    expect(readFileSync(join(folder.path, "out/index.html"), "utf8")).toContain("live against simulated");
  });

  it("leaves logs that replay byte for byte, and no process", async () => {
    for (const log of ["out/live-1.jsonl", "out/live-2.jsonl"]) {
      const { code, stdout } = await run(["replay", log], folder.path);
      expect(stdout).toContain("come out byte for byte");
      expect(code).toBe(0);
    }
    expect(childCount()).toBe(0);
  });

  it("refuses two live runs of a day, and a profile that is none, before anything is started", async () => {
    const day = await run(["twin", scenario, "--duration", "24h"], folder.path);
    expect([day.code, day.stderr]).toEqual([2, expect.stringContaining("at most 1 h each")]);
    folder.write("none.json", "{}");
    const none = await run(["twin", scenario, "--profile", "none.json", "--out", "other"], folder.path);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("none.json:1:1: kind")]);
  });
});
