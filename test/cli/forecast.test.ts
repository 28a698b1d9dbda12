import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderPerTest } from "./folder-per-test.js";
import { run } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const warm = warmCommand();
const folder = folderPerTest();

function trace(
  bins: number,
  value: (i: number) => number | "" = (i) => 100 + 50 * Math.round(Math.sin(i / 4)),
): string {
  const rows = Array.from(
    { length: bins },
    (_, i) => `${new Date(i * 3_600_000).toISOString().replace(".000", "")},${value(i)}`,
  );
  return `timestamp,value\n${rows.join("\n")}\n`;
}

/** A bench of one series of hourly bins and two origins. */
function writeBench(): void {
  const rows = Array.from(
    { length: 24 * 10 },
    (_, i) => `${i},${new Date(i * 3_600_000).toISOString()},${50 + (i % 24)},1`,
  );
  folder.write("bench/hourly.csv", `i,timestamp,value,observed\n${rows.join("\n")}\n`);
  folder.write(
    "bench/origins.json",
    JSON.stringify({ hourly: { m: 24, m2: 168, train_cap: 2016, origins: [150, 170] } }),
  );
}

describe("headrace forecast TRACE", () => {
  it("prints one JSON document with every lead's scores, a champion, and what comes next", async () => {
    folder.write(
      "t.csv",
      trace(24 * 10, (i) => (i === 30 ? "" : 100 + (i % 24))),
    );
    const { code, stdout } = await run(
      ["forecast", "t.csv", "--json", "--horizon", "2h", "--model", "ensemble", "--model", "last-value"],
      folder.path,
    );
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document.models.map((one: { model: string }) => one.model)).toEqual(["ensemble", "last-value"]);
    expect(document.models[0].leads.map((one: { lead: number }) => one.lead)).toEqual([1, 2, 6, 24]);
    expect(document.provisionedLead).toBe(2);
    expect(document.champion).toBe("ensemble");
    expect(document.outlook.quantiles[0]).toHaveLength(24);
    expect(folder.list()).toEqual(["t.csv"]);
  });

  it("writes a page with its charts, and says on the terminal where it is", async () => {
    folder.write("t.csv", trace(24 * 10));
    const { code, stdout } = await warm.run(
      ["forecast", "t.csv", "--out", "r", "--model", "ensemble", "seasonal-naive-day"],
      folder.path,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/Champion at 1 h ahead: /);
    expect(stdout).toMatch(/Report: r\/index.html/);
    const page = readFileSync(join(folder.path, "r/index.html"), "utf8");
    for (const id of ["fan", "calibration", "errors-by-hour", "errors-by-weekday"])
      expect(page).toContain(`id="${id}"`);
  });

  it.each([
    [["forecast"], /no trace/],
    [["forecast", "nope.csv"], /no such file/],
    [["forecast", "short.csv"], /a trace of 5 bins/],
    [["forecast", "t.csv", "--model", "ensembel"], /Did you mean "ensemble"/],
    [["forecast", "t.csv", "--horizon", "soon"], /--horizon/],
    [["forecast", "t.csv", "--horizon", "9000d"], /at most/],
    [["forecast", "t.csv", "--model", "lstm", "--backend", "gpu"], /node, wasm, cpu/],
    [["forecast", "t.csv", "--holidays", "XX"], /ISO code/],
    [["forecast", "t.csv", "--events", "t.csv"], /JSON/],
    [["forecast", "t.csv", "--threads", "0"], /--threads/],
    [["forecast", "t.csv", "--bench", "bench", "--out", "x.jsonl"], /both a trace and --bench/],
    [["forecast", "--bench", "bench"], /--out/],
    [["forecast", "--bench", "nope", "--out", "x.jsonl"], /no origins.json/],
  ])("refuses %j in words, with exit code 2 and nothing written", async (args, words) => {
    folder.write("t.csv", trace(24 * 4));
    folder.write("short.csv", trace(5));
    writeBench();
    const before = folder.list();
    const { code, stdout, stderr } = await warm.run(args, folder.path);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe("");
    expect(code).toBe(2);
    expect(folder.list()).toEqual(before);
  });
});

describe("headrace forecast --bench", () => {
  it("writes one line per origin and model, the same on one thread as on two", async () => {
    writeBench();
    const args = ["forecast", "--bench", "bench", "--model", "ensemble", "seasonal-naive-day", "--quiet"];
    expect((await warm.run([...args, "--out", "a.jsonl", "--threads", "1"], folder.path)).code).toBe(0);
    expect((await run([...args, "--out", "b.jsonl", "--threads", "2"], folder.path)).code).toBe(0);
    const text = readFileSync(join(folder.path, "a.jsonl"), "utf8");
    expect(readFileSync(join(folder.path, "b.jsonl"), "utf8")).toBe(text);
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ method, origin }) => [method, origin])).toEqual([
      ["ensemble", 150],
      ["ensemble", 170],
      ["seasonal-naive-day", 150],
      ["seasonal-naive-day", 170],
    ]);
    expect(lines.every(({ q }) => q.length === 3 && q.every((row: number[]) => row.length === 24))).toBe(true);
  });
});
