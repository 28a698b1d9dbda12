import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runValidation } from "../../src/cli/validate-run.js";
import { validationTable } from "../../src/experiment/validate/table.js";
import { folderPerTest } from "./folder-per-test.js";
import { run, start } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const warm = warmCommand();
const folder = folderPerTest();

const cheap = "setup-1-constant";

describe("headrace validate", () => {
  it("prints the row, simulated against exact with its interval, error, gate, verdict and source", async () => {
    const { code, stdout, stderr } = await run(["validate", "--quick", "--only", cheap], folder.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/M\/M\/1\/setup at 0\.5 erlangs, spawn D of mean 10 s {3}\[Welch 1964\]/);
    expect(stdout).toMatch(/E\[response\] +7\.\d+ ± 0\.\d+ s +7\.83333 s +[+-]\d\.\d\d % +\d\.\d\d % \(≤ 12 %\) +pass/);
    expect(stdout).toContain("All 2 numbers lie within their intervals.");
    expect(stderr).toMatch(/^2 numbers of 1 rows, quick; seed 1\n.*validating 100 %\n.*events in .* seed 1\n$/s);
  });

  it("prints one JSON document, the same bytes for the same seed, with and without threads", async () => {
    const args = ["validate", "--quick", "--json", "--seed", "5", "--only", cheap];
    const first = await warm.run(args, folder.path);
    const second = await warm.run([...args, "--threads", "1", "--quiet"], folder.path);
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toBe("");
    // Node's own warnings (of listeners, of leaks) would stand here.
    const several = await run([...args, "--threads", "3", "--quiet"], folder.path);
    expect([several.stdout, several.stderr]).toEqual([first.stdout, ""]);
    const document = JSON.parse(first.stdout);
    expect([document.seed, document.mode, document.pass, document.confidence]).toEqual([5, "quick", true, 0.99]);
    const [check] = document.rows[0].checks;
    expect(check.exact).toBeCloseTo(7.83333, 5);
    expect(Math.abs(check.simulated - check.exact)).toBeLessThanOrEqual(check.halfWidth);
    expect(check.plain.halfWidth).toBeGreaterThan(0);
  });

  it("exits with 1 where a number misses", async () => {
    const row = validationTable.find((one) => one.id === cheap);
    if (row === undefined) throw new Error("the row is gone");
    const planted = { ...row, checks: row.checks.map((check) => ({ ...check, exact: Number(check.exact) * 1.2 })) };
    const arguments_ = { quick: true, seed: 1, json: false, quiet: true, only: undefined, write: undefined };
    const before = process.exitCode;
    try {
      await runValidation({ ...arguments_, threads: undefined }, [row]);
      expect(process.exitCode).toBe(before);
      await runValidation({ ...arguments_, threads: undefined }, [planted]);
      expect(process.exitCode).toBe(1);
    } finally {
      process.exitCode = before;
    }
  });

  it("writes scenarios that headrace simulate runs to the same numbers", async () => {
    const written = await warm.run(["validate", "--quick", "--write", "rows", "--only", cheap], folder.path);
    expect([written.code, written.stdout, folder.list()]).toEqual([0, "", [`rows/${cheap}.yaml`]]);
    expect(readFileSync(join(folder.path, `rows/${cheap}.yaml`), "utf8")).toMatch(
      /^# M\/M\/1\/setup.*E\[response\] = 7\.83333 s/s,
    );
    const simulated = await warm.run(["simulate", `rows/${cheap}.yaml`, "--json"], folder.path);
    const validated = await warm.run(["validate", "--quick", "--json", "--only", cheap], folder.path);
    const responseMs = JSON.parse(simulated.stdout).policies[0].metrics.responseMsMean.mean;
    const { mean, halfWidth } = JSON.parse(validated.stdout).rows[0].checks[0].plain;
    // validate averages the means of runs, simulate pools them: within a tenth of the interval.
    expect(Math.abs(mean * 1000 - responseMs)).toBeLessThan(halfWidth * 100);
  });

  it.each([
    [["--only", "erlang-q"], /--only: "erlang-q"; expected a row, or how it begins: erlang-b-10-5-exponential/],
    [["--seed", "1.5"], /--seed: 1\.5; expected a whole number/],
    [["--seed", "x"], /--seed: "x"; expected a whole number/],
    [["--threads", "0"], /--threads: 0; expected a whole number of at least 1/],
    [["--write", "/proc/nowhere"], /\/proc\/nowhere/],
    [["--quik"], /quik/],
  ])("refuses %j by one clear message", async (args, message) => {
    const { code, stdout, stderr } = await warm.run(["validate", ...args], folder.path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("ends by Ctrl-C with 130 and no table", async () => {
    const { child, ended } = start(["validate"], folder.path);
    child.stderr?.on("data", (text: string) => {
      if (text.includes("in full")) setImmediate(() => child.kill("SIGINT"));
    });
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/interrupted: nothing was written\n$/);
  });
});
