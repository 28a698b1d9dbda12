import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderPerTest } from "./folder-per-test.js";
import { run } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const scenario = `name: small
seed: 1
duration: 30min
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 30s}}
fleet: {streamlet: {slots: 4, spawn: {kind: constant, value: 10s}}, max: 50}
policies: [{kind: static, count: 20}]
cost: {streamletHour: 1}
`;

const warm = warmCommand();
const folder = folderPerTest({ "small.yaml": scenario });

const text = (name: string): string => readFileSync(join(folder.path, name), "utf8");

describe("headrace check", () => {
  it("starts a gate, passes it, fails a dearer policy with all its reports, and accepts it with a reason", async () => {
    const init = await warm.run(["check", "--init", "small.yaml"], folder.path);
    expect([init.code, init.stdout]).toEqual([
      0,
      expect.stringMatching(/small.yaml, static: Cost[\s\S]*Gate: regression.yaml/),
    ]);
    const pass = await run(["check", "--json"], folder.path);
    expect([pass.code, JSON.parse(pass.stdout).verdict]).toEqual([0, "identical"]);
    folder.write("small.yaml", scenario.replace("count: 20", "count: 21"));
    const args = [
      "check",
      "--annotations",
      "--junit",
      "out/junit.xml",
      "--markdown",
      "out/pr.md",
      "--out",
      "page",
      "--quiet",
    ];
    const fail = await warm.run(args, folder.path);
    expect([fail.code, fail.stderr]).toEqual([1, ""]);
    expect(fail.stdout).toMatch(/^::error file=small.yaml/);
    expect(text("out/junit.xml")).toContain('type="regressed"');
    expect(text("page/index.html")).toContain('<p class="sentence">Regressed: ');
    expect(JSON.parse(text("page/check.json")).verdict).toBe("regressed");
    expect(text("out/pr.md")).toContain("### headrace check: regressed");
    const update = await warm.run(["check", "--update", "--reason", "one more"], folder.path);
    expect([update.code, update.stdout]).toEqual([0, expect.stringContaining("(before 10)")]);
    expect(text("regression-baseline.json")).toContain('"reason": "one more"');
    expect((await warm.run(["check"], folder.path)).code).toBe(0);
  });

  it.each([
    ["no file", ["check"], /regression.yaml/],
    ["a reason without --update", ["check", "--reason", "x"], /--reason: a reason without --update/],
    ["--update without a reason", ["check", "--update"], /--update: no reason; expected why/],
    ["--init and --update", ["check", "--init", "small.yaml", "--update", "--reason", "x"], /together/],
    ["--init of a file that is missing", ["check", "--init", "none.yaml"], /none.yaml/],
    ["a repeated option", ["check", "--junit", "a", "--junit", "b"], /--junit: 2 values; expected one/],
    ["--out with --update", ["check", "--update", "--reason", "x", "--out", "page"], /a check to report on/],
    ["a folder that cannot be written", ["check", "--init", "small.yaml", "/proc/x/regression.yaml"], /proc/],
  ])("answers %s with one message, code 2 and no file", async (_, args, message) => {
    const { code, stdout, stderr } = await warm.run(args, folder.path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(readdirSync(folder.path)).toEqual(["small.yaml"]);
  });

  it("does not overwrite a gate or a baseline", async () => {
    folder.write("regression.yaml", "mine");
    expect((await warm.run(["check", "--init", "small.yaml"], folder.path)).stderr).toMatch(
      /a gate that is there already/,
    );
    expect(text("regression.yaml")).toBe("mine");
    folder.write("other-baseline.json", "mine, too");
    const other = await warm.run(["check", "--init", "small.yaml", "other.yaml"], folder.path);
    expect(other.stderr).toMatch(/a baseline that is there already/);
    expect([text("other-baseline.json"), existsSync(join(folder.path, "other.yaml"))]).toEqual(["mine, too", false]);
  });
});
