import { describe, expect, it } from "vitest";
import { timeGrid } from "../../../src/report/bands.js";
import { ceilingsOf } from "../../../src/report/ceilings.js";
import * as theme from "../../../src/report/chart-theme.js";
import { capacityCharts } from "../../../src/report/charts/capacity-charts.js";
import { differenceCharts } from "../../../src/report/charts/difference-charts.js";
import { frontierChart } from "../../../src/report/charts/frontier-chart.js";
import { overviewChart } from "../../../src/report/charts/overview-chart.js";
import { regretChart } from "../../../src/report/charts/regret-chart.js";
import { tradeoffChart } from "../../../src/report/charts/tradeoff-chart.js";
import { syntheticOutcome } from "../synthetic-outcome.js";

type Values = Record<string, unknown>[];

/** All data of a specification that lie in its layers, in order. */
function dataOf(spec: Readonly<Record<string, unknown>>): Values[] {
  const own = (spec.data as { values?: Values } | undefined)?.values;
  const layers = (spec.layer as Record<string, unknown>[] | undefined) ?? [];
  return [...(own === undefined ? [] : [own]), ...layers.flatMap(dataOf)];
}

function marksOf(spec: Readonly<Record<string, unknown>>): string[] {
  return ((spec.layer as { mark: { type: string } }[] | undefined) ?? []).map(({ mark }) => mark.type);
}

const many = syntheticOutcome({ replications: 4 });
const single = syntheticOutcome({ replications: 1 });

/**
 * The differences of a result whose baseline has this number of spawns, changed by this amount.
 */
function differenceOf(mean: number, baseHalfWidth: number, delta: number, halfWidth: number) {
  const { document } = many.outcome;
  const metrics = {
    ...document.policies[0].metrics,
    spawns: { mean, halfWidth: baseHalfWidth, confidence: 0.95, n: 4 },
  };
  const policies = [{ ...document.policies[0], metrics }, ...document.policies.slice(1)];
  const comparisons = document.comparisons.map((one) => (one.metric === "spawns" ? { ...one, delta, halfWidth } : one));
  return differenceCharts({ ...document, policies, comparisons }, ["hpa", "predictive"])[0];
}

describe("the chart of differences", () => {
  it("marks a mean beyond its edge with an arrow and its number", () => {
    const chart = differenceOf(10, 1, 90, 5);
    const row = dataOf(chart.spec)[0].find(({ metric }) => metric === "Spawns");
    expect(row).toMatchObject({ edge: "right", change: "+900 %", mean: 150 });
    expect(chart.caption).toContain("An arrow marks what lies beyond ±150 %");
  });

  it("marks the end of an interval that reaches beyond its edge", () => {
    const row = dataOf(differenceOf(10, 1, 10, 9).spec)[0].find(({ metric }) => metric === "Spawns");
    expect(row).toMatchObject({ edge: "", cut: "right", mean: 100, high: 150 });
  });

  it("gives a metric whose baseline is near zero in its own unit, not in per cent", () => {
    const chart = differenceOf(0.1, 0.2, 3, 1);
    expect(dataOf(chart.spec)[0].some(({ metric }) => metric === "Spawns")).toBe(false);
    expect(chart.caption).toMatch(/the baseline is near zero:.* Spawns \+3\.0 ± 1\.0/);
  });
});

describe("one replication", () => {
  it("shows no interval in the charts of cost against service and of regret", () => {
    const { spec, caption } = tradeoffChart(single.outcome, "cost", "sloViolationMinutes");
    expect(marksOf(spec)).toEqual(["circle"]);
    expect(caption).toContain("no interval");
    expect(marksOf(tradeoffChart(many.outcome, "cost", "sloViolationMinutes").spec)).toContain("rule");
    const regret = regretChart(single.outcome.document);
    expect(regret === undefined ? [] : marksOf(regret.spec)).not.toContain("rule");
  });

  it("shows no band of replications over time", () => {
    const draw = ({ outcome, scenario }: typeof many) => {
      const grid = timeGrid(outcome.runs[0][0].timeline, scenario.traffic.epochMs, scenario.durationMs);
      const policies = scenario.policies.map(({ name }, p) => ({ name, key: name, runs: outcome.runs[p] }));
      return marksOf(capacityCharts(policies, grid, 0)[0].spec).filter((mark) => mark === "area").length;
    };
    expect(draw(many)).toBe(3);
    expect(draw(single)).toBe(1);
  });
});

describe("an axis over time", () => {
  const { outcome, scenario } = many;
  const grid = timeGrid(outcome.runs[0][0].timeline, scenario.traffic.epochMs, scenario.durationMs);
  const policies = scenario.policies.map(({ name }, p) => ({ name, runs: outcome.runs[p] }));

  it("begins where the warm-up ends", () => {
    const { params } = overviewChart(policies, [], grid, scenario.warmupMs).spec as {
      params: { name: string; value: unknown }[];
    };
    const value = (name: string): unknown => params.find((param) => param.name === name)?.value;
    expect(value("tFrom")).toBe(scenario.traffic.epochMs + scenario.warmupMs);
    expect(value("tTo")).toBe(scenario.traffic.epochMs + scenario.durationMs);
  });

  it("draws a ceiling that is near, and names one that is far", () => {
    const near = { name: "host room", slots: 2400 };
    const far = { name: "max of the fleet", slots: 90_000 };
    const { spec, caption } = overviewChart(policies, [near, far], grid, scenario.warmupMs);
    expect(
      dataOf(spec)
        .flat()
        .filter((row) => row.slots === 2400),
    ).toHaveLength(2);
    expect(
      dataOf(spec)
        .flat()
        .some((row) => row.slots === 90_000),
    ).toBe(false);
    expect(caption).toContain("Ceilings above the axis: max of the fleet 90,000 slots.");
  });
});

describe("the ceilings of a fleet", () => {
  const { scenario } = many;

  it("are the fleet's max and the room of its hosts, the lowest first", () => {
    const hosts = {
      count: 2,
      cpu: 8,
      memoryBytes: 64e9,
      bitsPerSecond: 1e10,
      cpuOvercommit: 1,
      placement: "best-fit" as const,
    };
    const regions = scenario.fleet.regions.map((region) => ({ ...region, hosts, max: Number.POSITIVE_INFINITY }));
    const found = ceilingsOf({ ...scenario, fleet: { ...scenario.fleet, regions } });
    // 2 regions × 2 hosts × 16 streamlets of half a core × 8 slots.
    expect(found).toEqual([
      { name: "host room", slots: 512 },
      { name: "max of the fleet", slots: 16_000 },
    ]);
  });
});

describe("the colours", () => {
  it("have one meaning each: policies, words, and traffic share none", () => {
    const policies = Array.from({ length: 8 }, (_, p) => theme.policyColour(p));
    const all = [...policies, ...Object.values(theme.WORD_COLOURS), ...theme.SERIES_COLOURS.slice(0, 7)];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("a frontier", () => {
  it("puts a setting without violating minutes on the floor, with a mark that says so", () => {
    const points = [
      { value: 1, cost: 10, violationRatio: 0.02 },
      { value: 2, cost: 11, violationRatio: 0 },
    ];
    const { spec, caption } = frontierChart("f", "F", [{ name: "hpa", knob: "min", points }], "cost");
    expect(dataOf(spec)[0]).toMatchObject([{ floor: false }, { floor: true, shown: 0 }]);
    expect(caption).toContain("▼");
  });
});
