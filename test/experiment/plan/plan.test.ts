import { describe, expect, it } from "vitest";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import { planDocumentSchema } from "../../../src/experiment/plan/plan-document.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { quickPlan } from "../../../src/experiment/plan/quick-plan.js";
import { lossWorld, planOf, scenarioFile } from "./small-worlds.js";

/** Two regions of small hosts, an evening's peak, seconds to simulate. */
const twoRegions = [
  "duration: 40min",
  "warmup: 10min",
  "traffic: {source: sinusoid, rate: 40/min, period: 2h, mix: [{region: eu, share: 3}, {region: us, share: 2}]}",
  "streams: {holding: {kind: exponential, mean: 1min}, patience: 5s}",
  "fleet:",
  "  regions: [{name: eu, hosts: 6, cpu: 2}, {name: us, hosts: 6, cpu: 2}]",
  "  streamlet: {slots: 4, cpu: 1, spawn: 3s}",
  "  max: 60",
  "routing: {spillOver: none}",
  "policies: [{kind: square-root, min: 1}]",
  "slo: {startLatencyP95: 1s, days: 80%}",
  "cost: {currency: EUR, streamletHour: 0.02, hostHour: 0.4}",
];
const regionVariables =
  "variables: {fleet.regions.eu.hosts: {from: 1, to: 9, step: 1}, fleet.regions.us.hosts: " +
  "{from: 1, to: 9, step: 1}, policies.square-root.beta: [0.5, 1, 2, 3]}";

describe("a plan", () => {
  it("is the cheapest that meets every fresh day, and says so first", async () => {
    const plan = await planOf(lossWorld(5, 4, "{from: 1, to: 20, step: 1}", 0.05));
    expect(planDocumentSchema.parse(plan)).toEqual(plan);
    expect(plan.feasible).toBe(true);
    expect(plan.promise).toEqual({ met: 5, of: 5, days: 0.5, confidence: 0.95, proved: true });
    expect(plan.answer).toMatch(/^static at count \d+: .* a month, met on 5 of 5 fresh days: at least 50 % of days/);
    expect(plan.nextCheaper).toHaveLength(1);
    expect(plan.nextCheaper[0].misses[0]).toMatchObject({ bound: "rejectedRatio", allowed: 0.05 });
    const stamps = new Set(plan.statements.map(({ stamp }) => stamp));
    expect([...stamps].sort()).toEqual(["certified", "estimated", "simulated"]);
  });

  it("takes a larger sample where days may be missed, and keeps the promise", async () => {
    const lines = (mayMiss: number): string[] =>
      lossWorld(5, 4, "{from: 1, to: 20, step: 1}", 0.05).map((line) =>
        line.startsWith("plan") ? line.replace("plan: {", `plan: {mayMiss: ${mayMiss}, `) : line,
      );
    const strict = await planOf(lines(0));
    const plan = await planOf(lines(2));
    // P(at least 9 of 11 | 50 %) = 3.3 %, of 10: 5.5 %.
    expect(plan.promise.of).toBe(11);
    expect(plan.promise.met).toBeGreaterThanOrEqual(9);
    expect(plan.promise.proved).toBe(true);
    expect(plan.cost.mean).toBeLessThan(strict.cost.mean);
  });

  it("gives the same bytes for the same seed", async () => {
    const lines = lossWorld(5, 1, "{from: 1, to: 20, step: 1}", 0.05);
    expect(JSON.stringify(await planOf(lines))).toBe(JSON.stringify(await planOf(lines)));
  });

  it("survives the loss of one host where it must, and costs more for it", async () => {
    const plain = await planOf([...twoRegions, `plan: {${regionVariables}}`]);
    const safe = await planOf([...twoRegions, `plan: {${regionVariables}, survive: [{hosts: 1}]}`]);
    const hosts = (values: (typeof plain)["values"]): number =>
      Number(values["fleet.regions.eu.hosts"]) + Number(values["fleet.regions.us.hosts"]);
    expect(hosts(safe.values)).toBeGreaterThanOrEqual(hosts(plain.values) + 2);
    expect(safe.survives.map(({ failure }) => failure)).toEqual(["one host of eu lost", "one host of us lost"]);
    expect(safe.survives.every(({ met, of, proved }) => met === of && proved)).toBe(true);
    expect(safe.cost.mean).toBeGreaterThan(plain.cost.mean);
    expect(safe.answer).toContain("It survives one host of eu lost");
  });

  it("says what binds where nothing meets the SLO", async () => {
    const plan = await planOf(lossWorld(5, 1, "{from: 1, to: 4, step: 1}", 0.01));
    expect(plan.feasible).toBe(false);
    expect(plan.values).toEqual({ "policies.static.count": 4 });
    expect(plan.binding?.[0]).toMatchObject({ bound: "rejectedRatio", allowed: 0.01, day: 0 });
    expect(plan.answer).toMatch(
      /^No design meets the SLO. The closest is static at count 4; it fails by rejected requests/,
    );
  });

  it("judges each value by itself where a knob has no order", async () => {
    const lines = lossWorld(5, 1, "{from: 1, to: 20, step: 1}, fleet.streamlet.slots: [2, 1, 3]", 0.05);
    const plan = await planOf(lines);
    expect(plan.fallback).toEqual([{ path: "fleet.streamlet.slots", reason: "no order of its values is known" }]);
    expect(plan.values["fleet.streamlet.slots"]).toBe(3);
  });

  it("sizes for the failures that it must survive, and says which it cannot estimate", async () => {
    const quick = async (survive: string) =>
      quickPlan(await readQuestion(scenarioFile([...twoRegions, `plan: {${regionVariables}, survive: ${survive}}`])));
    const hosts = ({ values }: { readonly values: Readonly<Record<string, unknown>> }): number[] =>
      ["eu", "us"].map((region) => Number(values[`fleet.regions.${region}.hosts`]));
    const [eu, us] = hosts(await quick("[]"));
    const lost = await quick("[{hosts: 2}]");
    expect(hosts(lost)).toEqual([eu + 2, us + 2]);
    expect(lost.answer).toMatch(/, with 2 hosts of eu lost, 2 hosts of us lost\. No day was simulated\.$/);
    expect(hosts(await quick("[{reclaim: 0.25}]"))).toEqual([eu, us].map((count) => Math.ceil(count / 0.75)));
    expect(hosts(await quick("[{demand: +20%}]"))[0]).toBeGreaterThan(eu);
    const most = await quick("[{demand: x5}]");
    expect(hosts(most)).toEqual([9, 9]);
    expect(most.answer).toMatch(/That is too little: \d+ hosts in eu, \d+ hosts in us would be needed\./);
  });

  it("sizes without simulating", async () => {
    const question = await readQuestion(scenarioFile(lossWorld(50, 10, "{from: 1, to: 100, step: 1}", 0.02)));
    const quick = quickPlan(question);
    const full = await planScenario(question);
    expect(quick).toMatchObject({ feasible: null, runs: 0, promise: { proved: false } });
    expect(
      Math.abs(Number(quick.values["policies.static.count"]) - Number(full.values["policies.static.count"])),
    ).toBeLessThanOrEqual(1);
    expect(quick.sizing.pools[0].slots.certified).toBeGreaterThanOrEqual(quick.sizing.pools[0].slots.estimated);
  });
});
