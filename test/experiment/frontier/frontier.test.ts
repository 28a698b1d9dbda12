import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { constantLaw } from "../../../src/base/distribution.js";
import { InputError } from "../../../src/base/errors.js";
import { sweepFrontiers } from "../../../src/experiment/frontier/frontier.js";
import { frontierDocument } from "../../../src/experiment/frontier/frontier-document.js";
import { RunStore } from "../../../src/experiment/run-store.js";
import type { Scenario } from "../../../src/world/scenario/scenario.js";
import { ordinaryScenario, policySpec } from "../../world/ordinary-scenario.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-frontier-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function small(more: Partial<Scenario> = {}): Scenario {
  return ordinaryScenario({
    durationMs: 3_600_000,
    warmupMs: 600_000,
    replications: 2,
    streams: { ...ordinaryScenario().streams, holding: constantLaw(60_000) },
    traffic: { ...ordinaryScenario().traffic, source: { kind: "poisson", ratePerSecond: 1 } },
    policies: [policySpec("static", { count: 65 }), policySpec("square-root", {}, { tickMs: 5_000, min: 1 })],
    slo: {
      startLatency: { probability: 0.99, boundMs: 200 },
      rejectedRatio: undefined,
      abandonedRatio: undefined,
      interruptedRatio: undefined,
      days: 0.95,
    },
    ...more,
  });
}

describe("the sweep of frontiers", () => {
  it("runs every setting in every replication, more expensive ones violating less, and matches them", async () => {
    const scenario = small();
    const frontiers = await sweepFrontiers(scenario, { threads: 0 });
    expect(frontiers.map(({ name, knob }) => [name, knob])).toEqual([
      ["static", "count ×"],
      ["square-root", "beta"],
    ]);
    for (const { settings } of frontiers) {
      for (const setting of settings) expect(setting.cost).toHaveLength(2);
      const [first, last] = [settings[0], settings[settings.length - 1]];
      expect(last.cost[0]).toBeGreaterThan(first.cost[0]);
      expect(last.violation[0]).toBeLessThan(first.violation[0]);
    }
    const document = frontierDocument(scenario, frontiers);
    expect(document.costMetric).toBe("streamletHours");
    expect(document.measuredMinutes).toBe(50);
    expect(document.costAtSlo.map((table) => table.at)).toEqual([0.01, 0.001]);
    // At the cost at which the baseline has 1 %, it has 1 %.
    expect(document.violationAtCost[0].rows[0].value?.value).toBeCloseTo(0.01, 9);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it("keeps finished runs, goes on from half of them, and gives the same result", async () => {
    const scenario = small({ policies: [policySpec("square-root", {}, { tickMs: 5_000, min: 1 })] });
    const file = join(folder, "runs.jsonl");
    const whole = await sweepFrontiers(scenario, { threads: 0, store: new RunStore(file) });
    const lines = readFileSync(file, "utf8").trim().split("\n");
    // Two replications of the grid's eleven values, and of those that the bisection adds.
    expect(lines.length).toBeGreaterThan(22);
    // A crash in the middle of a line.
    writeFileSync(file, `${lines.slice(0, 10).join("\n")}\n${lines[10].slice(0, 30)}`);
    const store = new RunStore(file);
    expect(store.size).toBe(10);
    const shares: number[] = [];
    const again = await sweepFrontiers(scenario, { threads: 0, store, onProgress: (share) => shares.push(share) });
    expect(again).toEqual(whole);
    // Ten of the first round's 22 runs are known; the first round counts for half.
    expect(shares[0]).toBeCloseTo(11 / 22 / 2, 6);
    expect(shares.at(-1)).toBe(1);
    expect(new RunStore(file).size).toBe(lines.length);
  });

  it("identifies a run by its world, policy, seed and replication, not by names", () => {
    const store = new RunStore(join(folder, "keys.jsonl"));
    const scenario = small();
    const policy = policySpec("static", { count: 10 });
    const key = store.key(scenario, policy, 0);
    expect(
      store.key({ ...scenario, name: "other", hash: "x", policies: [], replications: 9 }, { ...policy, name: "b" }, 0),
    ).toBe(key);
    const others = [
      store.key(scenario, policy, 1),
      store.key({ ...scenario, seed: 2 }, policy, 0),
      store.key({ ...scenario, balancer: { kind: "packing", knobs: {} } }, policy, 0),
      store.key({ ...scenario, traffic: { ...scenario.traffic, historyMs: 1 } }, policy, 0),
      store.key(scenario, policySpec("static", { count: 11 }), 0),
      store.key(scenario, { ...policy, scaleIn: { ...policy.scaleIn, lazy: true } }, 0),
    ];
    expect(new Set([key, ...others]).size).toBe(7);
    expect(store.key(scenario, policySpec("./my-policy.ts", {}), 0)).toBeUndefined();
  });

  it("halves the gap of a cliff until it is narrow, and names the cheapest setting tried that holds", async () => {
    // Below about 65 streamlets of one slot all requests wait, above it none: there is no setting
    // between.
    const scenario = small({ replications: 1, policies: [policySpec("static", { count: 50 })] });
    const [{ settings }] = await sweepFrontiers(scenario, { threads: 0 });
    const violating = settings.filter((one) => one.violation[0] > 0.01);
    const holding = settings.filter((one) => one.violation[0] <= 0.01);
    const [dearest, cheapest] = [
      Math.max(...violating.map((one) => one.cost[0])),
      Math.min(...holding.map((one) => one.cost[0])),
    ];
    expect(cheapest / dearest).toBeLessThan(1.1);
    const [table] = frontierDocument(scenario, [
      { name: "static", kind: "static", knob: "count ×", settings },
    ]).costAtSlo;
    const [row] = table.rows;
    expect(row.value?.value).toBe(cheapest);
    expect(row.setting).toMatchObject({ how: "tried", value: holding.find((one) => one.cost[0] === cheapest)?.value });
    const values = settings.map((one) => one.value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(new Set(values).size).toBe(values.length);
  });

  it("needs an SLO", async () => {
    await expect(sweepFrontiers(small({ slo: undefined }), { threads: 0 })).rejects.toBeInstanceOf(InputError);
  });
});
