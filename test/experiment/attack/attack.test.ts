import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { estimate } from "../../../src/base/statistics.js";
import { type AttackRequest, attack } from "../../../src/experiment/attack/attack.js";
import { runJobs } from "../../../src/experiment/job-pool.js";
import { readScenario } from "../../../src/experiment/scenario-file.js";
import { folderPerTest } from "../../cli/folder-per-test.js";
import { Folder } from "../../cli/real-command.js";

const scenario = `name: small
seed: 4
duration: 30min
warmup: 5min
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
fleet: {streamlet: {slots: 4, spawn: {kind: constant, value: 5s}}, max: 100}
faults: {streamletMtbf: 24h}
policies: [{kind: hpa, min: 10}, {kind: square-root, min: 10}, {kind: static, count: 40}]
slo: {startLatencyP99: 200ms, abandonedRatio: 0.01}
cost: {streamletHour: 1}
`;

const folder = folderPerTest({ "small.yaml": scenario });

/** An attack in this thread with a stopped clock, so that only the number of runs bounds it. */
function attacked(change: Partial<AttackRequest>, onProgress?: (text: string) => void, signal?: AbortSignal) {
  const request: AttackRequest = {
    file: join(folder.path, "small.yaml"),
    policy: "hpa",
    against: undefined,
    goal: { kind: "slo", factor: 1.5 },
    seed: undefined,
    mostRuns: 60,
    budgetMs: 1,
    out: join(folder.path, "found.yaml"),
    ...change,
  };
  const options = { threads: 0, clockMs: () => 0, onProgress: (_: number, text: string) => onProgress?.(text) };
  return attack(request, { ...options, ...(signal === undefined ? {} : { signal }) });
}

describe("an attack", () => {
  it("finds a world, makes it smaller, and writes one that replays with the same figures", {
    timeout: 120_000,
  }, async () => {
    const document = await attacked({});
    expect(document.found).toBe(true);
    expect(document.ratio?.low).toBeGreaterThan(1.5);
    expect(document.sentence).toMatch(/^hpa exceeds its SLO .* times\. World: .*At .* it wanted \d+ streamlets/);
    expect(document.coverage.reasons.length).toBeGreaterThan(1);
    const replayed = await readScenario(join(folder.path, "found.yaml"));
    expect([replayed.seed, replayed.replications]).toEqual([5, 10]);
    const costs: number[] = [];
    const specs = Array.from({ length: 10 }, (_, replication) => ({ scenario: replayed, policy: 0, replication }));
    await runJobs(specs, { threads: 0 }, (job, { result }) => {
      costs[job] = result.metrics.cost;
    });
    expect(estimate(costs, 0.95)).toEqual(document.sides[0].cost);
    const text = readFileSync(join(folder.path, "found.yaml"), "utf8");
    await attacked({ out: join(folder.path, "again/found.yaml") });
    expect(readFileSync(join(folder.path, "again/found.yaml"), "utf8")).toBe(text);
  });

  it("reports what it covered where nothing is found, and writes nothing", async () => {
    const document = await attacked({ policy: "static", goal: { kind: "oscillation", perHour: 1 }, mostRuns: 20 });
    expect(document).toMatchObject({ found: false, scenario: null, ratio: null, sides: [] });
    expect(document.sentence).toMatch(/No world was found in which static comes to 1 turns an hour .* in \d+ worlds/);
    expect(document.coverage.runs).toBeGreaterThanOrEqual(20);
    expect(document.coverage.features).toBeGreaterThan(0);
    expect(folder.list()).toEqual(["small.yaml"]);
  });

  it("is refused where every world is, with what the scenario has and what to do", async () => {
    const crowded = new Folder({ "small.yaml": scenario.replace("rate: 1/s", "rate: 10000/s") });
    try {
      const file = join(crowded.path, "small.yaml");
      await expect(attacked({ file, policy: "hpa", goal: { kind: "oscillation", perHour: 1 } })).rejects.toThrow(
        /small\.yaml: nothing was tried, since all \d+ worlds are refused: about [\d,]+ requests in one run; expected at most 100,000/,
      );
    } finally {
      crowded.dispose();
    }
  });

  it("keeps the smallest world so far when it is interrupted", async () => {
    const controller = new AbortController();
    const stop = (text: string): void => {
      if (text.startsWith("smaller")) controller.abort(new Error("stopped"));
    };
    const goal = { kind: "oscillation", perHour: 10 } as const;
    await expect(attacked({ policy: "square-root", goal }, stop, controller.signal)).rejects.toThrow("stopped");
    expect((await readScenario(join(folder.path, "found.yaml"))).policies[0].kind).toBe("square-root");
    expect(existsSync(join(folder.path, "attack.csv"))).toBe(false);
  });

  it("refuses a policy as its own baseline, and a scenario without an SLO", async () => {
    await expect(attacked({ against: "hpa" })).rejects.toThrow(/--against: hpa, which is attacked itself/);
    folder.write("small.yaml", scenario.replace(/slo:.*\n/, ""));
    await expect(attacked({})).rejects.toThrow(/small.yaml: a scenario without slo; expected an SLO/);
  });
});
