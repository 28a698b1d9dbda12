import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../src/experiment/diff/diff-policies.js";
import { diffResults, readResultFile } from "../../../src/experiment/diff/diff-results.js";
import { diffPage } from "../../../src/report/diff/diff-page.js";
import { diffCells, diffText } from "../../../src/report/diff/diff-text.js";
import { Folder, run } from "../../cli/real-command.js";
import { warmCommand } from "../../cli/warm-command.js";

const warm = warmCommand();

const scenario = `name: small
seed: 3
duration: 1h
replications: 6
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
fleet: {streamlet: {slots: 4, spawn: {kind: constant, value: 30s}}, max: 100}
policies: [{kind: ./old.mjs, min: 2, knobs: {spare: 0.1}}]
cost: {streamletHour: 0.01}
`;
const module = (spare: number): string => `export const createPolicy = (knobs) => ({
  decide: ({ pools }) => pools.map((pool) => ({
    desired: Math.ceil(
      ((pool.open + pool.waiting) * (${spare} + Number(knobs.spare ?? knobs.knobs?.spare ?? 0))) / pool.slots,
    ),
    reason: "demand",
  })),
});
`;

describe("the difference of two versions of a policy", () => {
  it("names what differs beyond noise, the first decision, and shows it as text and page", async () => {
    const folder = new Folder({
      "s.yaml": scenario.replace(", knobs: {spare: 0.1}", ", spare: 0.1"),
      "old.mjs": module(1.2),
      "new.mjs": module(1.5),
    });
    try {
      const [s, a, b] = ["s.yaml", "old.mjs", "new.mjs"].map((name) => join(folder.path, name));
      const document = await diffPolicies(s, a, b, { threads: 0 });
      const cost = document.rows.find((row) => row.metric === "cost");
      // Both get spare 0.1: 1.6 / 1.3 of the streamlets, less what rounding up and min take.
      expect(cost?.word).toBe("differs");
      expect(Number(cost?.b) / Number(cost?.a)).toBeGreaterThan(1.15);
      expect(Number(cost?.b) / Number(cost?.a)).toBeLessThan(1.6 / 1.3);
      expect(document.firstDivergence).toMatchObject({ pool: "default", reasons: ["demand", "demand"] });
      expect(document.notes[0]).toBe("6 of 6 replications decide otherwise");
      expect(diffText(document)).toMatch(
        /First decision that differs: at 0:00:\d\d(\.\d+)? in default: \d+ → \d+ streamlets\n {2}A: demand/,
      );
      const page = await diffPage(document, "0.1.0");
      expect(page).toContain("streamlets of A and of B in each hour");
      expect(page.slice(0, page.indexOf("<script"))).not.toMatch(/undefined|NaN/);
      const itself = await diffPolicies(s, a, a, { threads: 0 });
      expect(new Set(itself.rows.map((row) => row.word))).toEqual(new Set(["same"]));
      expect([itself.firstDivergence, itself.reasons.every((one) => one.a === one.b)]).toEqual([null, true]);
    } finally {
      folder.dispose();
    }
  });
});

describe("the difference of two results", () => {
  const estimate = (mean: number, halfWidth: number | null) => ({ mean, halfWidth, confidence: 0.95, n: 5 });
  type Result = Parameters<typeof diffResults>[1];
  const result = (name: string, metrics: Result["policies"][number]["metrics"], seed = 1): Result => ({
    scenario: { name: "s", hash: "0".repeat(16) },
    seed,
    version: "0.1.0",
    replications: 5,
    policies: [{ name, kind: "hpa", metrics, decisionReasons: { "above-target": 3 } }] as unknown as Result["policies"],
    comparisons: [],
  });

  it("adds the variances of separate samples, and cannot tell without them", () => {
    const a = result("hpa", {
      cost: estimate(10, 0.3),
      spawns: estimate(5, 3),
      crashes: estimate(1, null),
      arrivals: estimate(7, 1),
    });
    const b = result(
      "hpa",
      { cost: estimate(10.6, 0.4), spawns: estimate(9, 3), crashes: estimate(2, null), arrivals: estimate(7, 1) },
      2,
    );
    const { rows, notes } = diffResults("a", a, "b", b);
    expect(rows.map(({ metric, word }) => [metric, word])).toEqual([
      ["cost", "differs"],
      ["spawns", "no difference shown"],
      ["crashes", "cannot tell"],
      ["arrivals", "same"],
    ]);
    expect([rows[0].delta, rows[0].halfWidth]).toEqual([expect.closeTo(0.6, 9), expect.closeTo(0.5, 9)]);
    expect(notes[0]).toBe("The seeds differ (1, 2)");
  });

  it("names the currency of costs, and compares none in two currencies", () => {
    const priced = (currency?: string): Result => ({
      ...result("hpa", { cost: estimate(10, 0.3), spawns: estimate(5, 3) }),
      ...(currency === undefined ? {} : { currency }),
    });
    const same = diffResults("a", priced("EUR"), "b", priced("EUR"));
    expect(diffCells(same.rows[0])[1]).toBe("Cost (EUR)");
    const mixed = diffResults("a", priced("EUR"), "b", priced("USD"));
    expect(mixed.rows.map(({ metric }) => metric)).toEqual(["spawns"]);
    expect(mixed.notes[0]).toBe("costs are left out: EUR in A, USD in B");
    expect(diffResults("a", priced(), "b", priced("USD")).notes[0]).toContain("no named currency in A");
  });

  it("widens the interval of what goes in steps, as simulate does", () => {
    const two = (mean: number) => ({ ...estimate(mean, 0), n: 2 });
    const words = (a: number, b: number, metric: string, more = {}) =>
      diffResults("a", result("hpa", { [metric]: two(a), ...more }), "b", result("hpa", { [metric]: two(b), ...more }))
        .rows[0];
    // Two replications of 3 crashes against two of 4, which Poisson counts give by chance.
    // t₀.₉₇₅(1) = 12.706 times √(1/24) for each side, and √2 of that for both.
    expect(words(3, 4, "crashes")).toMatchObject({ word: "no difference shown", halfWidth: expect.closeTo(3.668, 3) });
    expect(words(3, 7, "crashes").word).toBe("differs");
    expect(words(3, 4, "cost").word).toBe("differs");
    // One request in 1,000.
    const arrivals = { arrivals: { ...estimate(1000, 0), n: 2 } };
    expect(words(0.001, 0.002, "rejectedRatio", arrivals)).toMatchObject({ word: "no difference shown" });
    expect(words(0.001, 0.002, "rejectedRatio", arrivals).halfWidth).toBeCloseTo(0.003668, 6);
  });

  it("calls an equal count with another interval not the same, and one within 1 % the same", () => {
    const word = (a: ReturnType<typeof estimate>, b: ReturnType<typeof estimate>) => {
      const [row] = diffResults("a", result("hpa", { cost: a }), "b", result("hpa", { cost: b })).rows;
      return [row.word, diffCells(row)[5]];
    };
    expect(word(estimate(5, 3), estimate(5, 2))).toEqual(["no difference shown", "no difference shown"]);
    expect(word(estimate(5, 3), estimate(5, 3))).toEqual(["same", "same"]);
    expect(word(estimate(100, 0.3), estimate(100.2, 0.4))).toEqual(["same", "same within 1 %"]);
  });

  it("gives cannot tell for two equal percentiles that are only lower bounds", () => {
    const p99 = { ...estimate(3_600_000, null), atLeast: true as const };
    const both = result("hpa", { startLatencyMsP99: p99 });
    expect(diffResults("a", both, "b", both).rows[0].word).toBe("cannot tell");
  });

  it("notes the metrics that only one of the two has", () => {
    const nothing = result("hpa", { cost: estimate(0, 0) });
    const served = result("hpa", {
      cost: estimate(1, 1),
      startLatencyMsMean: estimate(3, 1),
      regretRatio: estimate(1, 1),
    });
    const note = (x: Result, y: Result) => diffResults("a", x, "b", y).notes[0];
    expect(note(nothing, served)).toBe("hpa: only b has startLatencyMsMean, regretRatio");
    expect(note(served, nothing)).toBe("hpa: only a has startLatencyMsMean, regretRatio");
    expect(note(served, served)).toMatch(/^Results keep no decisions/);
  });

  it("holds the only policy of one against the only one of the other, and refuses what has no pair", () => {
    const a = result("hpa", { cost: estimate(10, 1) });
    expect(diffResults("a", a, "b", result("kpa", { cost: estimate(11, 1) })).rows).toHaveLength(1);
    const two = result("kpa", { cost: estimate(11, 1) });
    const both = { ...two, policies: [...two.policies, { ...two.policies[0], name: "keda" }] };
    expect(() => diffResults("a", a, "b", both)).toThrow(/b: policies kpa, keda; expected one of hpa/);
  });

  it.each([
    ["a file that is missing", ["diff", "none.json", "a.json"], /none.json/],
    ["a file that is no result", ["diff", "a.json", "a.json"], /a.json: a file that is no result/],
    ["one result alone", ["diff", "a.json"], /a.json alone; expected a second result/],
    ["a log beside a result", ["diff", "log.jsonl", "a.json"], /log.jsonl: a run log beside a result/],
    ["--policy with two files", ["diff", "a.json", "a.json", "--policy", "hpa"], /two files with --policy/],
  ])("answers %s with one message and code 2", async (_, args, message) => {
    const folder = new Folder({ "a.json": "{}", "log.jsonl": '{"kind":"run"}\n' });
    // One of them in a process of its own.
    const { code, stdout, stderr } = await (args[1] === "none.json"
      ? run(args, folder.path)
      : warm.run(args, folder.path));
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
    expect(stderr).toMatch(message);
    folder.dispose();
  });

  it("reads what simulate writes", async () => {
    const folder = new Folder({
      "s.yaml": scenario.replace(/policies:.*/, "policies: [{kind: static, count: 30}]").replace("1h", "10min"),
    });
    await warm.run(["simulate", "s.yaml", "--quiet", "--out", "r"], folder.path);
    const read = await readResultFile(join(folder.path, "r", "result.json"));
    const { rows } = diffResults("r", read, "r", read);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.every((row) => row.word === "same")).toBe(true);
    folder.dispose();
  });
});
