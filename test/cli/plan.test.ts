import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planDocumentSchema } from "../../src/experiment/plan/plan-document.js";
import { folderPerTest } from "./folder-per-test.js";
import { run, start } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const warm = warmCommand();
const folder = folderPerTest();

/** A loss system whose days take milliseconds; `hours` makes them longer. */
function lossScenario(hours: number, counts: string): string {
  return `name: plan-me
duration: ${hours}h
traffic: {source: poisson, rate: 5/min}
streams: {holding: {kind: exponential, mean: 1min}}
fleet: {streamlet: {slots: 1, spawn: 0s}, max: 50}
gateway: {waitingRoom: 0}
policies: [{kind: static, count: 5}]
slo: {rejectedRatio: 0.05, days: 80%}
cost: {currency: EUR, streamletHour: 0.1}
plan: {variables: {policies.static.count: ${counts}}}
`;
}

const counts = "{from: 1, to: 30, step: 1}";

describe("headrace plan", () => {
  it("prints one JSON document, and writes a page, Markdown and plan.json where it is asked to", async () => {
    folder.write("s.yaml", lossScenario(2, counts));
    const json = await run(["plan", "s.yaml", "--json", "--quiet"], folder.path);
    expect(json).toMatchObject({ code: 0, stderr: "" });
    const plan = planDocumentSchema.parse(JSON.parse(json.stdout));
    expect(folder.list()).toEqual(["s.yaml"]);
    const text = await warm.run(["plan", "s.yaml", "--out", "out"], folder.path);
    expect(text.code).toBe(0);
    expect(text.stdout.startsWith(plan.answer)).toBe(true);
    expect(readFileSync(join(folder.path, "out/plan.json"), "utf8")).toBe(json.stdout);
    const markdown = readFileSync(join(folder.path, "out/plan.md"), "utf8");
    expect(markdown).toContain("# Plan for plan-me");
    expect(markdown).not.toMatch(/\bNaN\b|undefined|\[object/);
    expect(readFileSync(join(folder.path, "out/index.html"), "utf8").includes("<h1>Plan for plan-me</h1>")).toBe(true);
  });

  it("goes on after Ctrl-C where it was stopped, and comes to the same plan", { timeout: 300_000 }, async () => {
    folder.write("s.yaml", lossScenario(24, counts));
    const first = start(["plan", "s.yaml", "--json", "--keep", "kept"], folder.path);
    const days = join(folder.path, "kept/plan-days.jsonl");
    const timer = setInterval(() => {
      if (!existsSync(days) || readFileSync(days, "utf8").split("\n").length <= 3) return;
      clearInterval(timer);
      first.child.kill("SIGINT");
    }, 20);
    const stopped = await first.ended;
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toBe("");
    expect(stopped.stderr).toMatch(
      /simulated days are kept in kept.plan-days.jsonl: the same command goes on from there/,
    );
    const before = readFileSync(join(folder.path, "kept/plan-days.jsonl"), "utf8").trim().split("\n").length;
    const second = await warm.run(["plan", "s.yaml", "--json", "--quiet", "--keep", "kept"], folder.path);
    const fresh = await warm.run(["plan", "s.yaml", "--json", "--quiet"], folder.path);
    expect(second.stdout).toBe(fresh.stdout);
    const after = readFileSync(join(folder.path, "kept/plan-days.jsonl"), "utf8").trim().split("\n").length;
    expect(before).toBeGreaterThanOrEqual(3);
    expect(after).toBe(JSON.parse(fresh.stdout).runs);
    expect(folder.list()).toContain("kept/plan.json");
  });

  it("ends with 1 and the binding constraint where nothing is feasible", async () => {
    folder.write("s.yaml", lossScenario(2, "[1, 2, 3]"));
    const ended = await warm.run(["plan", "s.yaml", "--quiet", "--json"], folder.path);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ feasible: false, binding: [{ bound: "rejectedRatio" }] });
  });

  it("sizes with --quick, and says what money buys with --budget", async () => {
    folder.write("s.yaml", lossScenario(2, counts));
    const quick = JSON.parse((await warm.run(["plan", "s.yaml", "--quick", "--json", "--quiet"], folder.path)).stdout);
    expect(quick).toMatchObject({ feasible: null, runs: 0, values: { "policies.static.count": 9 } });
    const poor = await warm.run(["plan", "s.yaml", "--budget", "400/month", "--json", "--quiet"], folder.path);
    expect(poor.code).toBe(1);
    expect(JSON.parse(poor.stdout).answer).toMatch(/^For at most €400 a month: static at count 5/);
    const broke = await warm.run(["plan", "s.yaml", "--budget", "1/month", "--json", "--quiet"], folder.path);
    expect(broke.code).toBe(1);
    expect(JSON.parse(broke.stdout).answer).toBe("Nothing costs €1.00 a month or less.");
  });

  it.each([
    [["--variable", "policies.static.counts=1..9"], /unknown key "counts".*Did you mean "count"/],
    [["--variable", "nonsense"], /--variable: "nonsense"; expected PATH=FROM..TO..STEP/],
    [["--variable", "policies.static.count=1..100000"], /100000 values; expected at most 10000/],
    [["--confidence", "2"], /--confidence: 2; expected a number between 0.5 and 1/],
    [["--budget", "lots"], /--budget: "lots"; expected an amount per month/],
    [["--growth", "30%/quarter"], /--growth: no --until/],
    [["--growth", "30%", "--until", "2027-12"], /--growth: "30%"; expected a share per month/],
    [["--growth", "30%/year", "--until", "2099-12"], /--until: 2099-12; expected a month from/],
  ])("refuses %j with 2 and words, and writes nothing", async (args, message) => {
    folder.write("s.yaml", lossScenario(1, counts));
    const ended = await warm.run(["plan", "s.yaml", "--out", "out", ...args], folder.path);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(2);
    expect(folder.list().filter((file) => !file.endsWith(".jsonl"))).toEqual(["s.yaml"]);
  });
});
