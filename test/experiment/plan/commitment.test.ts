import { describe, expect, it } from "vitest";
import { commitmentOf } from "../../../src/experiment/plan/commitment.js";
import { askedGrowth } from "../../../src/experiment/plan/growth.js";
import { type PlanQuestion, readQuestion } from "../../../src/experiment/plan/question.js";
import { parseGrowth, parseMonth } from "../../../src/experiment/plan/rate.js";
import { size } from "../../../src/experiment/plan/size.js";
import { scenarioFile } from "./small-worlds.js";

/** Hosts of eight slots; the offered load swings between 6 and 54 streams. */
async function question(committed: string): Promise<PlanQuestion> {
  return readQuestion(
    scenarioFile([
      "duration: 6h",
      "warmup: 20min",
      "traffic: {source: sinusoid, rate: 30/min, amplitude: 0.8, period: 6h}",
      "streams: {holding: {kind: exponential, mean: 1min}, patience: 10s}",
      "fleet: {regions: [{name: eu, hosts: 10, cpu: 2}], streamlet: {slots: 4, cpu: 1, spawn: 2s}, max: 100}",
      "policies: [{kind: square-root, beta: 3}]",
      "slo: {startLatencyP95: 500ms}",
      "cost: {hostHour: 0.1}",
      `plan: {variables: {fleet.regions.eu.hosts: [10]}, prices: {committed: ${committed}}}`,
    ]),
  );
}

async function committed(text: string, growth?: string) {
  const asked = await question(text);
  const later = growth === undefined ? undefined : askedGrowth(asked, parseGrowth(growth), parseMonth("2028-01"));
  const [variable] = asked.variables;
  const found = commitmentOf(asked, size(asked.scenario), [{ variable, value: 10 }], later);
  if (found === undefined || found.fixed === null) throw new Error("no commitment");
  return { ...found, fixed: found.fixed };
}

describe("the level to commit to", () => {
  it("is exceeded for no more than the ratio of the prices of the time, and one host less for longer", async () => {
    const { level, curve, ratio } = await committed("{hostHour: 0.05}");
    expect(ratio).toBe(0.5);
    expect(curve[level].shareAbove).toBeLessThanOrEqual(0.5);
    expect(curve[level - 1].shareAbove).toBeGreaterThan(0.5);
    expect(curve[curve.length - 1].shareAbove).toBe(0);
  });

  it("owes its price for every hour of the term", async () => {
    const { level, owed, fixed, termMonths } = await committed("{hostHour: 0.05, term: 365d}");
    expect(termMonths).toBeCloseTo((12 * 365) / 365.25, 9);
    expect(owed).toBeCloseTo(level * 0.05 * 8760, 6);
    expect(fixed.owed).toBeCloseTo(10 * 0.05 * 8760, 6);
    expect((await committed("{hostHour: 0.05}")).owed).toBeNull();
  });

  it("falls with demand that declines within the term, the more the longer the term is", async () => {
    const today = await committed("{hostHour: 0.05, term: 365d}");
    const short = await committed("{hostHour: 0.05, term: 30d}", "-15%/month");
    const year = await committed("{hostHour: 0.05, term: 365d}", "-15%/month");
    expect(short.level).toBe(today.level);
    expect(year.level).toBeLessThan(today.level);
    expect(today.fixed.level).toBe(10);
    expect(year.fixed.level).toBeLessThan(10);
    expect(year.fixed.savesPerMonth).toBeLessThan(today.fixed.savesPerMonth);
    expect(year.fixed.savesPerMonth).toBeGreaterThan(0);
  });

  it("does not buy ahead of growth, since more can be committed to later", async () => {
    const grown = await committed("{hostHour: 0.05, term: 365d}", "10%/month");
    const today = await committed("{hostHour: 0.05, term: 365d}");
    expect(grown.level).toBe(today.level);
    expect(grown.fixed.level).toBe(10);
    expect(grown.onDemandPerMonth).toBeGreaterThan(today.onDemandPerMonth);
  });
});
