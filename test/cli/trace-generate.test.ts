import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseWords } from "../../src/cli/parse-words.js";
import { folderPerTest } from "./folder-per-test.js";
import { quickTrace } from "./real-command.js";

const folder = folderPerTest({ "t.csv": quickTrace(24) });

const generate = (...words: readonly string[]): Promise<void> =>
  parseWords(["trace", "generate", join(folder.path, "t.csv"), ...words, "--out", join(folder.path, "o.csv")]);

describe("headrace trace generate from a trace", () => {
  it.each([
    [["--days", "7"], /--days: a trace; expected a workload model/],
    [["--start", "2026-02-01T00:00:00Z"], /--start: a trace; expected a workload model/],
    [["--seed", "5"], /--seed: a trace; expected --scale beside it/],
    [["--shift", "1e300d"], /--shift: 1e300d; expected instants of the years 1 to 9999/],
    [["--shift=-800000d"], /--shift: -800000d; expected instants/],
  ])("refuses %j, which would do nothing or give no time", async (words, message) => {
    await expect(generate(...words)).rejects.toThrow(message);
    expect(folder.list()).toEqual(["t.csv"]);
  });

  it("moves it, and takes a seed for a scale", async () => {
    await generate("--shift", "36500d", "--scale", "0.5", "--seed", "5");
    expect(readFileSync(join(folder.path, "o.csv"), "utf8")).toMatch(/^timestamp,value\n2125-/);
  });
});
